# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant of up to 200,000 machines and as many alerts, each computed from its number when it is wanted."""

from __future__ import annotations

import datetime as dt
import functools
import json
import typing as t
from collections.abc import Callable

from ..clock import Clock, stamp
from ..living import Living
from ..rows import Json, Numbered
from ..world import TENANT_ID, Finding, World
from .records import alert, evidence, machine, process, user
from .scripts import library

MOST = 200_000

ID_SPACE = 1 << 160
ID_STEP = 0x9E3779B97F4A7C15F39CC0605CEDC8341082276B  # odd, so that numbers and ids go over into each other
ID_BACK = pow(ID_STEP, -1, ID_SPACE)
FIRST_ALERT_TICKS = 638_000_000_000_000_000

PLATFORMS = ("Windows11",) * 5 + ("Windows10",) * 2 + ("WindowsServer2019", "WindowsServer2022", "Linux")
CLIENT_OF_WINDOWS, CLIENT_OF_LINUX = "10.8760.22631.4317", "101.24082.4"
HEALTH = ("Active",) * 7 + ("Inactive",) * 2 + ("NoSensorData",)
RISK = ("None",) * 6 + ("Informational", "Low", "Medium", "High")
EXPOSURE = ("Low",) * 6 + ("Medium",) * 3 + ("High",)
SEVERITY = ("Informational",) * 3 + ("Low",) * 3 + ("Medium",) * 3 + ("High",)
STATUS = ("New",) * 3 + ("InProgress",) + ("Resolved",) * 6
TAGS = tuple(Json(json.dumps(tags)) for tags in ([], [], ["vip"], ["tier-1"], ["tier-1", "lab"], []))
GROUPS = ("Workstations", "Servers", "Branch offices", "Laboratory")


def _scatter(number: int, salt: int) -> int:
    """A number that looks thrown, the same in every run."""
    return ((number + salt) * 2654435761 & 0xFFFFFFFF) >> 7


def _pick(choices: t.Sequence[t.Any], salt: int) -> Callable[[int], t.Any]:
    size = len(choices)
    return lambda number: choices[_scatter(number, salt) % size]


def machine_id(number: int) -> str:
    return f"{(number + 1) * ID_STEP % ID_SPACE:040x}"


def _number_of_machine(id_: str) -> int:
    try:
        return int(id_, 16) * ID_BACK % ID_SPACE - 1
    except ValueError:
        return -1


def name(number: int) -> str:
    return f"ws-{number:06d}.contoso.com"


def _number_of_name(text: str) -> int:
    digits = text[3:9]
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def address(number: int) -> str:
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def _number_of_address(text: str) -> int:
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return -1
    return (int(parts[1]) << 16) + (int(parts[2]) << 8) + int(parts[3])


def alert_id(number: int) -> str:
    return f"da{FIRST_ALERT_TICKS + number}_{_scatter(number, 5) - (1 << 24)}"


def _number_of_alert(id_: str) -> int:
    ticks = id_[2:].partition("_")[0]
    return int(ticks) - FIRST_ALERT_TICKS if ticks.isascii() and ticks.isdigit() else -1


def _guid(number: int) -> str:
    return f"{_scatter(number, 1):08x}-0000-4000-8000-{number:012x}"


def _addresses(number: int) -> Json:
    return Json(
        f'[{{"ipAddress":"{address(number)}","macAddress":"{_scatter(number, 2):012X}",'
        f'"type":"Ethernet","operationalStatus":"Up"}}]'
    )


def _moments(now: dt.datetime, step: dt.timedelta) -> Callable[[int], str]:
    """A moment in the past for each number, out of a table: making each anew would cost most of a page's time."""
    table = [stamp(now - step * place) for place in range(2000)]
    return lambda number: table[_scatter(number, 3) % 2000]


def build(count: int, clock: Clock) -> World:
    now = clock.now().replace(microsecond=0)
    machines = _machines(count, now)
    # A scan finds something on one of a hundred machines, about.
    found = [Finding("updater.exe", "C:\\ProgramData", "Trojan:Win32/Updater.A")]
    return World(
        name=f"large:{count}",
        machines=Living(machines),
        alerts=Living(_alerts(count, now)),
        findings={machine_id(number): found for number in range(13, count, 97)},
        library=library(now),
        clock=clock,
    )


def _machines(count: int, now: dt.datetime) -> Numbered:
    platform = _pick(PLATFORMS, 11)
    varying: dict[str, Callable[[int], t.Any]] = {
        "id": machine_id,
        "computerDnsName": name,
        "lastSeen": _moments(now, dt.timedelta(minutes=5)),
        "osPlatform": platform,
        "agentVersion": lambda number: CLIENT_OF_LINUX if platform(number) == "Linux" else CLIENT_OF_WINDOWS,
        "lastIpAddress": address,
        "healthStatus": _pick(HEALTH, 12),
        "riskScore": _pick(RISK, 13),
        "exposureLevel": _pick(EXPOSURE, 14),
        "rbacGroupName": _pick(GROUPS, 15),
        "rbacGroupId": _pick(range(140, 140 + len(GROUPS)), 15),
        "aadDeviceId": _guid,
        "machineTags": _pick(TAGS, 16),
        "ipAddresses": _addresses,
    }
    pattern = machine("pattern", None, seen=now)
    return Numbered(
        count,
        order=tuple(pattern),
        constant=pattern,
        varying=varying,
        keys={"id": _number_of_machine, "computerDnsName": _number_of_name, "lastIpAddress": _number_of_address},
    )


def _alerts(count: int, now: dt.datetime) -> Numbered:
    @functools.cache
    def seen(kind: int) -> Json:
        when = now - dt.timedelta(hours=kind)
        found = [
            user(f"user{kind}", when),
            process("rundll32.exe", "C:\\Windows\\SysWOW64", f"rundll32.exe c:\\temp\\{kind}.dll,Run", when, number=3000 + kind),
            evidence("Ip", when, ipAddress=f"198.51.100.{kind}"),
        ]
        return Json(json.dumps(found, separators=(",", ":")))

    created = _moments(now, dt.timedelta(minutes=20))
    varying: dict[str, Callable[[int], t.Any]] = {
        "id": alert_id,
        "incidentId": lambda number: 1_000_000 + number // 4,
        "severity": _pick(SEVERITY, 21),
        "status": _pick(STATUS, 22),
        "alertCreationTime": created,
        "firstEventTime": created,
        "lastEventTime": created,
        "lastUpdateTime": created,
        "machineId": lambda number: machine_id(number % count),
        "computerDnsName": lambda number: name(number % count),
        "evidence": lambda number: seen(_scatter(number, 23) % 200),
    }
    on = machine("pattern", None, seen=now)
    pattern = alert("pattern", on, created=now, title="Suspicious signed binary ran code", aadTenantId=TENANT_ID)
    # Each machine has the alert of its own number, so one is found by its machine without a search.
    keys = {"id": _number_of_alert, "machineId": _number_of_machine}
    return Numbered(count, order=tuple(pattern), constant=pattern, varying=varying, keys=keys)
