# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What machines do all day, made by DuckDB itself: many rows cost little."""

from __future__ import annotations

LAST = '(SELECT *, row_number() OVER (ORDER BY "DeviceId") AS number FROM held."DeviceInfo" WHERE "OnboardingStatus" = \'Onboarded\' ' \
       'QUALIFY row_number() OVER (PARTITION BY "DeviceId" ORDER BY "Timestamp" DESC) = 1) machine'
"""Each machine that reports, as it was last."""

PROGRAMS = """['msedge.exe', 'OUTLOOK.EXE', 'svchost.exe', 'Teams.exe', 'MsMpEng.exe']"""
HOSTS = """['outlook.office365.com', 'teams.microsoft.com', 'update.contoso.com', 'www.contoso.com', 'login.microsoftonline.com']"""
AT = '"Timestamp" - turn * INTERVAL {step} MINUTE - (number % 60) * INTERVAL 1 SECOND'


def bulk(machines: int) -> dict[str, str]:
    """Table -> SQL of more rows: some weeks of everyday on few machines, on many no more than a quarter of a million rows."""
    if not machines:
        return {}
    connections = min(200, 125_000 // machines + 1) if machines < 100 else 125_000 // machines + 1
    return {"DeviceNetworkEvents": _connections(connections), "DeviceProcessEvents": _starts(20)}


def _connections(turns: int) -> str:
    return f"""
      SELECT {AT.format(step=37)} AS "Timestamp", "DeviceId", "DeviceName", 'ConnectionSuccess' AS "ActionType",
        '20.190.' || (turn % 200) || '.' || (number % 250) AS "RemoteIP", 443 AS "RemotePort", 'Public' AS "RemoteIPType", 'Tcp' AS "Protocol",
        {HOSTS}[turn % 5 + 1] AS "RemoteUrl", {PROGRAMS}[turn % 5 + 1] AS "InitiatingProcessFileName",
        50000 + turn % 15000 AS "LocalPort", 'Private' AS "LocalIPType", number * 1000 + turn AS "ReportId", 4000 + turn % 5 AS "InitiatingProcessId"
      FROM {LAST}, range({turns}) turns(turn)"""


def _starts(turns: int) -> str:
    return f"""
      SELECT {AT.format(step=731)} AS "Timestamp", {AT.format(step=731)} AS "ProcessCreationTime", "DeviceId", "DeviceName",
        'ProcessCreated' AS "ActionType", {PROGRAMS}[turn % 5 + 1] AS "FileName", 'C:\\Program Files\\' || {PROGRAMS}[turn % 5 + 1] AS "FolderPath",
        sha1('file ' || {PROGRAMS}[turn % 5 + 1]) AS "SHA1", sha256('file ' || {PROGRAMS}[turn % 5 + 1]) AS "SHA256",
        {PROGRAMS}[turn % 5 + 1] AS "ProcessCommandLine", 6000 + turn AS "ProcessId", number * 1000 + turn AS "ReportId",
        'explorer.exe' AS "InitiatingProcessFileName", 2000 AS "InitiatingProcessId"
      FROM {LAST}, range({turns}) turns(turn)"""
