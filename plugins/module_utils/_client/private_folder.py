# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders and files that belong to this user alone: whoever else could write there could plant what we trust later."""

from __future__ import annotations

import os
import stat

FOLDER = "secops.defender"

OURS = os.O_CLOEXEC | os.O_NOFOLLOW
"""Flags for every file in such a folder."""

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
OTHERS_MAY_ANYTHING = stat.S_IRWXG | stat.S_IRWXO


class Unusable(Exception):
    """A folder or file cannot be used; the text says why. Callers make of it what fits their case."""


def open_private_folder(folder: str) -> int:
    """A descriptor of the folder, which is made if need be; whatever is reached through it nobody can swap meanwhile.

    :raises Unusable: it cannot be made or opened, belongs to another user, or others may write to it
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Unusable(f"{folder} cannot be used ({error.strerror})") from error
    facts = os.fstat(fd)
    if facts.st_uid == os.geteuid() and not facts.st_mode & OTHERS_MAY_WRITE:
        return fd
    os.close(fd)
    whose = "belongs to another user" if facts.st_uid != os.geteuid() else "can be written to by others"
    raise Unusable(f"{folder} {whose}")


def is_private_file(fd: int) -> bool:
    """Whether it is a plain file that is ours, and that others may neither read nor write."""
    facts = os.fstat(fd)
    return stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & OTHERS_MAY_ANYTHING
