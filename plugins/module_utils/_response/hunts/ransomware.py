# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for ransomware: the first machines, and what is done to files before the ransom note."""

from __future__ import annotations

from dataclasses import replace

from ..hunt import ADDRESSES, DOMAINS, HASHES, SINCE, UNTIL, Hunt, Parameter
from .files import FILE_EVENTS, FILE_TABLES
from .network import HOST_OF_URL

_KEEP = """project Timestamp, DeviceId, DeviceName, ActionType, Sign, Account = InitiatingProcessAccountName,
        Program = InitiatingProcessFileName, CommandLine = InitiatingProcessCommandLine"""

FIRST_MACHINES = Hunt(
    name="first_machines",
    purpose="On which machines signs of an attack came first",
    parameters=(
        replace(HASHES, default="dynamic([])"),
        replace(ADDRESSES, default="dynamic([])"),
        replace(DOMAINS, default="dynamic([])"),
        SINCE,
        UNTIL,
    ),
    one_of=("hashes", "addresses", "domains"),
    tables=(*FILE_TABLES, "DeviceNetworkEvents"),
    columns=("FirstSeen", "DeviceId", "DeviceName", "ActionType", "Sign", "Account", "Program", "CommandLine", "Events"),
    query=f"""\
union
    ({FILE_EVENTS}
    | extend Sign = FolderPath
    | {_KEEP}),
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | extend Sign = replace_string(tolower(RemoteIP), "::ffff:", "")
    | where Sign in (addresses)
    | {_KEEP}),
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | where RemoteUrl has_any (domains)
    | extend Sign = {HOST_OF_URL}
    | extend Domain = domains
    | mv-expand Domain to typeof(string)
    | where Sign == Domain or Sign endswith strcat(".", Domain)
    | {_KEEP})
| summarize arg_min(Timestamp, ActionType, Sign, Account, Program, CommandLine), Events = count() by DeviceId, DeviceName
| project FirstSeen = Timestamp, DeviceId, DeviceName, ActionType, Sign, Account, Program, CommandLine, Events
| order by FirstSeen asc
""",
)

SHADOW_COPIES_DELETED = Hunt(
    name="shadow_copies_deleted",
    purpose="Where somebody took away the ways back: shadow copies, backups, recovery at start",
    parameters=(SINCE, UNTIL),
    tables=("DeviceProcessEvents",),
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "AccountDomain", "AccountName", "FileName", "ProcessCommandLine", "InitiatingProcessFileName",
        "InitiatingProcessCommandLine",
    ),
    query="""\
DeviceProcessEvents
| where Timestamp between (since .. until)
| where (ProcessCommandLine has "shadows" and ProcessCommandLine has "delete")
    or (ProcessCommandLine has "shadowstorage" and ProcessCommandLine has "resize")
    or (ProcessCommandLine has "shadowcopy" and ProcessCommandLine has "delete")
    or (ProcessCommandLine has "Win32_ShadowCopy" and ProcessCommandLine has_any ("Delete", "Remove-WmiObject", "Remove-CimInstance"))
    or (ProcessCommandLine has "wbadmin" and ProcessCommandLine has "delete")
    or (ProcessCommandLine has "bcdedit" and ProcessCommandLine has_any ("recoveryenabled", "ignoreallfailures"))
| project Timestamp, DeviceId, DeviceName, AccountDomain, AccountName, FileName, ProcessCommandLine, InitiatingProcessFileName,
    InitiatingProcessCommandLine
| order by Timestamp asc
""",
)

MASS_RENAME = Hunt(
    name="mass_rename",
    purpose="Where one program changed or renamed files by the hundreds within five minutes",
    parameters=(Parameter("least", "whole", "How many files make it worth a look.", default="200"), SINCE, UNTIL),
    tables=("DeviceFileEvents",),
    columns=("Timestamp", "DeviceId", "DeviceName", "InitiatingProcessFileName", "InitiatingProcessId", "Account", "Files", "Folders", "Examples"),
    query="""\
DeviceFileEvents
| where Timestamp between (since .. until)
| where ActionType in ("FileRenamed", "FileModified")
| summarize Files = dcount(strcat(FolderPath, FileName)), Folders = dcount(FolderPath), Examples = make_set(FileName, 5),
    Account = take_any(InitiatingProcessAccountName)
    by Timestamp = bin(Timestamp, 5m), DeviceId, DeviceName, InitiatingProcessFileName, InitiatingProcessId
| where Files >= least
| project Timestamp, DeviceId, DeviceName, InitiatingProcessFileName, InitiatingProcessId, Account, Files, Folders, Examples
| order by Timestamp asc
""",
)
