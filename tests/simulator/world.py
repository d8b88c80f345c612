# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant a simulator shows: machines, alerts, actions, a clock, and how it is set."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from .actions import ISOLATE, ISOLATION_LASTS, SUCCEEDED, UNISOLATE, Action, Actions, Fate
from .clock import Clock, stamp
from .rows import Row, Rows

WINDOW = dt.timedelta(minutes=15)
TENANT_ID = "5a1f0e4c-0000-4000-8000-00000000d0d0"


@dataclass
class Settings:
    """What a test or a user may set while the simulator runs."""

    action_seconds: float = 2.0
    """From a request to its success, on a machine that is there; half of it is spent Pending."""
    next_link: bool = True
    """Whether full pages carry @odata.nextLink, which clients see and no page describes."""
    continuation: str = "$skip"
    """What the next link goes on by: ``$skip`` or ``$skiptoken``; both are seen."""


@dataclass(frozen=True)
class Sighting:
    """A machine was seen with an internal address from one moment to another."""

    ip: str
    machine_id: str
    since: dt.datetime
    until: dt.datetime


@dataclass
class World:
    name: str
    machines: Rows
    alerts: Rows
    actions: Actions = field(default_factory=Actions)
    sightings: list[Sighting] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=Settings)
    tenant_id: str = TENANT_ID

    def machine(self, id_or_name: str) -> Row | None:
        """The machine of that id, else the one of that name which was seen last (get-machine-by-id.md)."""
        found = self.machines.get(id_or_name)
        if found is not None:
            return found
        named = self.machines.find("computerDnsName", id_or_name)
        return max(named, key=lambda row: row["lastSeen"], default=None)

    def seen_with(self, ip: str, moment: dt.datetime) -> list[Row]:
        """The machines that had the internal address within 15 minutes of a moment (find-machines-by-ip.md)."""
        ids = {
            seen.machine_id: None
            for seen in self.sightings
            if seen.ip == ip and seen.since - WINDOW <= moment <= seen.until + WINDOW
        }
        lately = (stamp(moment - WINDOW), stamp(moment + WINDOW))
        for row in self.machines.find("lastIpAddress", ip):
            if lately[0][:-1] <= row["lastSeen"][:-1] <= lately[1][:-1]:
                ids[row["id"]] = None
        return [row for row in map(self.machines.get, ids) if row is not None]

    def start(self, machine_id: str, type_: str, **facts: t.Any) -> Action:
        """Ask for an action; the machine's fate says what will become of it."""
        machine = self.machines.get(machine_id) or {}
        fate = self.fates.get(machine_id, Fate.WORKS)
        return self.actions.add(
            type=type_,
            machine_id=machine_id,
            computer_name=machine.get("computerDnsName"),
            created=self.clock.now(),
            steps=fate.steps(self.settings.action_seconds),
            **facts,
        )

    def isolation(self, machine_id: str) -> Action | None:
        """The action that holds the machine isolated at this moment: a truth the API has no field for."""
        now = self.clock.now()
        done = [
            action
            for action in self.actions.of_machine(machine_id)
            if action.type in (ISOLATE, UNISOLATE) and action.status(now) == SUCCEEDED
        ]
        last = max(done, key=lambda action: action.updated(now), default=None)
        if last is None or last.type == UNISOLATE or now - last.updated(now) >= ISOLATION_LASTS:
            return None
        return last

    def truth(self, machine_id: str) -> dict[str, t.Any]:
        """What really holds of a machine, for tests: isolated or not, and how often each action was asked for."""
        holder = self.isolation(machine_id)
        asked: dict[str, int] = {}
        for action in self.actions.of_machine(machine_id):
            if not action.earlier:
                asked[action.type] = asked.get(action.type, 0) + 1
        return {
            "id": machine_id,
            "isolated": holder is not None,
            "isolation_type": holder.scope if holder else None,
            "isolated_by": holder.id if holder else None,
            "fate": self.fates.get(machine_id, Fate.WORKS).name.lower(),
            "actions_asked": asked,
        }
