# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for movement from machine to machine."""

from __future__ import annotations

from ..hunt import MACHINES, SINCE, UNTIL, Hunt, Parameter

LATERAL_MOVEMENT = Hunt(
    name="lateral_movement",
    purpose="Where somebody went on from these machines: to ports of administration within the network, and logons elsewhere that came from them",
    parameters=(MACHINES, SINCE, UNTIL),
    tables=("DeviceNetworkEvents", "DeviceLogonEvents"),
    columns=("Timestamp", "How", "FromMachine", "ToMachine", "ToAddress", "ToPort", "AccountName", "InitiatingProcessFileName", "InitiatingProcessCommandLine"),
    query="""\
union
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | where ActionType == "ConnectionSuccess" and RemoteIPType == "Private"
    | where RemotePort in (22, 135, 139, 445, 3389, 5985, 5986)
    | where DeviceId in~ (machines) or DeviceName in~ (machines) or tostring(split(DeviceName, ".")[0]) in~ (machines)
    | project Timestamp, How = "Connection", FromMachine = DeviceName, ToMachine = RemoteUrl, ToAddress = RemoteIP, ToPort = RemotePort,
        AccountName = InitiatingProcessAccountName, InitiatingProcessFileName, InitiatingProcessCommandLine),
    (DeviceLogonEvents
    | where Timestamp between (since .. until)
    | where ActionType == "LogonSuccess" and LogonType in ("Network", "RemoteInteractive", "NetworkCleartext", "NewCredentials", "Batch", "Service")
    | where RemoteDeviceName in~ (machines) or tostring(split(RemoteDeviceName, ".")[0]) in~ (machines)
    | project Timestamp, How = strcat("Logon ", LogonType), FromMachine = RemoteDeviceName, ToMachine = DeviceName, ToAddress = "", ToPort = int(null),
        AccountName, InitiatingProcessFileName, InitiatingProcessCommandLine)
| order by Timestamp asc
""",
)

ACCOUNT_USED = Hunt(
    name="account_used",
    purpose="Where these accounts logged on or tried to, and from where",
    parameters=(Parameter("accounts", "texts", "Names of accounts, without the domain."), SINCE, UNTIL),
    tables=("DeviceLogonEvents",),
    columns=(
        "AccountDomain", "AccountName", "DeviceId", "DeviceName", "ActionType", "LogonType", "FirstSeen", "LastSeen", "Events", "FromMachines", "FromAddresses",
    ),
    query="""\
DeviceLogonEvents
| where Timestamp between (since .. until)
| where AccountName in~ (accounts)
| summarize FirstSeen = min(Timestamp), LastSeen = max(Timestamp), Events = count(),
    FromMachines = make_set(RemoteDeviceName, 20), FromAddresses = make_set(RemoteIP, 20)
    by AccountDomain, AccountName, DeviceId, DeviceName, ActionType, LogonType
| order by FirstSeen asc
| project AccountDomain, AccountName, DeviceId, DeviceName, ActionType, LogonType, FirstSeen, LastSeen, Events, FromMachines, FromAddresses
""",
)
