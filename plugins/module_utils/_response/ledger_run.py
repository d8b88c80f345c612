# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells runs that are still at work from those that were cut short, by a lock that the kernel lets go when a process dies.

A process id would not do: it may be another process by now, and means nothing on another host or in another container.
"""

from __future__ import annotations

import fcntl
import os
import typing as t

from .._client.private_folder import OURS


def lock_path(ledger_path: str, run: str) -> str:
    """The file whose lock the run holds, beside the ledger."""
    return f"{ledger_path}.{run}.running"


def hold(path: str) -> t.BinaryIO:
    """Hold the lock for as long as the file that is returned stays open.

    :raises OSError: the file cannot be made, or the file system has no locks
    """
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | OURS, 0o600), "rb", buffering=0)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def is_held(path: str) -> bool:
    """Whether the run that locks this file is at work, in this process or another."""
    try:
        fd = os.open(path, os.O_RDONLY | OURS)
    except OSError:
        return False
    try:
        # Shared, so that two who look at once do not take each other for the run.
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
