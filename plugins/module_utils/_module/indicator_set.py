# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of indicators is kept as it is handed in: read, judged, planned, sent, reported."""

from __future__ import annotations

import datetime
import typing as t

from .._api import indicators
from .._client import moments
from .._client.errors import BadInput, PartlyFailed
from .._client.words import and_list
from .._response import indicator_entries, indicator_stix
from .._response.indicator_owner import owner_named
from .._response.indicator_plan import FAIL, LEAVE, TAKE_OVER, Key, Row, Step, Terms, by_key, is_of_set, make_plan
from .._response.indicator_report import report
from .._response.indicator_room import judge_removals, judge_room
from .._response.indicator_sending import Sender
from .._response.indicator_wanted import Described, Rules, describe
from .filters import moment
from .found import none_when_not_found
from .indicator_facts import ENTRY, FACTS

WAYS_IN = ("indicators", "values", "src")

OPTIONS: dict[str, t.Any] = {
    "owner": {"type": "str", "required": True},
    "indicators": {"type": "list", "elements": "dict", "options": ENTRY},
    "values": {"type": "list", "elements": "str"},
    "src": {"type": "path"},
    **FACTS,
    "actions": {"type": "dict", "default": {}},
    "expires_in_days": {"type": "int", "default": 90},
    "renew_days": {"type": "int"},
    "exclusive": {"type": "bool", "default": False},
    "max_removals": {"type": "int"},
    "conflicts": {"type": "str", "choices": [FAIL, LEAVE, TAKE_OVER], "default": FAIL},
    "watch_hours": {"type": "int"},
    "own_domains": {"type": "list", "elements": "str", "default": []},
    "never": {"type": "list", "elements": "str", "default": []},
    "max_failures": {"type": "int", "default": 0},
}

Params = t.Mapping[str, t.Any]

LONGEST = 36_500
"""Days, or hours, so that the calendar does not end before them."""


def keep(client, params: Params) -> dict[str, t.Any]:
    """See to it that the tenant has the indicators of the set as handed in.

    :raises BadInput: the options or the file as a whole cannot be read
    :raises Refused: the tenant has no room, or too much would be removed; nothing was sent
    :raises PartlyFailed: not all could be done
    """
    now = moments.from_epoch(client.clock.time()).replace(microsecond=0)
    terms = _terms(params, now)
    described = describe(_handed(params, now, terms), _rules(params, now))
    client.require((indicators.LIST, indicators.IMPORT, *((indicators.BATCH_DELETE,) if terms.exclusive else ())))
    rows = _rows(client)
    steps, held_back = _plan(described, rows, terms, params["max_failures"])
    planned = report(described, steps, [])
    room = judge_room(len(rows), steps, _shown(planned))
    owned = sum(1 for row in rows.values() if is_of_set(row, terms.owner))
    judge_removals(owned, steps, params["max_removals"], _shown(planned))
    _warn(client, room, held_back)
    sent = Sender(client, lambda: _rows(client)).send(steps, removals_first=room.removals_first)
    result = {**report(described, steps, sent), "quota": room.as_result(), "owned": owned}
    if len(result["failed_items"]) > params["max_failures"]:
        raise PartlyFailed(
            result["msg"], hint="Mend what is named and run the task again; what is done is left alone", details=result,
        )
    return result


def _handed(params: Params, now: datetime.datetime, terms: Terms) -> indicator_entries.Handed:
    if params["src"]:
        handed = indicator_entries.from_file(params["src"], lambda name, bundle: indicator_stix.from_bundle(name, bundle, now))
        if terms.exclusive and handed == ([], []) and params["max_removals"] is None:
            raise BadInput(f"src: {params['src']} holds no entry, and with exclusive the whole set would go", hint="If that is meant, set max_removals")
        return handed
    if params["values"] is not None:
        return indicator_entries.from_values(params["values"])
    return indicator_entries.from_task(params["indicators"])


def _rules(params: Params, now: datetime.datetime) -> Rules:
    said = {name: params[name].strip() if isinstance(params[name], str) else params[name] for name in FACTS}
    return Rules(
        now=now,
        defaults={name: value for name, value in said.items() if value is not None and value != ""},
        actions=_actions(params["actions"]),
        own_domains=tuple(params["own_domains"]),
        never=tuple(params["never"]),
        watch_first=params["watch_hours"] is not None,
    )


def _actions(given: t.Mapping[str, t.Any]) -> dict[str, str]:
    for type_, action in given.items():
        if type_ not in indicators.TYPES:
            raise BadInput(f"actions: {type_!r} is no type of indicator", hint=f"Take one of {and_list(indicators.TYPES)}")
        if action not in indicators.ACTIONS[type_]:
            raise BadInput(f"actions: {action} is not for {type_}", hint=f"Take one of {and_list(indicators.ACTIONS[type_])}")
    return dict(given)


def _terms(params: Params, now: datetime.datetime) -> Terms:
    if params["expires"] is not None and moment("expires", params["expires"]) <= now:
        raise BadInput(f"expires: {params['expires']} is over", hint="Give a time to come; a set that is not wanted any more is an empty one that is exclusive")
    for name in ("expires_in_days", "renew_days", "max_removals", "watch_hours", "max_failures"):
        if params[name] is not None and params[name] < 0:
            raise BadInput(f"{name} is {params[name]}", hint="Give a whole number from 0")
    for name in ("expires_in_days", "watch_hours"):
        if (params[name] or 0) > LONGEST:
            raise BadInput(f"{name} is {params[name]}", hint=f"Give {LONGEST} at most")
    days = params["expires_in_days"]
    renew = days // 3 if params["renew_days"] is None else params["renew_days"]
    if days and renew >= days:
        raise BadInput(f"renew_days is {renew}, and expires_in_days {days}", hint="Let renew_days be less, or every run would renew all")
    return Terms(
        owner=owner_named(params["owner"]), now=now, days=days or None, renew_days=renew, watch_hours=params["watch_hours"],
        exclusive=params["exclusive"], conflicts=params["conflicts"],
    )


def _rows(client) -> dict[Key, Row]:
    return by_key(none_when_not_found(client.list(indicators.LIST)))


def _plan(described: Described, rows: t.Mapping[Key, Row], terms: Terms, max_failures: int) -> tuple[list[Step], bool]:
    """The steps, and whether removals were held back: a feed of which not all can be read does not tell what is gone from it."""
    held_back = terms.exclusive and len(described.refused) > max_failures
    steps = make_plan(described, rows, terms)
    return ([step for step in steps if step.verdict != "remove"], True) if held_back else (steps, False)


def _shown(planned: dict[str, t.Any]) -> dict[str, t.Any]:
    """The plan for a task that is refused as a whole."""
    return {name: planned[name] for name in ("indicators", "failed_items", "summary")}


def _warn(client, room, held_back: bool) -> None:
    if room.is_nearly_full:
        client.warnings.append(f"The tenant will have {room.after} of the {indicators.MOST} indicators that it may have")
    if held_back:
        client.warnings.append("Nothing is removed, as not all entries could be taken: what is gone from the feed cannot be told from what is wrong in it")
    if not client.may((indicators.BATCH_DELETE,)):
        client.warnings.append("The app has Ti.ReadWrite and sees its own indicators alone: neither those of others nor the room left are known")
