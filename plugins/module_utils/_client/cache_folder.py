# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user's private folder for what may get lost, with files that processes use one after the other."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import typing as t

from .private_folder import FOLDER, OURS, Unusable, open_private_folder


class CacheFolder(t.NamedTuple):
    """An open folder; its files are reached through ``fd``."""

    path: str
    fd: int

    @contextlib.contextmanager
    def locked(self, name: str) -> t.Iterator[int]:
        """The file, made if need be, alone among all processes; a killed process leaves no lock behind.

        :raises Unusable: it cannot be made, or not be locked
        """
        fd = self._lock(name)
        try:
            yield fd
        finally:
            os.close(fd)

    def _lock(self, name: str) -> int:
        while True:
            try:
                fd = os.open(name, os.O_RDWR | os.O_CREAT | OURS, 0o600, dir_fd=self.fd)
            except OSError as error:
                raise Unusable(f"{self.path} cannot be written to ({error.strerror})") from error
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
            except OSError as error:
                os.close(fd)
                raise Unusable(f"{self.path} does not let files be locked ({error.strerror})") from error
            if os.fstat(fd).st_nlink:
                return fd
            os.close(fd)  # somebody removed it while we waited, and the next comer makes a new one


@contextlib.contextmanager
def cache_folder(path: str | None) -> t.Iterator[CacheFolder]:
    """The folder at ``path``, or without one the user's own place for ours.

    :raises Unusable: there is none that can be used
    """
    reasons = []
    for place in (path,) if path else _own_places():
        try:
            fd = open_private_folder(place)
        except Unusable as reason:
            reasons.append(str(reason))
            continue
        try:
            yield CacheFolder(place, fd)
        finally:
            os.close(fd)
        return
    raise Unusable("; ".join(reasons))


def _own_places() -> tuple[str, ...]:
    """Where to look for a place, the best first. A container may have no home that can be written to."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return (os.path.join(caches, FOLDER), os.path.join(tempfile.gettempdir(), f"{FOLDER}-{os.geteuid()}"))
