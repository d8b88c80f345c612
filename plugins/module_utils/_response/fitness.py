# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operating systems can take an action, as far as the pages say so for certain."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

WINDOWS = "Windows"
SERVER = "WindowsServer"
MACOS = "macOS"
OLDEST_MACOS_TO_LEAVE = 14


@dataclass(frozen=True)
class Fitness:
    """The oldest release of Windows 10 and the oldest year of Windows Server that can, and whether others can at all."""

    windows_10_from: int
    servers_from: int = 0
    windows_only: bool = False

    def unfit(self, machine: dict) -> str | None:
        """Why the machine cannot, or ``None`` when it can or nobody can tell."""
        platform, release = machine.get("osPlatform") or "", machine.get("version") or ""
        if self.windows_only and platform and not platform.startswith(WINDOWS):
            return f"its operating system is {platform}, and this action exists for Windows only"
        # From 20H2 on a release is no number; those are newer than any that is one.
        if platform == "Windows10" and release.isdigit() and int(release) < self.windows_10_from:
            return f"it runs Windows 10 {release}, and this action needs {self.windows_10_from} or newer"
        year = platform[len(SERVER):][:4] if platform.startswith(SERVER) else ""
        if year.isdigit() and int(year) < self.servers_from:
            return f"it runs Windows Server {year}, and this action needs {self.servers_from} or newer"
        return None


SCAN = Fitness(windows_10_from=1709)
"""run-av-scan.md; it names no server, and none that cannot."""
QUARANTINE = Fitness(windows_10_from=1703, windows_only=True)
"""stop-and-quarantine-file.md."""
RESTRICTION = Fitness(windows_10_from=1709, servers_from=2019, windows_only=True)
"""restrict-code-execution.md, respond-machine-alerts.md."""
LIVE_RESPONSE = Fitness(windows_10_from=1709, servers_from=2012)
"""run-live-response.md."""


def is_server(machine: dict) -> bool:
    """Whether it runs Windows Server."""
    return (machine.get("osPlatform") or "").startswith(SERVER)


def cannot_leave(machine: dict) -> str | None:
    """Why the machine cannot be offboarded, or ``None``; what the page does not name cannot (offboard-machine-api.md)."""
    platform = machine.get("osPlatform") or "unknown"
    if platform.startswith(WINDOWS) or platform == "Linux":
        return None
    if platform != MACOS:
        return f"its operating system is {platform}, and the service offboards Windows, Linux and macOS only"
    if _major_version(machine) >= OLDEST_MACOS_TO_LEAVE:
        return None
    return f"the service offboards macOS from {OLDEST_MACOS_TO_LEAVE} on, and this one is older or does not say"


def _major_version(machine: dict) -> int:
    texts: t.Iterable[str] = (machine.get("osVersion") or "", machine.get("version") or "")
    return next((int(major) for major in (text.partition(".")[0] for text in texts) if major.isdigit()), 0)
