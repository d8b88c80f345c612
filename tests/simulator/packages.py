# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Investigation packages: a small ZIP of each machine, with the folders that respond-machine-alerts.md tells of."""

from __future__ import annotations

import datetime as dt
import io
import typing as t
import zipfile

from . import machine_facts, machine_files

if t.TYPE_CHECKING:
    from .rows import Row
    from .world import World


def package(world: World, machine: Row, collected: dt.datetime) -> bytes:
    """The same bytes each time for the same world and moment."""
    contents = _of_windows(world, machine) if machine_files.is_windows(machine) else _of_others(world, machine)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(zipfile.ZipInfo(name, collected.timetuple()[:6]), text.encode("utf-8"))
    return held.getvalue()


def _of_windows(world: World, machine: Row) -> dict[str, str]:
    return {
        "Autoruns/HKLM_Run.txt": "SecurityHealth REG_SZ C:\\Windows\\System32\\SecurityHealthSystray.exe\r\n",
        "Installed programs/InstalledPrograms.csv": _programs(machine),
        "Network connections/ActiveNetConnections.txt": _connections(world, machine),
        "Network connections/IpConfig.txt": _addresses(machine),
        "Processes/Processes.csv": _processes(world, machine),
        "Scheduled tasks/ScheduledTasks.csv": "TaskName,Next Run Time,Status\r\n",
        "Services/Services.csv": "Name,State\r\nSense,Running\r\nWinDefend,Running\r\n",
        "SMB sessions/SMBInboundSessions.txt": "No SMB sessions found\r\n",
        "System Information/SystemInformation.txt": _system(machine),
        "Temp Directories/Temp.txt": _files(world, machine),
        "Users and Groups/Users.txt": _users(world, machine),
        "CollectionSummaryReport.xls": "Data point\tStatus\r\nAll\tSucceeded\r\n",
    }


def _of_others(world: World, machine: Row) -> dict[str, str]:
    return {
        "network_connections.txt": _connections(world, machine) + _addresses(machine),
        "processes.txt": _processes(world, machine),
        "open_files.txt": _files(world, machine),
        "system_information.txt": _system(machine),
        "users_and_groups.txt": _users(world, machine),
    }


def _programs(machine: Row) -> str:
    return "Name,Vendor\r\n" + "".join(f"{one.title},{one.vendor}\r\n" for one in machine_facts.products(machine))


def _evidence(world: World, machine: Row, kind: str) -> list[Row]:
    alerts = world.alerts.find("machineId", machine["id"])
    return [piece for alert in alerts for piece in alert["evidence"] if piece["entityType"] == kind]


def _connections(world: World, machine: Row) -> str:
    far = "".join(f"TCP  {machine['lastIpAddress']}  {one['ipAddress']}:443  ESTABLISHED\r\n" for one in _evidence(world, machine, "Ip"))
    return f"Proto  Local  Foreign  State\r\n{far}"


def _addresses(machine: Row) -> str:
    return "".join(f"{one['type']}: {one['ipAddress']} {one['macAddress']}\r\n" for one in machine["ipAddresses"])


def _processes(world: World, machine: Row) -> str:
    rows = [f"{one['processId']},{one['fileName']},{one['processCommandLine']}\r\n" for one in _evidence(world, machine, "Process")]
    return "PID,Name,CommandLine\r\n" + "".join(rows)


def _system(machine: Row) -> str:
    return f"Host Name: {machine['computerDnsName']}\r\nOS: {machine['osPlatform']} {machine['version']}\r\nId: {machine['id']}\r\n"


def _files(world: World, machine: Row) -> str:
    return "".join(f"{path}\r\n" for path in machine_files.files_now(world, machine))


def _users(world: World, machine: Row) -> str:
    return "".join(f"{one['id']}\r\n" for one in machine_facts.logon_users(world, machine))
