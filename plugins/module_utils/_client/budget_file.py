# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the records of a rate budget in small files, for all processes of this user on this node.

A file has a fixed size: a mark, the hold, the times, eight bytes each. One number is written at a time, so that a
process killed at any moment leaves a file that can be read.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
import typing as t
from array import array

from .budget_record import DOUBLES, Record, blank
from .cache_folder import CacheFolder, cache_folder
from .private_folder import OURS, Unusable, is_private_file

MARK = b"secops rates 01\n"
SUFFIX = ".rate"
NUMBER = 8

A_DAY = 86_400
"""Seconds after which a file that nobody wrote to is of no use: it is of an earlier boot, or of a tenant long left."""


class InFiles:
    """Keeps records in a private folder. ``whose`` are the words that tell one budget from others."""

    def __init__(self, path: str | None, whose: t.Sequence[str]) -> None:
        self._path = path
        self._whose = (_this_boot(), *whose)

    @contextlib.contextmanager
    def opened(self, kind: str, slots: int) -> t.Iterator[Record]:
        words = "\0".join((*self._whose, kind, str(slots)))
        name = f"{kind}.{hashlib.sha256(words.encode()).hexdigest()[:20]}{SUFFIX}"
        with cache_folder(self._path) as folder, folder.locked(name) as fd:
            if not is_private_file(fd):
                raise Unusable(f"{os.path.join(folder.path, name)} is not a file that is yours alone")
            try:
                yield _read(folder, fd, slots)
            except OSError as error:
                raise Unusable(f"{folder.path} cannot be written to ({error.strerror})") from error


def _read(folder: CacheFolder, fd: int, slots: int) -> Record:
    """The record in the file; one that is new or broken is begun."""
    size = len(MARK) + NUMBER * (1 + slots)
    content = os.pread(fd, size + 1, 0)
    numbers = blank(slots)
    if len(content) == size and content.startswith(MARK):
        numbers = array(DOUBLES, content[len(MARK) :])
    else:
        os.ftruncate(fd, 0)
        os.pwrite(fd, numbers.tobytes(), len(MARK))
        os.pwrite(fd, MARK, 0)  # last, so that half a file is known by what it lacks
        _sweep(folder)

    def keep(position: int, value: float) -> None:
        os.pwrite(fd, array(DOUBLES, [value]).tobytes(), len(MARK) + NUMBER * position)

    return Record(numbers, keep)


def _sweep(folder: CacheFolder) -> None:
    """Remove files that nobody has written to for a day."""
    old = time.time() - A_DAY
    for entry in os.scandir(folder.fd):
        if entry.name.endswith(SUFFIX) and entry.stat(follow_symlinks=False).st_mtime < old:
            with contextlib.suppress(OSError):
                _remove(folder, entry.name)


def _remove(folder: CacheFolder, name: str) -> None:
    fd = os.open(name, os.O_RDWR | OURS, dir_fd=folder.fd)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(name, dir_fd=folder.fd)
    finally:
        os.close(fd)


def _this_boot() -> str:
    """What tells this run of the node from others: the monotonic clock begins anew with each, and homes may be shared."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
            return boot.read().strip()
    except OSError:
        return os.uname().nodename
