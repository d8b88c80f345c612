# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The true state of machines, read from the record of their actions, for the API has no field for it."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._api import machine_actions
from .._client import moments, odata
from .two_states import Running, TwoStates

IDS_A_CALL = 40
"""Ids named in one filter: about 2.6 kB of URL, well below what web servers take."""

NARROW_CALLS = 2
"""Up to this many calls name the machines; beyond, one list of the whole tenant is cheaper."""


@dataclass(frozen=True)
class History:
    """What is known of one machine.

    ``latest`` is the newest action that says anything of the state, ``basis`` how the state is known: ``action`` (an action ended well), ``expired`` (it did, but the service has lifted
    the state since), ``no_record`` (no such action in the time that matters) or ``unreadable`` (the last action
    carries a status that we do not know). ``since`` is when the latest action ended.
    """

    state: str
    basis: str
    scope: str | None = None
    since: datetime.datetime | None = None
    latest: dict | None = None
    running: Running | None = None

    @property
    def action_id(self) -> str | None:
        return self.latest["id"] if self.latest else None

    def describe(self, now: datetime.datetime) -> dict[str, t.Any]:
        """For results: the state, how it is known and how old the proof is."""
        return {
            "state": self.state,
            "scope": self.scope.lower() if self.scope else None,
            "basis": self.basis,
            "since": moments.spell(self.since) if self.since else None,
            "age_seconds": int((now - self.since).total_seconds()) if self.since else None,
            "action_id": self.action_id,
        }


def read_histories(client, pair: TwoStates, machine_ids: t.Sequence[str], now: datetime.datetime) -> dict[str, History]:
    """The history of every machine, in the fewest calls.

    :raises DefenderError: when the record cannot be read to its end
    """
    wanted = set(machine_ids)
    records: dict[str, list[dict]] = {machine_id: [] for machine_id in machine_ids}
    for where in _filters(pair, machine_ids, now):
        for action in client.list(machine_actions.LIST, where=where):
            if action.get("machineId") in wanted:
                records[action["machineId"]].append(action)
    return {machine_id: history_of(pair, actions, now) for machine_id, actions in records.items()}


def history_of(pair: TwoStates, actions: t.Iterable[dict], now: datetime.datetime) -> History:
    """The state that ``actions`` of one machine prove; the order they come in does not matter."""
    running: Running | None = None
    last: dict | None = None
    for action in sorted(actions, key=created):
        leads_to = {pair.on_action: pair.on, pair.off_action: pair.off}.get(action.get("type"))
        if leads_to is None:
            continue
        status = action.get("status")
        if status in machine_actions.RUNNING:
            running = Running(leads_to, action)
        elif status == "Succeeded" or status not in machine_actions.FINAL:
            last = action
    return _proven(pair, last, running, now)


def _proven(pair: TwoStates, last: dict | None, running: Running | None, now: datetime.datetime) -> History:
    if last is None:
        return History(pair.off, "no_record", running=running)
    since = ended(last)
    facts = {"since": since, "latest": last, "running": running}
    if last["status"] != "Succeeded":
        return History("unknown", "unreadable", **facts)
    if last["type"] == pair.off_action:
        return History(pair.off, "action", **facts)
    if pair.lifts_after is not None and now - since > pair.lifts_after:
        return History(pair.off, "expired", **facts)
    return History(pair.on, "action", scope=last.get("scope"), **facts)


def created(action: dict) -> datetime.datetime:
    """When the action was asked for."""
    return moments.parse(action["creationDateTimeUtc"])


def ended(action: dict) -> datetime.datetime:
    """When the action last changed; lists and single answers spell that field differently (machineaction.md)."""
    text = action.get("lastUpdateDateTimeUtc") or action.get("lastUpdateTimeUtc") or action["creationDateTimeUtc"]
    return moments.parse(text)


def _filters(pair: TwoStates, machine_ids: t.Sequence[str], now: datetime.datetime) -> t.Iterator[str]:
    of_pair = odata.any_of(odata.eq("type", pair.on_action), odata.eq("type", pair.off_action))
    oldest = pair.looks_back_to(now)
    recent = () if oldest is None else (odata.ge("creationDateTimeUtc", oldest),)
    groups = list(chunks(machine_ids, IDS_A_CALL))
    if len(groups) > NARROW_CALLS:
        yield odata.all_of(of_pair, *recent)
        return
    for group in groups:
        yield odata.all_of(odata.any_of(*(odata.eq("machineId", machine_id) for machine_id in group)), of_pair, *recent)


def chunks(items: t.Sequence[t.Any], size: int) -> t.Iterator[t.Sequence[t.Any]]:
    """``items`` in pieces of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start:start + size]
