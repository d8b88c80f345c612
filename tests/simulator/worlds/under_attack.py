# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small company with an incident under way: one mail opened, two machines followed, and much that makes it hard."""

from __future__ import annotations

import datetime as dt
import typing as t

from ..actions import IN_PROGRESS, ISOLATE, LIVE_RESPONSE, PENDING, RESTRICT, SUCCEEDED, UNISOLATE, UNRESTRICT, Actions, Fate
from ..clock import Clock, stamp
from ..incidents import BY_ITSELF
from ..living import Living
from ..rows import Listed
from ..world import Finding, Sighting, World
from .incident import HOSTILE, INCIDENT, alerts, elsewhere
from .indicators import indicators
from .investigations import investigations
from .records import Record, machine, machine_id
from .scripts import library

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

SERVERS: Record = {"rbacGroupId": 141, "rbacGroupName": "Servers", "osPlatform": "WindowsServer2019", "version": "1809", "osBuild": 17763}
LINUX: Record = {
    "rbacGroupId": 141, "rbacGroupName": "Servers", "osPlatform": "Linux", "version": "22.4", "osBuild": None,
    "agentVersion": "101.24082.4", "isAadJoined": False, "aadDeviceId": None, "managedBy": "MicrosoftDefender",
}
UNMANAGED: Record = {
    "onboardingStatus": "CanBeOnboarded", "healthStatus": "Unknown", "osPlatform": "Windows10", "version": "22H2",
    "agentVersion": None, "isAadJoined": False, "aadDeviceId": None, "managedBy": None, "rbacGroupName": None, "rbacGroupId": 0,
}

FATES = {
    "laptop-19": Fate.OFFLINE,
    "old-kiosk": Fate.OFFLINE,
    "dev-04 before": Fate.OFFLINE,
    "lab-02": Fate.FAILS,
    "build-01": Fate.TIMES_OUT,
}
"""By machine; all others work."""

FINDINGS = {
    "fin-07": Finding("invoice-8841.docm", "C:\\Users\\lena\\Downloads", "TrojanDownloader:O97M/Invoice.A"),
    "files-02": Finding("winupd32.exe", "C:\\Windows\\Temp", "Ransom:Win32/Winupd.A"),
    "dev-04": Finding("svccache.dll", "C:\\ProgramData", "Trojan:Win32/Winupd.B", deep=True),
}

RESTRICTED = "Restricted security operations"
"""The tag of machines that allow some actions only (restrict-response-actions-high-value-assets.md)."""
BASIC_RESPONSE_ONLY = frozenset({ISOLATE, UNISOLATE, RESTRICT, UNRESTRICT, LIVE_RESPONSE})
"""What such a machine refuses when scans and packages are all it allows."""


def build(clock: Clock) -> World:
    now = clock.now().replace(microsecond=0)
    machines = {row["id"]: row for row in _machines(now)}
    world = World(
        name="under_attack",
        machines=Living(Listed(machines.values())),
        alerts=Living(Listed(alerts(machines, now))),
        elsewhere=Living(Listed(elsewhere(machines, now))),
        actions=_actions(now),
        sightings=_sightings(machines, now),
        fates={machine_id(key): fate for key, fate in FATES.items()},
        disallowed={machine_id("dc-01"): BASIC_RESPONSE_ONLY},
        findings={machine_id(key): [finding] for key, finding in FINDINGS.items()},
        library=library(now),
        indicators=indicators(now),
        investigations=investigations(machines),
        clock=clock,
    )
    world.incidents.write(INCIDENT, now=now - 8 * MINUTE, by=BY_ITSELF, customTags=["ransomware"])
    world.incidents.comment(INCIDENT, "Finance called: their files do not open", now=now - 6 * MINUTE, by="analyst@contoso.com")
    return world


