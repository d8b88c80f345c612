# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has signed a file of a world: what lies in the folders of Windows is Microsoft's, and all else is nobody's."""

from __future__ import annotations

SYSTEM_FOLDERS = ("c:\\windows\\system32", "c:\\windows\\syswow64")
MICROSOFT = "Microsoft Windows"
"""The signer of the programs of Windows."""
EVERYWHERE = 4_000_000
"""Machines in the world that have such a file."""


def is_of_windows(folder: str | None) -> bool:
    return (folder or "").lower().startswith(SYSTEM_FOLDERS)
