# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts on machines: what ran around a moment, what starts by itself, what still speaks."""

from __future__ import annotations

from ..hunt import MACHINES, SINCE, UNTIL, Hunt, Parameter

_ON_THEM = '| where DeviceId in~ (machines) or DeviceName in~ (machines) or tostring(split(DeviceName, ".")[0]) in~ (machines)'

_KEEP = """project Timestamp, DeviceId, DeviceName, ActionType, Place, Content,
        InitiatingProcessAccountName, InitiatingProcessFileName, InitiatingProcessCommandLine"""

PROCESSES_AROUND = Hunt(
    name="processes_around",
    purpose="What ran on machines around a moment",
    parameters=(
        MACHINES,
        Parameter("moment", "moment", "The middle of what to look at."),
        Parameter("minutes", "whole", "How many minutes before and after it.", default="15"),
    ),
    tables=("DeviceProcessEvents",),
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "AccountDomain", "AccountName", "ProcessId", "FileName", "FolderPath", "SHA1", "ProcessCommandLine",
        "InitiatingProcessId", "InitiatingProcessFileName", "InitiatingProcessCommandLine",
    ),
    query=f"""\
DeviceProcessEvents
| where Timestamp between ((moment - minutes * 1m) .. (moment + minutes * 1m))
{_ON_THEM}
| project Timestamp, DeviceId, DeviceName, AccountDomain, AccountName, ProcessId, FileName, FolderPath, SHA1, ProcessCommandLine,
    InitiatingProcessId, InitiatingProcessFileName, InitiatingProcessCommandLine
| order by Timestamp asc
""",
)

PERSISTENCE = Hunt(
    name="persistence",
    purpose="What was set up on machines to start by itself: keys of the registry, services, tasks, WMI, folders of the start menu, new accounts",
    parameters=(MACHINES, SINCE, UNTIL),
    tables=("DeviceRegistryEvents", "DeviceEvents", "DeviceFileEvents"),
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "ActionType", "Place", "Content", "InitiatingProcessAccountName", "InitiatingProcessFileName",
        "InitiatingProcessCommandLine",
    ),
    query=f"""\
union
    (DeviceRegistryEvents
    | where Timestamp between (since .. until)
    {_ON_THEM}
    | where ActionType == "RegistryValueSet"
    | where RegistryKey has_any (@"CurrentVersion\\Run", @"CurrentVersion\\RunOnce", @"CurrentVersion\\Winlogon", @"CurrentVersion\\Policies\\Explorer\\Run",
        "Image File Execution Options", @"CurrentControlSet\\Services", "InprocServer32")
    | extend Place = strcat(RegistryKey, @"\\", RegistryValueName), Content = RegistryValueData
    | {_KEEP}),
    (DeviceEvents
    | where Timestamp between (since .. until)
    {_ON_THEM}
    | where ActionType in ("ServiceInstalled", "ScheduledTaskCreated", "ScheduledTaskUpdated", "WmiBindEventFilterToConsumer", "UserAccountCreated")
    | extend Place = FileName, Content = AdditionalFields
    | {_KEEP}),
    (DeviceFileEvents
    | where Timestamp between (since .. until)
    {_ON_THEM}
    | where ActionType in ("FileCreated", "FileModified", "FileRenamed") and FolderPath contains @"\\Start Menu\\Programs\\Startup\\"
    | extend Place = FolderPath, Content = SHA1
    | {_KEEP})
| order by Timestamp asc
""",
)

REMOTE_TOOLS = Hunt(
    name="remote_tools",
    purpose="On which machines tools of remote control ran",
    parameters=(
        Parameter(
            "tools", "texts", "Names of programs; without it those of the common tools.",
            default=(
                'dynamic(["anydesk.exe", "teamviewer.exe", "screenconnect.clientservice.exe", "screenconnect.windowsclient.exe", "rustdesk.exe", '
                '"splashtop.exe", "srserver.exe", "ateraagent.exe", "logmein.exe", "supremo.exe", "dwagent.exe", "meshagent.exe", "ultraviewer_desktop.exe", '
                '"remotepc.exe", "netsupport.exe", "client32.exe", "psexec.exe", "psexec64.exe", "psexesvc.exe", "paexec.exe", "ngrok.exe", "tailscale.exe"])'
            ),
        ),
        SINCE,
        UNTIL,
    ),
    tables=("DeviceProcessEvents",),
    columns=("DeviceId", "DeviceName", "FileName", "SHA1", "FirstSeen", "LastSeen", "Events", "Accounts", "Folders"),
    query="""\
DeviceProcessEvents
| where Timestamp between (since .. until)
| where FileName in~ (tools) or ProcessVersionInfoOriginalFileName in~ (tools)
| summarize FirstSeen = min(Timestamp), LastSeen = max(Timestamp), Events = count(),
    Accounts = make_set(AccountName, 20), Folders = make_set(FolderPath, 20)
    by DeviceId, DeviceName, FileName, SHA1
| order by FirstSeen asc
""",
)

NETWORK_AFTER = Hunt(
    name="network_after",
    purpose="With whom machines still spoke after a moment, such as that of their isolation; none is no proof, as a machine may be off",
    parameters=(MACHINES, Parameter("moment", "moment", "Only what came later counts."), UNTIL),
    tables=("DeviceNetworkEvents",),
    columns=("DeviceId", "DeviceName", "ActionType", "RemoteIP", "RemotePort", "RemoteUrl", "FirstSeen", "LastSeen", "Events", "Programs"),
    query=f"""\
DeviceNetworkEvents
| where Timestamp > moment and Timestamp <= until
{_ON_THEM}
| where RemoteIPType != "Loopback"
| summarize FirstSeen = min(Timestamp), LastSeen = max(Timestamp), Events = count(), Programs = make_set(InitiatingProcessFileName, 20)
    by DeviceId, DeviceName, ActionType, RemoteIP, RemotePort, RemoteUrl
| order by LastSeen desc
""",
)
