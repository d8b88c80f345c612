# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of hunting tables: what many have in common."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import typing as t

from ..clock import moment
from ..worlds.records import guid

if t.TYPE_CHECKING:
    from ..rows import Row

Cells = dict[str, t.Any]
"""Column -> value; what is not named is empty."""
Told = list[tuple[str, Cells]]
"""Table and row."""

DOMAIN = "contoso"


def number(*words: t.Any) -> int:
    """Up to a million, the same for the same words in every run."""
    return int(hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()[:8], 16) % 1_000_000


def digest(kind: str, text: str) -> str:
    return hashlib.new(kind, f"file {text}".encode(), usedforsecurity=False).hexdigest()


def on(machine: Row, at: dt.datetime | str, action: str | None = None, **cells: t.Any) -> Cells:
    """A row about a machine."""
    when = moment(at) if isinstance(at, str) else at
    named = {"ActionType": action} if action else {}
    return {
        "Timestamp": when, "DeviceId": machine["id"], "DeviceName": machine["computerDnsName"],
        "ReportId": number(machine["id"], when.isoformat(timespec="microseconds"), action, cells.get("FileName", ""), cells.get("RemoteIP", "")),
        **named, **cells,
    }


def account(name: str, *, prefix: str = "Account") -> Cells:
    """The columns of an account; the system's own has neither address nor id in the directory."""
    if name == "system":
        return {f"{prefix}Domain": "nt authority", f"{prefix}Name": name, f"{prefix}Sid": "S-1-5-18"}
    return {
        f"{prefix}Domain": DOMAIN, f"{prefix}Name": name, f"{prefix}Sid": sid(name),
        f"{prefix}Upn": f"{name}@{DOMAIN}.com", f"{prefix}ObjectId": guid(f"user {name}"),
    }


def sid(name: str) -> str:
    """As evidence has it."""
    return f"S-1-5-21-1111111111-2222222222-3333333333-{1100 + len(name)}"


def joined(folder: str | None, name: str) -> str:
    """The whole path, which is what the service puts into FolderPath."""
    if not folder:
        return name
    return f"{folder}/{name}" if folder.startswith("/") else f"{folder}\\{name}"


def starter(piece: Row, by: str) -> Cells:
    """The program of a piece of evidence, as the one that did something."""
    return {
        **account(by, prefix="InitiatingProcessAccount"),
        "InitiatingProcessFileName": piece["fileName"], "InitiatingProcessFolderPath": joined(piece["filePath"], piece["fileName"]),
        "InitiatingProcessSHA1": piece["sha1"], "InitiatingProcessSHA256": piece["sha256"], "InitiatingProcessMD5": digest("md5", piece["fileName"]),
        "InitiatingProcessId": piece["processId"], "InitiatingProcessCommandLine": piece["processCommandLine"],
        "InitiatingProcessCreationTime": moment(piece["processCreationTime"]),
        "InitiatingProcessParentId": piece["parentProcessId"], "InitiatingProcessParentFileName": piece["parentProcessFileName"],
        "InitiatingProcessParentCreationTime": moment(piece["parentProcessCreationTime"]),
    }


def is_private(address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network("10.0.0.0/8")


def network(address: str, port: int, url: str = "") -> Cells:
    return {"RemoteIP": address, "RemotePort": port, "RemoteUrl": url, "RemoteIPType": "Private" if is_private(address) else "Public",
            "LocalIPType": "Private", "Protocol": "Tcp", "LocalPort": 49152 + number(address, port, url) % 16000}
