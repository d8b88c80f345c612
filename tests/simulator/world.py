# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant a simulator shows: machines, alerts, actions, a library, a clock, and how it is set."""

from __future__ import annotations

import datetime as dt
import heapq
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from . import actions as kinds
from .actions import ACTIVE, SUCCEEDED, Action, Actions, Fate, Steps
from .alert_book import AlertBook
from .blobs import Blobs
from .clock import Clock, stamp
from .directory import Directory
from .incidents import Incidents
from .indicators import Indicators
from .library import Library
from .living import Living
from .machine_files import quarantined
from .rows import Listed, Row

Effect = Callable[[Action], None]

WINDOW = dt.timedelta(minutes=15)
TENANT_ID = "5a1f0e4c-0000-4000-8000-00000000d0d0"


@dataclass
class Settings:
    """What a test or a user may set while the simulator runs."""

    action_seconds: float = 2.0
    """From a request to its success, on a machine that is there; half of it is spent Pending."""
    recorded_after: float = 0.0
    """Seconds until a new action is in the list of actions."""
    next_link: bool = True
    """Whether full pages carry @odata.nextLink, which clients see and no page describes."""
    continuation: str = "$skip"
    """What the next link goes on by: ``$skip`` or ``$skiptoken``; both are seen."""
    tags_are_replaced: bool = True
    """Whether a list of tags that is sent takes the place of all others: the page says both, this and that it only adds."""
    live_response: bool = True
    """Whether live response is switched on in the tenant (Advanced features)."""
    live_response_sessions: int = 50
    """Sessions at once in the tenant (run-live-response.md); those that wait for a machine count."""
    directory_lag: float = 0.5
    """Seconds until a new object of the directory is found by its id. For the lags no page gives numbers; people report up to minutes."""
    listing_lag: float = 1.0
    """Seconds until lists of the directory show it."""
    credential_lag: float = 1.0
    """Seconds until the login host takes a new secret, certificate or federated credential."""
    grant_lag: float = 1.0
    """Seconds until tokens carry a role that was granted."""
    secrets_allowed: bool = True
    """Whether the tenant's policy lets apps have secrets."""
    secret_days: int = 0
    """How many days its policy lets them last; 0 is without end."""
    directory_quota: int = 0
    """How many objects its directory takes, deleted ones too; 0 is without end."""
    management_reference_needed: bool = False
    """Whether its policy wants a serviceManagementReference of every new app."""
    alerts_a_batch: int = 100
    """How many alerts a call may change; batch-update-alerts.md says that there is a maximum, and not which."""
    hunting_rows: int = 100_000
    """Rows that a hunting query may answer with."""
    hunting_cuts_rows: bool = True
    """Whether Graph leaves out what is above that, or refuses. Which is inferred: pages say "up to 100,000 rows", and that the portal
    cuts (advanced-hunting-errors.md); the classic service refuses."""
    hunting_bytes: int = 50_000_000
    hunting_seconds: float = 20.0
    """How long a query may run; the services allow 180 and 200 seconds, which would hold the simulator up too long."""
    hunting_cpu_seconds: float = 600.0
    """What all queries of a quarter of an hour may take together on Graph, and of an hour on the classic service; with 0 none may run."""
    hunting_at_its_end: str = "empty"
    """What the classic hunting service answers from its last day on: ``empty``, or else status 410. It "stops returning data", say
    the pages, and nothing of how."""


@dataclass(frozen=True)
class Sighting:
    """A machine was seen with an internal address from one moment to another."""

    ip: str
    machine_id: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Finding:
    """What an antivirus scan would find on a machine; ``deep`` when only a full one does."""

    file: str
    folder: str
    threat: str
    deep: bool = False


