# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machine can be asked for what: by platform, its version, and the version of the client."""

from __future__ import annotations

import typing as t

from .actions import ISOLATE, LIVE_RESPONSE, QUARANTINE, RESTRICT, SCAN
from .rows import Row
from .seam import Problem

FULL = "Full"
SELECTIVE = "Selective"

ANY = 0
SERVERS = ("WindowsServer2012R2", "WindowsServer2016", "WindowsServer2019", "WindowsServer2022", "WindowsServer2025")


def _windows(windows_10_since: int, servers: t.Iterable[str] = SERVERS) -> dict[str, int]:
    return {"Windows10": windows_10_since, "Windows11": ANY, **dict.fromkeys(servers, ANY)}


FITS: dict[tuple[str, str | None], dict[str, int]] = {
    # isolate-machine.md, respond-machine-alerts.md
    (ISOLATE, FULL): {**_windows(1703), "macOS": ANY, "Linux": ANY},
    (ISOLATE, SELECTIVE): {**_windows(1703), "macOS": ANY},
    (RESTRICT, None): _windows(1709, SERVERS[2:]),
    # The pages name no server for the scan, and none of them keeps one from it.
    (SCAN, None): {**_windows(1709), "macOS": ANY, "Linux": ANY},
    # stop-and-quarantine-file.md; servers by respond-file-alerts.md.
    (QUARANTINE, None): _windows(1703),
    (LIVE_RESPONSE, None): {**_windows(1709), "macOS": ANY, "Linux": ANY},
}
"""What is asked, and how -> platform -> oldest version of it; what is not here fits all."""

OLDEST_CLIENT: dict[tuple[str, str], tuple[int, ...]] = {
    (ISOLATE, "macOS"): (101, 98, 84),
    (SCAN, "macOS"): (101, 98, 84),
    (SCAN, "Linux"): (101, 98, 84),
    (LIVE_RESPONSE, "macOS"): (101, 43, 84),
    (LIVE_RESPONSE, "Linux"): (101, 45, 13),
}
"""isolate-machine.md, run-av-scan.md, run-live-response.md."""


def refuse_unfit(machine: Row, type_: str, scope: str | None = None) -> None:
    """Problem when the machine cannot do it."""
    platform, version, client = machine["osPlatform"], machine["version"] or "", machine["agentVersion"] or ""
    fits = FITS.get((type_, scope))
    if fits is not None and (platform not in fits or (version.isdigit() and int(version) < fits[platform])):
        raise Problem(400, "OsPlatformNotSupported", f"{type_} is not supported on {platform} {version}")
    oldest = OLDEST_CLIENT.get((type_, platform))
    if oldest is not None and tuple(int(part) for part in client.split(".") if part.isdigit()) < oldest:
        raise Problem(400, "ClientVersionNotSupported", f"{type_} needs a newer client than {client or 'none'}")
