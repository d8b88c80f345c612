# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A random key in the cache's folder, for tokens that no secret of ours stands behind."""

from __future__ import annotations

import contextlib
import os

from .cache_folder import CacheFolder
from .private_folder import OURS, Unusable, is_private_file

NAME = "person.key"
LENGTH = 32


def random_key(folder: CacheFolder) -> bytes:
    """The key, made when there is none yet.

    :raises Unusable: it cannot be kept
    """
    return _read(folder) or _made(folder)


def _made(folder: CacheFolder) -> bytes:
    with folder.locked(NAME + ".lock"):
        known = _read(folder)  # another task may have been faster
        if known:
            return known
        key = os.urandom(LENGTH)
        half = NAME + ".new"
        try:
            fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | OURS, 0o600, dir_fd=folder.fd)
            with os.fdopen(fd, "wb") as file:
                os.fchmod(fd, 0o600)
                file.write(key)
            os.replace(half, NAME, src_dir_fd=folder.fd, dst_dir_fd=folder.fd)
        except OSError as error:
            raise Unusable(f"{folder.path} cannot be written to ({error.strerror})") from error
        return key


def _read(folder: CacheFolder) -> bytes | None:
    """The key, or ``None`` where there is none, or one that others could read."""
    with contextlib.suppress(OSError):
        with os.fdopen(os.open(NAME, os.O_RDONLY | OURS, dir_fd=folder.fd), "rb") as file:
            key = file.read(LENGTH + 1)
            if len(key) == LENGTH and is_private_file(file.fileno()):
                return key
    return None
