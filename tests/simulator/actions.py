# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine actions: asked for once, then moved along by the clock alone."""

from __future__ import annotations

import datetime as dt
import enum
import typing as t
import uuid
from dataclasses import dataclass, field

from .clock import stamp

if t.TYPE_CHECKING:
    from .live_response import Command

PENDING = "Pending"
IN_PROGRESS = "InProgress"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
TIME_OUT = "TimeOut"
CANCELLED = "Cancelled"
ACTIVE = (PENDING, IN_PROGRESS)

ISOLATE = "Isolate"
UNISOLATE = "Unisolate"
RESTRICT = "RestrictCodeExecution"
UNRESTRICT = "UnrestrictCodeExecution"
SCAN = "RunAntiVirusScan"
QUARANTINE = "StopAndQuarantineFile"
PACKAGE = "CollectInvestigationPackage"
LIVE_RESPONSE = "LiveResponse"
OFFBOARD = "Offboard"

ISOLATION_LASTS = dt.timedelta(days=7)
OFFLINE_RETRIED = dt.timedelta(days=3)
"""Both respond-machine-alerts.md."""
SESSION_QUEUED = dt.timedelta(hours=2)
"""How long live response waits for a machine (run-live-response.md, the newer copy)."""

E_FAIL = -2147467259
"""A failure that is told no closer; the pages only say that 0 is none."""

Steps = tuple[tuple[float, str], ...]


class Fate(enum.Enum):
    """What becomes of the actions asked of a machine."""

    WORKS = "works"
    OFFLINE = "offline"
    FAILS = "fails"
    TIMES_OUT = "times out"
    STUCK = "stuck"

    def steps(self, seconds: float, retried: dt.timedelta = OFFLINE_RETRIED) -> Steps:
        """(Seconds after the request, status from then on); an offline machine is retried for so long."""
        under_way = ((0.0, PENDING), (seconds / 2, IN_PROGRESS))
        return {
            Fate.WORKS: (*under_way, (seconds, SUCCEEDED)),
            Fate.OFFLINE: ((0.0, PENDING), (retried.total_seconds(), TIME_OUT)),
            Fate.FAILS: (*under_way, (seconds, FAILED)),
            Fate.TIMES_OUT: (*under_way, (seconds, TIME_OUT)),
            Fate.STUCK: ((0.0, PENDING),),
        }[self]


@dataclass(frozen=True)
class Cancellation:
    requestor: str
    comment: str | None
    moment: dt.datetime


@dataclass
class Action:
    """One request, in our words; ``listed`` and ``single`` are the service's."""

    id: str
    type: str
    machine_id: str
    created: dt.datetime
    steps: Steps
    requestor: str
    comment: str
    computer_name: str | None = None
    scope: str | None = None
    external_id: str | None = None
    sha1: str | None = None
    """The file it is about, if it is about one."""
    commands: t.Sequence[Command] = ()
    cancelled: Cancellation | None = None
    earlier: bool = False
    """Whether it was there when the world began."""

    def _step(self, now: dt.datetime) -> tuple[float, str]:
        age = (now - self.created).total_seconds()
        return [step for step in self.steps if step[0] <= age or step is self.steps[0]][-1]

    def status(self, now: dt.datetime) -> str:
        return self._step(now)[1]

    def updated(self, now: dt.datetime) -> dt.datetime:
        return self.created + dt.timedelta(seconds=self._step(now)[0])

    def cancel(self, now: dt.datetime, requestor: str, comment: str | None) -> None:
        """It has ended, whatever would have become of it."""
        age = (now - self.created).total_seconds()
        self.steps = (*(step for step in self.steps if step[0] <= age), (age, CANCELLED))
        self.cancelled = Cancellation(requestor, comment, now)

    def single(self, now: dt.datetime) -> dict[str, t.Any]:
        """As the service shows one action."""
        return {
            "id": self.id,
            "type": self.type,
            "title": None,
            "requestor": self.requestor,
            "requestorComment": self.comment,
            "status": self.status(now),
            "machineId": self.machine_id,
            "computerDnsName": self.computer_name,
            "creationDateTimeUtc": stamp(self.created),
            "lastUpdateDateTimeUtc": stamp(self.updated(now)),
            "cancellationRequestor": self.cancelled.requestor if self.cancelled else None,
            "cancellationComment": self.cancelled.comment if self.cancelled else None,
            "cancellationDateTimeUtc": stamp(self.cancelled.moment) if self.cancelled else None,
            "errorHResult": E_FAIL if self.status(now) == FAILED else 0,
            "scope": self.scope,
            "externalId": self.external_id,
            "requestSource": "PublicApi",
            "relatedFileInfo": {"fileIdentifier": self.sha1, "fileIdentifierType": "Sha1"} if self.sha1 else None,
            "commands": [command.shown(self, now) for command in self.commands],
            "troubleshootInfo": None,
        }

    def listed(self, now: dt.datetime) -> dict[str, t.Any]:
        """As lists show it: there the last field has another name (get-machineactions-collection.md)."""
        shown = self.single(now)
        shown["lastUpdateTimeUtc"] = shown.pop("lastUpdateDateTimeUtc")
        return shown


@dataclass
class Actions:
    """All actions of a tenant."""

    _by_id: dict[str, Action] = field(default_factory=dict)
    _by_machine: dict[str, list[Action]] = field(default_factory=dict)

    def add(self, **facts: t.Any) -> Action:
        action = Action(**{"id": str(uuid.uuid4()), **facts})
        self._by_id[action.id] = action
        self._by_machine.setdefault(action.machine_id, []).append(action)
        return action

    def get(self, id_: str) -> Action | None:
        return self._by_id.get(id_)

    def of_machine(self, machine_id: str) -> list[Action]:
        return self._by_machine.get(machine_id, [])

    def active(self, machine_id: str, type_: str, now: dt.datetime) -> Action | None:
        """The action of that type which has not ended on the machine."""
        return next(
            (action for action in self.of_machine(machine_id) if action.type == type_ and action.status(now) in ACTIVE),
            None,
        )

    def newest_first(self) -> list[Action]:
        return sorted(self._by_id.values(), key=lambda action: action.created, reverse=True)

    def __len__(self) -> int:
        return len(self._by_id)
