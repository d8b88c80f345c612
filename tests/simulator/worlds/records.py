# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records with every field the service shows: a world says only what is special about each."""

from __future__ import annotations

import datetime as dt
import hashlib
import typing as t
import uuid

from ..clock import stamp
from ..world import TENANT_ID

Record = dict[str, t.Any]


def machine_id(name: str) -> str:
    """40 hex digits, the same for a name in every run."""
    return hashlib.sha1(f"machine {name}".encode(), usedforsecurity=False).hexdigest()


def sha1(name: str) -> str:
    return hashlib.sha1(f"file {name}".encode(), usedforsecurity=False).hexdigest()


def sha256(name: str) -> str:
    return hashlib.sha256(f"file {name}".encode()).hexdigest()


def guid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def mac(name: str) -> str:
    return hashlib.sha256(f"mac {name}".encode()).hexdigest()[:12].upper()


def machine(name: str, ip: str | None, *, seen: dt.datetime, key: str | None = None, **special: t.Any) -> Record:
    """A healthy Windows 11 machine that was ``seen`` last at that moment, but for what is ``special``."""
    key = key or name
    addresses = [{"ipAddress": ip, "macAddress": mac(key), "type": "Ethernet", "operationalStatus": "Up"}] if ip else []
    return {
        "id": machine_id(key),
        "mergedIntoMachineId": None,
        "isPotentialDuplication": False,
        "isExcluded": False,
        "exclusionReason": None,
        "computerDnsName": name,
        "firstSeen": stamp(seen - dt.timedelta(days=200)),
        "lastSeen": stamp(seen),
        "osPlatform": "Windows11",
        "osVersion": None,
        "osProcessor": "x64",
        "osArchitecture": "64-bit",
        "version": "23H2",
        "osBuild": 22631,
        "onboardingStatus": "Onboarded",
        "lastIpAddress": ip,
        "lastExternalIpAddress": "203.0.113.40",
        "agentVersion": "10.8760.22631.4317",
        "healthStatus": "Active",
        "deviceValue": "Normal",
        "rbacGroupId": 140,
        "rbacGroupName": "Workstations",
        "riskScore": "None",
        "exposureLevel": "Low",
        "isAadJoined": True,
        "aadDeviceId": guid(key),
        "defenderAvStatus": "Updated",
        "machineTags": [],
        "ipAddresses": addresses,
        "managedBy": "Intune",
        "managedByStatus": "Unknown",
        "vmMetadata": None,
        **special,
    }


def alert(id_: str, on: Record, *, created: dt.datetime, title: str, **special: t.Any) -> Record:
    """A new alert on a machine, but for what is ``special``; events are a minute older than the alert."""
    return {
        "id": id_,
        "incidentId": None,
        "investigationId": None,
        "assignedTo": None,
        "severity": "Medium",
        "status": "New",
        "classification": None,
        "determination": None,
        "investigationState": "UnsupportedAlertType",
        "detectionSource": "WindowsDefenderAtp",
        "detectorId": guid(title),
        "category": "SuspiciousActivity",
        "threatFamilyName": None,
        "title": title,
        "description": title,
        "alertCreationTime": stamp(created),
        "firstEventTime": stamp(created - dt.timedelta(minutes=2)),
        "lastEventTime": stamp(created - dt.timedelta(minutes=1)),
        "lastUpdateTime": stamp(created + dt.timedelta(seconds=2)),
        "resolvedTime": None,
        "machineId": on["id"],
        "computerDnsName": on["computerDnsName"],
        "rbacGroupName": on["rbacGroupName"],
        "aadTenantId": TENANT_ID,
        "threatName": None,
        "mitreTechniques": [],
        "relatedUser": None,
        "loggedOnUsers": [],
        "comments": [],
        "evidence": [],
        **special,
    }


EVIDENCE_FIELDS = (
    "sha1", "sha256", "fileName", "filePath", "processId", "processCommandLine", "processCreationTime",
    "parentProcessId", "parentProcessCreationTime", "parentProcessFileName", "parentProcessFilePath", "ipAddress",
    "url", "registryKey", "registryHive", "registryValueType", "registryValue", "registryValueName", "accountName",
    "domainName", "userSid", "aadUserId", "userPrincipalName", "detectionStatus",
)


def evidence(kind: str, at: dt.datetime, **known: t.Any) -> Record:
    """One piece of evidence: all fields are there, those that do not fit its kind are null."""
    return {"entityType": kind, "evidenceCreationTime": stamp(at), **dict.fromkeys(EVIDENCE_FIELDS), **known}


def user(name: str, at: dt.datetime, *, domain: str = "CONTOSO") -> Record:
    return evidence(
        "User",
        at,
        accountName=name,
        domainName=domain,
        userSid=f"S-1-5-21-1111111111-2222222222-3333333333-{1100 + len(name)}",
        aadUserId=guid(f"user {name}"),
        userPrincipalName=f"{name}@contoso.com",
    )


def file(name: str, folder: str, at: dt.datetime, *, status: str = "Detected") -> Record:
    return evidence("File", at, sha1=sha1(name), sha256=sha256(name), fileName=name, filePath=folder, detectionStatus=status)


def process(
    name: str, folder: str, command_line: str, at: dt.datetime, *, number: int, parent: str = "explorer.exe"
) -> Record:
    return evidence(
        "Process",
        at,
        sha1=sha1(name),
        sha256=sha256(name),
        fileName=name,
        filePath=folder,
        processId=number,
        processCommandLine=command_line,
        processCreationTime=stamp(at - dt.timedelta(seconds=75)),
        parentProcessId=number - 412,
        parentProcessCreationTime=stamp(at - dt.timedelta(minutes=9)),
        parentProcessFileName=parent,
        parentProcessFilePath="C:\\Windows",
        detectionStatus="Detected",
    )


def ip(address: str, at: dt.datetime) -> Record:
    return evidence("Ip", at, ipAddress=address)


def url(address: str, at: dt.datetime) -> Record:
    return evidence("Url", at, url=address)


def registry(hive: str, key: str, at: dt.datetime, **value: str) -> Record:
    """A key, or with ``name``, ``type`` and ``value`` what stands in it."""
    named = {"registryValueName": value.get("name"), "registryValueType": value.get("type"), "registryValue": value.get("value")}
    return evidence("Registry", at, registryHive=hive, registryKey=key, **named)
