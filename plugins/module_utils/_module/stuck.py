# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells of actions that have not ended whether they will, and why not."""

from __future__ import annotations

import collections
import datetime
import json
import typing as t

from .._api import machine_actions, machines
from .._client import moments, odata
from .._client.record_types import moment_in
from .._client.words import span
from .._response.history import QUEUED_FOR, created
from .._response.state import IDS_A_CALL
from .found import none_when_not_found, rows_with

OPTIONS = {"diagnose": {"type": "bool", "default": False}, "stuck": {"type": "bool", "default": False}}

OPERATIONS = dict.fromkeys(OPTIONS, (machines.LIST,))

EXPIRED = "expired"
DUPLICATE = "duplicate"
OFFLINE = "offline"
UNKNOWN_MACHINE = "unknown_machine"

SESSION_QUEUED_FOR = datetime.timedelta(hours=2)
"""How long live response waits for a machine (run-live-response.md)."""
REPORTS_WITHIN = datetime.timedelta(days=1)
"""A machine reports in full about once a day, so that no report for longer means that it is away."""
CANNOT_HEAR = ("Inactive", "ImpairedCommunication", "NoSensorData", "NoSensorDataImpairedCommunication")

Params = t.Mapping[str, t.Any]
Cause = tuple[str, str]
"""A word and a sentence."""


def stuck(params: Params) -> tuple[Stuck, ...]:
    """The step that the options ask for."""
    return (Stuck(only=params["stuck"]),) if params["diagnose"] or params["stuck"] else ()


def not_ended(params: Params) -> str | None:
    """What the list needs to be searched for when only those are wanted that are stuck."""
    return _one_of("status", machine_actions.RUNNING) if params["stuck"] else None


class Stuck:
    """Adds to each action whether it is stuck; with ``only``, leaves out those that are not."""

    operations = (machine_actions.LIST, machines.LIST)

    def __init__(self, *, only: bool) -> None:
        self._only = only

    def rows(self, client, rows: t.Iterator[tuple[dict, str]]) -> t.Iterator[tuple[dict, str]]:
        """The actions with the facts."""
        actions = [row for row, _text in rows]
        under_way = [action for action in actions if not _has_ended(action)]
        causes = self._causes(client, under_way) if under_way else {}
        for action in actions:
            cause = causes.get(action["id"])
            if cause is not None or not self._only:
                told = {**action, "stuck": cause is not None, "stuck_reason": cause and cause[0], "stuck_why": cause and cause[1]}
                yield told, json.dumps(told)

    def verdict(self) -> dict[str, t.Any]:
        return {}

    def _causes(self, client, under_way: t.Sequence[dict]) -> dict[str, Cause]:
        """Why, by action id, for those that are stuck."""
        now = moments.from_epoch(client.clock.time())
        machine_ids = list(dict.fromkeys(action["machineId"] for action in under_way))
        first = _first_of_their_kind([*under_way, *_others(client, machine_ids)])
        records = {record["id"]: record for record in rows_with(client, machines.LIST, "id", machine_ids)}
        found = {action["id"]: cause_of(action, first[_kind(action)], records.get(action["machineId"]), now) for action in under_way}
        return {key: cause for key, cause in found.items() if cause is not None}


def cause_of(action: dict, first: dict, machine: dict | None, now: datetime.datetime) -> Cause | None:
    """Why an action that has not ended will not end by itself, or ``None``.

    :param first: the earliest action of that type on the machine that has not ended, which may be this one
    :param machine: the record of the machine, if there is one
    """
    age = now - created(action)
    patience = SESSION_QUEUED_FOR if action["type"] == "LiveResponse" else QUEUED_FOR
    if age > patience:
        return EXPIRED, f"it was asked for {_span(age)} ago, and the service tries for {_span(patience)} only"
    if first["id"] != action["id"]:
        return DUPLICATE, f"an earlier {action['type']} on the machine has not ended (action {first['id']})"
    if machine is None:
        return UNKNOWN_MACHINE, "the machine is not on record any more, or the token may not see it"
    if machine.get("healthStatus") in CANNOT_HEAR:
        return OFFLINE, f"the health of the machine is {machine['healthStatus']}; it was last seen {machine.get('lastSeen')}"
    seen = moment_in(machine, "lastSeen")
    if age > REPORTS_WITHIN and seen is not None and seen < created(action):
        return OFFLINE, f"the machine has not reported since it was asked; it was last seen {machine['lastSeen']}"
    return None


def _others(client, machine_ids: t.Sequence[str]) -> list[dict]:
    """What else has not ended on these machines, in one call."""
    clauses = [_one_of("status", machine_actions.RUNNING)]
    if len(machine_ids) <= IDS_A_CALL:
        clauses.append(_one_of("machineId", machine_ids))
    return list(none_when_not_found(client.list(machine_actions.LIST, where=odata.all_of(*clauses))))


def _first_of_their_kind(actions: t.Iterable[dict]) -> dict[tuple[str, str], dict]:
    of_a_kind: dict[tuple[str, str], list[dict]] = collections.defaultdict(list)
    for action in actions:
        of_a_kind[_kind(action)].append(action)
    return {kind: min(members, key=created) for kind, members in of_a_kind.items()}


def _kind(action: dict) -> tuple[str, str]:
    return action["machineId"], action["type"]


def _has_ended(action: dict) -> bool:
    return action.get("status") in machine_actions.FINAL


def _one_of(prop: str, values: t.Iterable[str]) -> str:
    return odata.any_of(*(odata.eq(prop, value) for value in values))


def _span(length: datetime.timedelta) -> str:
    return span(length.total_seconds())
