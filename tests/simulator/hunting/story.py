# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts tell, as the events they were raised on: programs and their parents, files, connections, logons."""

from __future__ import annotations

import datetime as dt
import json
import typing as t
from urllib.parse import urlsplit

from ..clock import moment
from ..signatures import MICROSOFT, is_of_windows
from .rows import Cells, Told, account, digest, is_private, joined, network, on, starter

if t.TYPE_CHECKING:
    from ..rows import Row
    from ..world import World

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
RENAMED = 480
"""Files that a ransomware renames in two minutes, before it is seen."""


def told(world: World, alert: Row) -> Told:
    machine = world.machines.get(alert["machineId"])
    if machine is None:
        return []
    tale = _Tale(world, alert, machine)
    rows = _alert(alert, machine)
    for piece in alert["evidence"]:
        rows += tale.of(piece)
    return rows


def _alert(alert: Row, machine: Row) -> Told:
    at = moment(alert["alertCreationTime"])
    common = {"Timestamp": at, "AlertId": alert["id"], "Title": alert["title"], "ServiceSource": "Microsoft Defender for Endpoint",
              "DetectionSource": "EDR" if alert["detectionSource"] == "WindowsDefenderAtp" else "Antivirus",
              "AttackTechniques": json.dumps(alert["mitreTechniques"]), "Severity": alert["severity"]}
    told_of: list[Cells] = [{"EntityType": "Machine", "EvidenceRole": "Impacted"}]
    for piece in alert["evidence"]:
        told_of.append({
            "EntityType": piece["entityType"], "EvidenceRole": "Impacted" if piece["entityType"] == "User" else "Related",
            "FileName": piece["fileName"], "FolderPath": piece["filePath"], "SHA1": piece["sha1"], "SHA256": piece["sha256"],
            "RemoteIP": piece["ipAddress"], "RemoteUrl": piece["url"], "AccountName": piece["accountName"], "AccountDomain": piece["domainName"],
            "AccountSid": piece["userSid"], "AccountUpn": piece["userPrincipalName"], "AccountObjectId": piece["aadUserId"],
            "ProcessCommandLine": piece["processCommandLine"],
        })
    held = {"DeviceId": machine["id"], "DeviceName": machine["computerDnsName"], "Categories": json.dumps([alert["category"]])}
    return [("AlertInfo", {**common, "Category": alert["category"]}), *(("AlertEvidence", {**common, **held, **one}) for one in told_of)]


