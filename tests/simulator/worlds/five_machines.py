# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A quiet office: five machines that all work, and one alert that was dealt with."""

from __future__ import annotations

import datetime as dt

from ..clock import Clock, stamp
from ..living import Living
from ..rows import Listed
from ..world import Finding, Sighting, World
from .records import Record, alert, machine, user
from .scripts import library

DAY = dt.timedelta(days=1)
SERVER: Record = {
    "osPlatform": "WindowsServer2022", "version": "21H2", "osBuild": 20348, "rbacGroupId": 141, "rbacGroupName": "Servers",
}


def build(clock: Clock) -> World:
    now = clock.now().replace(microsecond=0)
    machines = [
        machine("front-desk.contoso.com", "10.1.0.11", seen=now - dt.timedelta(minutes=7), machineTags=["reception"]),
        machine("sales-01.contoso.com", "10.1.0.12", seen=now - dt.timedelta(minutes=12), riskScore="Low"),
        machine("sales-02.contoso.com", "10.1.0.13", seen=now - dt.timedelta(hours=2), exposureLevel="Medium"),
        machine("files-01.contoso.com", "10.1.1.5", seen=now - dt.timedelta(minutes=3), **SERVER),
        machine(
            "web-01.contoso.com", "10.1.1.8", seen=now - dt.timedelta(minutes=4), osPlatform="Linux", version="22.4",
            osBuild=None, agentVersion="101.24082.4", rbacGroupId=141, rbacGroupName="Servers", machineTags=["web"],
        ),
    ]
    made = now - 3 * DAY
    closed = alert(
        "da638000000000000001_-77112233", machines[1], created=made, title="Suspicious PowerShell command line",
        severity="Low", status="Resolved", category="Execution", classification="FalsePositive",
        determination="NotMalicious", incidentId=1000001, resolvedTime=stamp(made + DAY),
        lastUpdateTime=stamp(made + DAY), assignedTo="analyst@contoso.com", mitreTechniques=["T1059.001"],
        relatedUser={"userName": "mia", "domainName": "CONTOSO"}, evidence=[user("mia", made)],
    )
    return World(
        name="five_machines",
        machines=Living(Listed(machines)),
        alerts=Living(Listed([closed])),
        sightings=[Sighting(row["lastIpAddress"], row["id"], now - 20 * DAY, now) for row in machines],
        # An old thing that only a full scan comes upon.
        findings={machines[2]["id"]: [Finding("keygen.exe", "C:\\Users\\mia\\Downloads", "HackTool:Win32/Keygen", deep=True)]},
        library=library(now),
        clock=clock,
    )
