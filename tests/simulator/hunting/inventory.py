# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tables say of machines and people: the same that other endpoints tell of them."""

from __future__ import annotations

import datetime as dt
import json
import typing as t
from collections.abc import Iterable

from ..clock import moment
from ..machine_facts import logon_users, products
from ..worlds.records import guid
from .rows import DOMAIN, Told, account, number, on, sid

if t.TYPE_CHECKING:
    from ..rows import Row
    from ..world import World

DAY = dt.timedelta(days=1)
REPORTS = (dt.timedelta(0), DAY, 7 * DAY, 20 * DAY)
"""How long before it was seen last a machine reported, too."""
STATUS = {"Onboarded": "Onboarded", "CanBeOnboarded": "Can be onboarded", "Unsupported": "Unsupported", "InsufficientInfo": "Insufficient info"}


def told(world: World, machines: Iterable[Row]) -> Told:
    """The rows of all machines, and of the people who were seen on them."""
    rows: Told = []
    people: dict[str, dt.datetime] = {}
    for machine in machines:
        users = logon_users(world, machine)
        last = moment(machine["lastSeen"])
        for before in REPORTS:
            rows += [("DeviceInfo", _machine(machine, last - before, users)), ("DeviceNetworkInfo", _network(machine, last - before))]
        rows += [("DeviceLogonEvents", row) for user in users for row in _logons(machine, user, last)]
        rows += _software(machine)
        people.update({user["accountName"]: max(last, people.get(user["accountName"], last)) for user in users})
    by_id = {seen.machine_id: world.machines.get(seen.machine_id) for seen in world.sightings}
    for seen in world.sightings:
        machine = by_id[seen.machine_id]
        if machine is not None:
            rows += [("DeviceNetworkInfo", _network(machine, when, seen.ip)) for when in (seen.since, seen.until)]
    return rows + [row for name, last in people.items() for row in _person(name, last)]


def _machine(machine: Row, at: dt.datetime, users: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    server = "Server" in machine["osPlatform"] or machine["osPlatform"] == "Linux"
    onboarded = machine["onboardingStatus"] == "Onboarded"
    return on(
        machine, at,
        ClientVersion=machine["agentVersion"] or "", PublicIP=machine["lastExternalIpAddress"] or "", OSArchitecture=machine["osArchitecture"],
        OSPlatform=machine["osPlatform"], OSBuild=machine["osBuild"], OSVersion="10.0" if machine["osBuild"] else machine["version"],
        OSVersionInfo=machine["version"], OSDistribution="Ubuntu" if machine["osPlatform"] == "Linux" else "",
        IsAzureADJoined=machine["isAadJoined"], JoinType="Hybrid Azure AD Join" if machine["isAadJoined"] else "", AadDeviceId=machine["aadDeviceId"] or "",
        LoggedOnUsers=json.dumps([{"UserName": user["accountName"], "DomainName": user["accountDomain"], "Sid": sid(user["accountName"])} for user in users]),
        MachineGroup=machine["rbacGroupName"] or "", OnboardingStatus=STATUS.get(machine["onboardingStatus"], machine["onboardingStatus"]),
        DeviceCategory="Endpoint" if onboarded else "Unknown", DeviceType="Server" if server else "Workstation",
        SensorHealthState=machine["healthStatus"] if onboarded else "", IsExcluded=machine["isExcluded"], ExposureLevel=machine["exposureLevel"],
        AssetValue=machine["deviceValue"], DeviceManualTags=json.dumps(machine["machineTags"]), MergedToDeviceId=machine["mergedIntoMachineId"] or "",
        IsInternetFacing=False,
    )


def _network(machine: Row, at: dt.datetime, ip: str | None = None) -> dict[str, t.Any]:
    held = [one["ipAddress"] for one in machine["ipAddresses"]] if ip is None else [ip]
    mac = next((one["macAddress"] for one in machine["ipAddresses"]), "")
    addresses = [{"IPAddress": one, "SubnetPrefix": 24, "AddressType": "Private"} for one in held]
    return on(
        machine, at, IPAddresses=json.dumps(addresses), MacAddress=mac, NetworkAdapterType="Ethernet", NetworkAdapterStatus="Up",
        NetworkAdapterName=guid(f"adapter {machine['id']}"), ConnectedNetworks=json.dumps([{"Name": f"{DOMAIN}.com", "Category": "Domain"}]),
        DefaultGateways=json.dumps([f"{held[0].rpartition('.')[0]}.1"]) if held else "[]",
    )


def _logons(machine: Row, user: dict[str, t.Any], last: dt.datetime) -> list[dict[str, t.Any]]:
    first = max(moment(user["firstSeen"]), last - 25 * DAY)
    kind = "Interactive" if not user["isOnlyNetworkUser"] else "RemoteInteractive"
    return [
        on(machine, at, "LogonSuccess", LogonType=kind, IsLocalAdmin=user["isDomainAdmin"], Protocol="Kerberos", LogonId=number(user["id"], at),
           **account(user["accountName"]))
        for at in (first, moment(user["lastSeen"]))
    ]


def _person(name: str, last: dt.datetime) -> Told:
    common = {"AccountName": name, "AccountDomain": DOMAIN, "AccountUpn": f"{name}@{DOMAIN}.com", "AccountObjectId": guid(f"user {name}"),
              "AccountDisplayName": name.capitalize()}
    known = {**common, "Timestamp": last - DAY, "ReportId": guid(f"identity {name}"), "OnPremSid": sid(name), "GivenName": name.capitalize(),
             "EmailAddress": f"{name}@{DOMAIN}.com", "IsAccountEnabled": True, "SourceSystem": "Hybrid"}
    logon = {**common, "Timestamp": last - dt.timedelta(minutes=12), "ReportId": guid(f"logon {name}"), "ActionType": "LogonSuccess",
             "LogonType": "Interactive", "Protocol": "Kerberos", "Application": "Active Directory", "AccountSid": sid(name)}
    return [("IdentityInfo", known), ("IdentityLogonEvents", logon)]


def _software(machine: Row) -> Told:
    rows: Told = []
    for product in products(machine):
        common = {"DeviceId": machine["id"], "DeviceName": machine["computerDnsName"], "OSPlatform": machine["osPlatform"],
                  "SoftwareVendor": product.vendor, "SoftwareName": product.name}
        rows.append(("DeviceTvmSoftwareInventory", common))
        rows += [("DeviceTvmSoftwareVulnerabilities", {**common, "CveId": one.id, "VulnerabilitySeverityLevel": one.severity})
                 for one in product.weaknesses]
    return rows