@dataclass
class World:
    name: str
    machines: Living
    alerts: Living
    elsewhere: Living = field(default_factory=lambda: Living(Listed([])))
    """Alerts of other products, which Graph shows as well."""
    actions: Actions = field(default_factory=Actions)
    sightings: list[Sighting] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)
    disallowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Machine -> types of action that its restricted security operations do not allow."""
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    library: Library = field(default_factory=Library)
    indicators: Indicators = field(default_factory=Indicators)
    investigations: list[dict[str, t.Any]] = field(default_factory=list)
    """None begins any more."""
    blobs: Blobs = field(default_factory=Blobs)
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=Settings)
    tenant_id: str = TENANT_ID
    custom_details: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    """Alert -> what was noted of it on Graph."""
    all_alerts: AlertBook = field(init=False)
    incidents: Incidents = field(init=False)
    apps: frozenset[str] | None = None
    """Which of the tenant's apps are there; None for all."""
    directory: Directory = field(init=False, repr=False)
    hunting: t.Any = field(default=None, repr=False)
    """The tables of advanced hunting, once someone hunts."""
    _due: list[tuple[dt.datetime, int, Action, Effect]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.directory = Directory(self.clock, self.settings)
        self.all_alerts = AlertBook(self.alerts, self.elsewhere)
        self.incidents = Incidents(self.all_alerts, self.tenant_id)

    def belong_to(self, tenant_id: str) -> None:
        """Say so wherever a tenant is named; records that are made when they are asked for go on naming the first one."""
        self.tenant_id = self.incidents.tenant_id = tenant_id
        if tenant_id == TENANT_ID:
            return
        self.blobs.folder = f"{tenant_id}/"
        for row in self.alerts if isinstance(self.alerts.base, Listed) else ():
            row["aadTenantId"] = tenant_id

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

    def fate(self, machine_id: str) -> Fate:
        return self.fates.get(machine_id, Fate.WORKS)

    def start(self, machine_id: str, type_: str, *, steps: Steps | None = None, effect: Effect | None = None, **facts: t.Any) -> Action:
        """Ask for an action; the machine's fate says what will become of it, unless ``steps`` do.

        ``effect`` is what its success does to the world, as soon as anyone looks.
        """
        retried = kinds.SESSION_QUEUED if type_ == kinds.LIVE_RESPONSE else kinds.OFFLINE_RETRIED
        action = self.actions.add(
            type=type_,
            machine_id=machine_id,
            computer_name=(self.machines.get(machine_id) or {}).get("computerDnsName"),
            created=self.clock.now(),
            steps=steps or self.fate(machine_id).steps(self.settings.action_seconds, retried),
            **facts,
        )
        if effect:
            ends = action.created + dt.timedelta(seconds=action.steps[-1][0])
            heapq.heappush(self._due, (ends, len(self.actions), action, effect))
        return action

    def settle(self) -> None:
        """Let all that has succeeded by now take effect."""
        now = self.clock.now()
        while self._due and self._due[0][2].status(now) not in ACTIVE:
            _ends, _number, action, effect = heapq.heappop(self._due)
            if action.status(now) == SUCCEEDED:
                effect(action)

    def isolation(self, machine_id: str) -> Action | None:
        """The action that holds the machine isolated at this moment: a truth the API has no field for."""
        return self._holder(machine_id, kinds.ISOLATE, kinds.UNISOLATE, lasts=kinds.ISOLATION_LASTS)

    def restriction(self, machine_id: str) -> Action | None:
        """The action that holds the machine's programs restricted at this moment."""
        return self._holder(machine_id, kinds.RESTRICT, kinds.UNRESTRICT)

    def _holder(self, machine_id: str, on: str, off: str, lasts: dt.timedelta | None = None) -> Action | None:
        last = max(self._done(machine_id, on, off), key=lambda action: action.updated(self.clock.now()), default=None)
        if last is None or last.type == off:
            return None
        has_lifted = lasts is not None and self.clock.now() - last.updated(self.clock.now()) >= lasts
        return None if has_lifted else last

    def _done(self, machine_id: str, *types: str) -> list[Action]:
        now = self.clock.now()
        return [action for action in self.actions.of_machine(machine_id) if action.type in types and action.status(now) == SUCCEEDED]

    def truth(self, machine_id: str) -> dict[str, t.Any]:
        """What really holds of a machine, for tests, and how often each action was asked for."""
        self.settle()
        holder = self.isolation(machine_id)
        machine = t.cast(Row, self.machines.get(machine_id))
        asked: dict[str, int] = {}
        for action in self.actions.of_machine(machine_id):
            if not action.earlier:
                asked[action.type] = asked.get(action.type, 0) + 1
        return {
            "id": machine_id,
            "isolated": holder is not None,
            "isolation_type": holder.scope if holder else None,
            "isolated_by": holder.id if holder else None,
            "restricted": self.restriction(machine_id) is not None,
            "quarantined": quarantined(self, machine),
            "offboarded": bool(self._done(machine_id, kinds.OFFBOARD)),
            "tags": list(machine["machineTags"]),
            "value": machine["deviceValue"],
            "fate": self.fate(machine_id).name.lower(),
            "actions_asked": asked,
        }