def _machines(now: dt.datetime) -> list[Record]:
    seen = now - 4 * MINUTE
    return [
        # The incident: alerts are raised on these three.
        _machine("fin-07", "10.20.3.44", seen, riskScore="High", exposureLevel="High", machineTags=["finance"]),
        _machine("hr-03", "10.20.3.51", seen, riskScore="High", exposureLevel="Medium", machineTags=["hr"]),
        _machine("files-02", "10.20.1.12", seen, riskScore="Medium", machineTags=["file-server"], **SERVERS),
        # Must never be cut off by mistake.
        _machine("dc-01", "10.20.1.5", seen, deviceValue="High", machineTags=["domain-controller", "tier-0", RESTRICTED], **SERVERS),
        # Not there: isolation stays Pending until the service gives up after three days.
        _machine("laptop-19", "10.20.4.19", now - 9 * HOUR, riskScore="Medium", machineTags=["sales"]),
        _machine("printer-2f", "10.20.5.9", seen, **UNMANAGED),
        # Was seen with an address that has been lent on since.
        _machine("camera-17", "10.20.2.1", now - DAY, **UNMANAGED),
        _machine("old-kiosk", "10.20.5.77", now - 40 * DAY, healthStatus="Inactive", osPlatform="Windows10", version="1909"),
        # Two machines of one name, both alive: nobody can tell which is meant.
        _machine("mkt-11", "10.20.3.60", seen, key="mkt-11 desk", isPotentialDuplication=True),
        _machine("mkt-11", "10.20.3.61", now - 2 * HOUR, key="mkt-11 lab", isPotentialDuplication=True),
        # Installed anew: the record before it was merged into the one of today.
        _machine(
            "dev-04", "10.20.3.70", now - 12 * DAY, key="dev-04 before", healthStatus="Inactive",
            isPotentialDuplication=True, mergedIntoMachineId=machine_id("dev-04"),
        ),
        _machine("dev-04", "10.20.3.71", seen),
        _machine("sales-05", "10.20.4.5", seen, machineTags=["sales"]),
        _machine("lab-02", "10.20.6.2", seen, osPlatform="Windows10", version="22H2"),
        _machine("build-01", "10.20.1.30", seen, **SERVERS),
        _machine("reception-1", "10.20.2.1", seen),
        _machine("app-01", "10.20.1.40", seen, machineTags=["web"], **LINUX),
        # Too old for isolation.
        _machine("cnc-mill", "10.20.7.3", seen, osPlatform="Windows10", version="1607", osBuild=14393),
        machine(HOSTILE, "10.20.5.66", key="hostile", seen=seen, machineTags=["{{ 7 * 7 }}", "<script>alert(1)</script>"]),
    ]


def _machine(name: str, ip: str, seen: dt.datetime, *, key: str = "", **special: t.Any) -> Record:
    return machine(f"{name}.contoso.com", ip, seen=seen, key=key or name, **special)


def _actions(now: dt.datetime) -> Actions:
    """What was asked before: one machine is isolated and one restricted since yesterday, one isolation waits to be picked up."""
    actions = Actions()
    done = ((0.0, PENDING), (20.0, IN_PROGRESS), (75.0, SUCCEEDED))
    waiting = ((0.0, PENDING), (HOUR.total_seconds(), IN_PROGRESS), (2 * HOUR.total_seconds(), SUCCEEDED))
    for type_, key, age, comment, steps in (
        (ISOLATE, "sales-05", DAY, "Incident 1126001: beacon seen", done),
        (RESTRICT, "dev-04", DAY, "Incident 1126001: same tool as on sales-05", done),
        (ISOLATE, "reception-1", 4 * MINUTE, "Incident 1126093: opened the same mail", waiting),
    ):
        actions.add(
            type=type_, machine_id=machine_id(key), computer_name=f"{key}.contoso.com", created=now - age,
            scope="Full" if type_ == ISOLATE else None,
            steps=steps, requestor="analyst@contoso.com", comment=comment, earlier=True,
        )
    return actions


def _sightings(machines: dict[str, Record], now: dt.datetime) -> list[Sighting]:
    """Addresses over time; some were lent on, and the VPN's was used twice at once."""
    stays = [
        Sighting(row["lastIpAddress"], row["id"], now - 3 * HOUR, now)
        for row in machines.values()
        if row["lastSeen"] >= stamp(now - HOUR)
    ]
    lent = [
        Sighting("10.20.3.44", machine_id("mkt-11 desk"), now - 10 * DAY, now - DAY),
        Sighting("10.99.0.5", machine_id("laptop-19"), now - 2 * DAY, now - 2 * DAY + HOUR),
        Sighting("10.99.0.5", machine_id("sales-05"), now - 2 * DAY, now - 2 * DAY + HOUR),
    ]
    return stays + lent
