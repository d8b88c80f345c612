# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence of an alert as Graph shows it: each kind a type of its own (MdeAlertToGraphMap of the reference)."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .contract import types
from .graph_words import small
from .rows import Row
from .world import World

Record = dict[str, t.Any]

TYPE = "@odata.type"
NAMESPACE = "#microsoft.graph.security."
STOPPED = {"Blocked": "blocked", "Prevented": "prevented"}
"""What became of a file or process -> its remediation."""


def evidence(world: World, alert: Row) -> list[Record]:
    """The machine first, then what was found there; a user that only the alert itself names becomes evidence as well."""
    machine = world.machines.get(alert["machineId"]) if alert["machineId"] else None
    device = [] if machine is None else [_device(alert, machine)]
    return device + [_piece(piece, alert) for piece in alert["evidence"]] + _related_user(alert)


def _piece(piece: Row, alert: Row) -> Record:
    kind, facts = KINDS[piece["entityType"]](piece, alert)
    return _typed(kind, piece["evidenceCreationTime"], **facts, verdict="suspicious", remediationStatus=STOPPED.get(piece["detectionStatus"], "active"))


def _typed(kind: str, created: str, **facts: t.Any) -> Record:
    """A record with all fields of its type; lists are empty and the rest is null unless given."""
    all_, own = types()["GraphAlertEvidence"], types()[types()["GraphAlertEvidence"]["by_type"][kind]]
    record = _blank({**all_["fields"], **own["fields"]})
    return {**record, TYPE: NAMESPACE + kind, "createdDateTime": created, "verdict": "unknown", "remediationStatus": "none", **facts}


def _blank(fields: t.Mapping[str, t.Any]) -> Record:
    return {name: [] if facts["type"] == "list" else None for name, facts in fields.items()}


def _device(alert: Row, machine: Row) -> Record:
    name, _dot, domain = machine["computerDnsName"].partition(".")
    same = ("osPlatform", "osBuild", "version", "rbacGroupId", "rbacGroupName", "lastIpAddress", "lastExternalIpAddress", "vmMetadata")
    return _typed(
        "deviceEvidence",
        alert["alertCreationTime"],
        **{field: machine[field] for field in same},
        **{field: small(machine[field]) for field in ("healthStatus", "riskScore", "onboardingStatus", "defenderAvStatus")},
        mdeDeviceId=machine["id"],
        azureAdDeviceId=machine["aadDeviceId"],
        deviceDnsName=machine["computerDnsName"],
        hostName=name,
        dnsDomain=domain or None,
        firstSeenDateTime=machine["firstSeen"],
        loggedOnUsers=alert["loggedOnUsers"],
        ipInterfaces=[address["ipAddress"] for address in machine["ipAddresses"]],
        roles=["compromised"],
        detailedRoles=["Main device"],
        tags=list(machine["machineTags"]),
    )


def _user(piece: Row, _alert: Row) -> tuple[str, Record]:
    return "userEvidence", {"userAccount": _account(piece)}


def _related_user(alert: Row) -> list[Record]:
    related = alert["relatedUser"]
    if related is None or any(piece["accountName"] == related["userName"] for piece in alert["evidence"]):
        return []
    account = {**_blank(types()["GraphUserAccount"]["fields"]), "accountName": related["userName"], "domainName": related["domainName"]}
    return [_typed("userEvidence", alert["alertCreationTime"], userAccount=account)]


def _account(piece: Row) -> Record | None:
    if piece["accountName"] is None:
        return None
    return {
        **_blank(types()["GraphUserAccount"]["fields"]),
        **{name: piece[name] for name in ("accountName", "domainName", "userSid", "userPrincipalName")},
        "azureAdUserId": piece["aadUserId"],
    }


def _file_details(**known: t.Any) -> Record:
    return {**_blank(types()["GraphFileDetails"]["fields"]), **known}


def _image(piece: Row) -> Record:
    return _file_details(**{name: piece[name] for name in ("fileName", "filePath", "sha1", "sha256")})


def _found(piece: Row, alert: Row) -> Record:
    return {"detectionStatus": piece["detectionStatus"] and small(piece["detectionStatus"]), "mdeDeviceId": alert["machineId"]}


def _file(piece: Row, alert: Row) -> tuple[str, Record]:
    return "fileEvidence", {"fileDetails": _image(piece), **_found(piece, alert)}


def _process(piece: Row, alert: Row) -> tuple[str, Record]:
    parent = _file_details(fileName=piece["parentProcessFileName"], filePath=piece["parentProcessFilePath"])
    return "processEvidence", {
        **{name: piece[name] for name in ("processId", "processCommandLine", "parentProcessId")},
        "processCreationDateTime": piece["processCreationTime"],
        "parentProcessCreationDateTime": piece["parentProcessCreationTime"],
        "imageFile": _image(piece),
        "parentProcessImageFile": parent if piece["parentProcessFileName"] else None,
        "userAccount": _account(piece),
        **_found(piece, alert),
    }


def _ip(piece: Row, _alert: Row) -> tuple[str, Record]:
    return "ipEvidence", {"ipAddress": piece["ipAddress"]}


def _url(piece: Row, _alert: Row) -> tuple[str, Record]:
    return "urlEvidence", {"url": piece["url"]}


def _registry(piece: Row, alert: Row) -> tuple[str, Record]:
    """A key alone, or a key with a value."""
    key = {name: piece[name] for name in ("registryKey", "registryHive")}
    if piece["registryValueName"] is None and piece["registryValue"] is None:
        return "registryKeyEvidence", key
    value = {name: piece[name] for name in ("registryValue", "registryValueName", "registryValueType")}
    return "registryValueEvidence", {**key, **value, "mdeDeviceId": alert["machineId"]}


KINDS: dict[str, Callable[[Row, Row], tuple[str, Record]]] = {
    "User": _user, "File": _file, "Process": _process, "Ip": _ip, "Url": _url, "Registry": _registry,
}