class _Tale:
    """One alert, with what its pieces of evidence have in common."""

    def __init__(self, world: World, alert: Row, machine: Row) -> None:
        self.world, self.alert, self.machine = world, alert, machine
        self.by = next((piece["accountName"] for piece in alert["evidence"] if piece["accountName"]), "system")
        program = next((piece for piece in alert["evidence"] if piece["processCreationTime"]), None)
        self.program = starter(program, self.by) if program else {**account("system", prefix="InitiatingProcessAccount"),
                                                                  "InitiatingProcessFileName": "ntoskrnl.exe", "InitiatingProcessId": 4}
        self.at = moment(program["processCreationTime"]) if program else moment(alert["firstEventTime"])

    def of(self, piece: Row) -> Told:
        tell = {"Process": self._process, "File": self._file, "Ip": self._address, "Url": self._url}.get(piece["entityType"])
        return tell(piece) if tell else []

    def _on(self, at: dt.datetime, action: str, **cells: t.Any) -> Cells:
        return on(self.machine, at, action, **cells)

    def _process(self, piece: Row) -> Told:
        at, parent = moment(piece["processCreationTime"]), moment(piece["parentProcessCreationTime"])
        image = {"FileName": piece["fileName"], "FolderPath": joined(piece["filePath"], piece["fileName"]), "SHA1": piece["sha1"],
                 "SHA256": piece["sha256"], "MD5": digest("md5", piece["fileName"])}
        by_parent = {
            **account(self.by, prefix="InitiatingProcessAccount"), "InitiatingProcessFileName": piece["parentProcessFileName"],
            "InitiatingProcessFolderPath": joined(piece["parentProcessFilePath"], piece["parentProcessFileName"]),
            "InitiatingProcessId": piece["parentProcessId"], "InitiatingProcessCreationTime": parent,
            "InitiatingProcessSHA1": digest("sha1", piece["parentProcessFileName"]), "InitiatingProcessCommandLine": piece["parentProcessFileName"],
        }
        started = self._on(at, "ProcessCreated", **image, **by_parent, **account(self.by), ProcessId=piece["processId"], ProcessCreationTime=at,
                           ProcessCommandLine=piece["processCommandLine"], ProcessVersionInfoOriginalFileName=piece["fileName"])
        # Alerts are raised by this number.
        started["ReportId"] = piece["processId"]
        known = is_of_windows(piece["filePath"])
        rows: Told = [
            ("DeviceProcessEvents", started),
            ("DeviceProcessEvents", self._parent(piece, parent)),
            ("DeviceFileCertificateInfo", on(
                self.machine, at, SHA1=piece["sha1"], IsSigned=known, IsTrusted=known, IsRootSignerMicrosoft=known,
                Signer=MICROSOFT if known else "", SignatureType="Catalog" if known else "",
            )),
        ]
        if not known:
            rows.append(("DeviceFileEvents", self._on(at - 20 * SECOND, "FileCreated", **image, **by_parent)))
        if piece["parentProcessFileName"] == "services.exe":
            rows += self._service(piece, at - 5 * SECOND, by_parent)
        if piece["fileName"].lower() == "rundll32.exe":
            library = piece["processCommandLine"].partition(" ")[2].partition(",")[0]
            name = library.rpartition("\\")[2]
            rows.append(("DeviceImageLoadEvents", self._on(at + SECOND, "ImageLoaded", FileName=name, FolderPath=library, SHA1=digest("sha1", name),
                                                           SHA256=digest("sha256", name), **starter(piece, self.by))))
        if self.alert["category"] == "Ransomware" and " -ext " in piece["processCommandLine"]:
            rows += [("DeviceFileEvents", self._renamed(place, at, piece)) for place in range(RENAMED)]
        return rows

    def _parent(self, piece: Row, at: dt.datetime) -> Cells:
        name = piece["parentProcessFileName"]
        return self._on(
            at, "ProcessCreated", FileName=name, FolderPath=joined(piece["parentProcessFilePath"], name), SHA1=digest("sha1", name),
            SHA256=digest("sha256", name), ProcessId=piece["parentProcessId"], ProcessCreationTime=at, ProcessCommandLine=name, **account(self.by),
            InitiatingProcessFileName="explorer.exe", InitiatingProcessId=piece["parentProcessId"] - 100, **account(self.by, prefix="InitiatingProcessAccount"),
        )

    def _service(self, piece: Row, at: dt.datetime, by: Cells) -> Told:
        name, path = piece["fileName"].removesuffix(".exe"), joined(piece["filePath"], piece["fileName"])
        key = f"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\{name}"
        installed = json.dumps({"ServiceName": name, "ServiceAccount": "LocalSystem", "ServiceStartType": 2})
        return [
            ("DeviceRegistryEvents", self._on(at, "RegistryValueSet", RegistryKey=key, RegistryValueName="ImagePath", RegistryValueType="ExpandString",
                                              RegistryValueData=path, **by)),
            ("DeviceEvents", self._on(at, "ServiceInstalled", FileName=piece["fileName"], FolderPath=path, SHA1=piece["sha1"],
                                      AdditionalFields=installed, **by)),
        ]

    def _renamed(self, place: int, at: dt.datetime, piece: Row) -> Cells:
        folder = f"D:\\Shares\\Finance\\{2000 + place % 24}"
        name = f"report-{place:03d}.xlsx"
        return self._on(
            at + SECOND / 4 * (place + 1), "FileRenamed", FileName=f"{name}.locked", FolderPath=f"{folder}\\{name}.locked", PreviousFileName=name,
            PreviousFolderPath=folder, **starter(piece, self.by),
        )

    def _file(self, piece: Row) -> Told:
        """What lies among downloads was taken from the page that the alert names, well before anything came of it."""
        image = {"FileName": piece["fileName"], "FolderPath": joined(piece["filePath"], piece["fileName"]), "SHA1": piece["sha1"], "SHA256": piece["sha256"],
                 "MD5": digest("md5", piece["fileName"])}
        if "Downloads" in (piece["filePath"] or ""):
            at, by = self.at - 12 * MINUTE, {**account(self.by, prefix="InitiatingProcessAccount"), "InitiatingProcessFileName": "msedge.exe"}
            origin = next((one["url"] for one in self.alert["evidence"] if one["url"]), "")
        else:
            at, by, origin = moment(piece["evidenceCreationTime"]) - 80 * SECOND, self.program, ""
        made = self._on(at, "FileCreated", **image, **by, FileOriginUrl=origin)
        found = self._on(at + 10 * SECOND, "AntivirusDetection", **image, AdditionalFields=json.dumps({"ThreatName": self.alert["threatName"]}), **by)
        return [("DeviceFileEvents", made)] + ([("DeviceEvents", found)] if piece["detectionStatus"] == "Blocked" else [])

    def _address(self, piece: Row) -> Told:
        at, address = self.at + 4 * SECOND, piece["ipAddress"]
        if not is_private(address):
            return [("DeviceNetworkEvents", self._on(at, "ConnectionSuccess", **network(address, 443), **self.program, LocalIP=self.machine["lastIpAddress"]))]
        came_from = next(iter(self.world.machines.find("lastIpAddress", address)), None)
        name = came_from["computerDnsName"] if came_from else ""
        rows: Told = [("DeviceLogonEvents", self._on(at - 60 * SECOND, "LogonSuccess", LogonType="Network", RemoteIP=address, RemoteIPType="Private",
                                                     RemoteDeviceName=name, IsLocalAdmin=True, Protocol="NTLM", **account(self.by)))]
        if came_from:
            there = {**network(self.machine["lastIpAddress"], 445, self.machine["computerDnsName"]), "LocalIP": address,
                     **account(self.by, prefix="InitiatingProcessAccount"), "InitiatingProcessFileName": "System", "InitiatingProcessId": 4}
            rows.append(("DeviceNetworkEvents", on(came_from, at - 62 * SECOND, "ConnectionSuccess", **there)))
        return rows

    def _url(self, piece: Row) -> Told:
        at, host = self.at + 3 * SECOND, urlsplit(piece["url"]).hostname or ""
        address = next((one["ipAddress"] for one in self.alert["evidence"] if one["ipAddress"]), None)
        asked = json.dumps({"DnsQueryString": host, "DnsQueryResult": json.dumps([{"Result": address}])})
        rows: Told = [("DeviceEvents", self._on(at, "DnsQueryResponse", AdditionalFields=asked, **self.program))] if host != address else []
        if address:
            port = 443 if piece["url"].startswith("https") else 80
            rows.append(("DeviceNetworkEvents", self._on(at, "ConnectionSuccess", **network(address, port, piece["url"]), **self.program,
                                                         LocalIP=self.machine["lastIpAddress"])))
        return rows
