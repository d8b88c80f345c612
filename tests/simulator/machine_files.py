# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a machine holds: what alerts have seen there, a few that all have, and what sessions put there.

The content of a file of a world is such that its SHA-1 is the one that the alerts name.
"""

from __future__ import annotations

import hashlib
import typing as t

from .actions import QUARANTINE, SUCCEEDED
from .live_response import put_by

if t.TYPE_CHECKING:
    from .rows import Row
    from .world import World

HOSTS = {True: "C:\\Windows\\System32\\drivers\\etc\\hosts", False: "/etc/hosts"}
SIGNED = ("c:\\windows\\system32\\", "c:\\windows\\syswow64\\")
"""What Microsoft has signed lies here, in these worlds."""


def is_windows(machine: Row) -> bool:
    return machine["osPlatform"].startswith("Windows")


def files_at_first(world: World, machine: Row) -> dict[str, bytes]:
    """Path -> content."""
    windows = is_windows(machine)
    found = {HOSTS[windows]: b"127.0.0.1 localhost\n"}
    for alert in world.alerts.find("machineId", machine["id"]):
        for piece in alert["evidence"]:
            if piece["sha1"] and piece["filePath"]:
                path = f"{piece['filePath']}{chr(92) if windows else '/'}{piece['fileName']}"
                found[path] = f"file {piece['fileName']}".encode()
    return found


def files_now(world: World, machine: Row) -> dict[str, bytes]:
    """Path -> content, without what was quarantined."""
    now = world.clock.now()
    held = {**files_at_first(world, machine), **dict(put_by(world.actions.of_machine(machine["id"]), now))}
    gone = set(quarantined(world, machine))
    return {path: content for path, content in held.items() if sha1_of(content) not in gone}


def quarantined(world: World, machine: Row) -> list[str]:
    """SHA-1 of the files that were there when they were asked to be taken away."""
    now = world.clock.now()
    actions = world.actions.of_machine(machine["id"])
    there = {sha1_of(content) for content in files_at_first(world, machine).values()}
    there.update(sha1_of(content) for _path, content in put_by(actions, now))
    taken = {
        action.sha1.lower(): None
        for action in actions
        if action.type == QUARANTINE and action.sha1 and action.status(now) == SUCCEEDED
    }
    return [sha1 for sha1 in taken if sha1 in there]


def is_signed(world: World, machine: Row, sha1: str) -> bool:
    """Whether a file of that hash on the machine is Microsoft's, which cannot be quarantined."""
    return any(
        path.lower().startswith(SIGNED) and sha1_of(content) == sha1.lower()
        for path, content in files_at_first(world, machine).items()
    )


def sha1_of(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
