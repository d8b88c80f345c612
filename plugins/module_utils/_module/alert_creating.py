# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module that raises an alert: once on a machine, however often it is asked for while it is open."""

from __future__ import annotations

import typing as t

from .._api import alerts
from .._client import odata
from .._client.errors import BadInput, DefenderError, ServiceError
from .._response.submit import may_have_arrived
from .filters import moment
from .found import none_when_not_found
from .machine_words import machine_ids

Params = t.Mapping[str, t.Any]

TOLD = ("event_time", "report_id", "severity", "title", "description", "recommended_action", "category")
SHOWN = {"title": "title", "severity": "severity", "category": "category", "machine_id": "machineId"}
"""Ours -> the service's, of what an alert shows that was raised in this way."""


def work(client, params: Params) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: an option is empty or no moment
    :raises NotFound: there is no such machine, or no such event on it
    """
    wanted = {name: params[name].strip() for name in TOLD}
    for name, value in wanted.items():
        if not value:
            raise BadInput(f"{name} is empty", hint=f"Give {name}")
    moment("event_time", wanted["event_time"])
    client.require((alerts.LIST_OF_MACHINE, alerts.CREATE_BY_REFERENCE))
    [machine_id] = machine_ids(client, "machine", [params["machine"]])
    wanted["machine_id"] = machine_id
    there = _open_one(client, wanted)
    if there is not None:
        return _told(f"There is an open alert of this title on the machine already: {there['id']}", there, wanted, changed=False)
    raised = _raised(client, wanted)
    if raised is None:
        return _told(f"An alert would be raised: {wanted['title']}", None, wanted, changed=True)
    return _told(f"The alert is raised: {raised['id']}", raised, wanted, changed=True)


def _open_one(client, wanted: t.Mapping[str, str]) -> dict | None:
    """The alert into which the service would merge the new one, without saying so."""
    rows = client.list(alerts.LIST_OF_MACHINE, machine_id=wanted["machine_id"], where=odata.ne("status", "Resolved"))
    return next((row for row in none_when_not_found(rows) if str(row.get("title") or "").strip() == wanted["title"]), None)


def _raised(client, wanted: t.Mapping[str, str]) -> dict | None:
    """The new alert, ``None`` when nothing was sent; after an answer that is lost it is looked up."""
    try:
        answer = client.call(alerts.CREATE_BY_REFERENCE, **wanted)
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
        answer = _open_one(client, wanted)
        if answer is None:
            raise
    if answer is not None and (answer.get("title") != wanted["title"] or answer.get("machineId") != wanted["machine_id"] or not answer.get("id")):
        raise ServiceError("The service took the alert, and shows another one for it", hint="Run the task again: an alert that is there is left alone")
    return answer


def _told(said: str, alert: dict | None, wanted: t.Mapping[str, str], *, changed: bool) -> dict[str, t.Any]:
    after = {wire: wanted[ours] for ours, wire in SHOWN.items()} if changed else {}
    return {"changed": changed, "msg": said, "alert": alert, "diff": {"before": {}, "after": after}}
