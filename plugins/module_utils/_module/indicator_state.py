# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One indicator: described and judged before anything is sent, found, submitted, removed."""

from __future__ import annotations

import typing as t

from .._api import indicators
from .._client import moments, odata
from .._client.errors import BadInput, NotFound
from .._client.words import and_list
from .._response.indicator_plan import with_end_spelled
from .._response.indicator_values import judge_everybodys, judge_ours, judge_value, one_spelling
from .._response.indicator_wanted import educates
from .ensure import ABSENT, Record, Wanted
from .filters import moment
from .found import none_when_not_found

OPTIONAL = {
    "severity": "severity", "generate_alert": "generateAlert", "recommended_actions": "recommendedActions", "educate_url": "educateUrl",
    "groups": "rbacGroupNames", "external_id": "externalId",
}


def describe(params: t.Mapping[str, t.Any]) -> Wanted:
    """What the options ask for.

    :raises BadInput: the service would not take it, or it would cut off what is ours
    """
    type_, value = params["type"], one_spelling(params["type"], params["value"].strip())
    judge_value(type_, value)
    known_by = {"indicatorType": type_, "indicatorValue": value}
    if params["state"] == ABSENT:
        return Wanted(value, {}, known_by)
    action = params["action"]
    if action not in indicators.ACTIONS[type_]:
        raise BadInput(f"action: {action} is not for {type_}", hint=f"Take one of {and_list(indicators.ACTIONS[type_])}")
    if action != "Allowed":
        judge_ours(type_, value, params["own_domains"])
        judge_everybodys(type_, value)
    if action == "Audit" and params["generate_alert"] is False:
        raise BadInput("generate_alert: Audit always raises an alert", hint="Leave generate_alert out")
    if params["educate_url"] and not educates(type_, action):
        raise BadInput(f"educate_url: a {type_} with {action} shows no notice", hint="It is for URLs that are blocked or warned about")
    facts: dict[str, t.Any] = {"action": action, "title": params["title"], "description": params["description"]}
    facts.update((wire, params[name]) for name, wire in OPTIONAL.items() if params[name] is not None)
    if action == "Audit":
        facts["generateAlert"] = True
    if params["expires"] is not None:
        facts["expirationTime"] = moments.spell(moment("expires", params["expires"]))
    return Wanted(value, facts, {**known_by, "application": params["application"]})


def find(client, wanted: Wanted) -> Record | None:
    """The record as it is; the service has no call for one.

    :raises BadInput: what is wanted would have ended already
    """
    ends = wanted.facts.get("expirationTime")
    if ends and moments.parse(ends).timestamp() <= client.clock.time():
        raise BadInput(f"expires: {ends} is over", hint="Give a time to come, or state: absent")
    type_, value = wanted.content["indicatorType"], wanted.content["indicatorValue"]
    spellings = dict.fromkeys((value,) if type_ == "Url" else (value, value.upper()))
    where = odata.all_of(odata.eq("indicatorType", type_), odata.any_of(*(odata.eq("indicatorValue", one) for one in spellings)))
    return next((with_end_spelled(row) for row in none_when_not_found(client.list(indicators.LIST, where=where))), None)


def put(client, wanted: Wanted, before: Record | None) -> Record | None:
    """Submit it; what is not described stays as it was."""
    record = {**wanted.content, **(before or {}), **wanted.facts}
    if not educates(record["indicatorType"], record["action"]):
        record.pop("educateUrl", None)  # what stands there from before would not be taken
    values = {field.name: record.get(field.wire) for field in indicators.SUBMIT.body_fields}
    if values["expires"] is not None:
        values["expires"] = moments.parse(values["expires"])
    answer = client.call(indicators.SUBMIT, **values)
    return None if answer is None else with_end_spelled(answer)


def remove(client, wanted: Wanted) -> t.Any:
    """Take it away, by the id that it has now.

    :raises NotFound: it is gone already
    """
    record = find(client, wanted)
    if record is None:
        raise NotFound(f"There is no indicator {wanted.name}")
    return client.call(indicators.DELETE, indicator_id=record["id"])
