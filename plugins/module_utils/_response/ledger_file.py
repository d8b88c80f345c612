# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a ledger: lines are added at its end, by several processes in turn, and nothing is ever taken away."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
import typing as t

from .._client.private_folder import OURS, Unusable, is_private_file, open_private_folder
from .ledger_chain import START, Chain, read_chain, seal, torn_piece


class LedgerFile:
    """One ledger, open to be written. Threads may share it; other processes may write to it at the same time."""

    def __init__(self, folder: str, name: str) -> None:
        """Open the ledger, or begin one that is readable for its owner alone.

        :raises Unusable: the folder or the file is not ours, or open to others
        :raises OSError: the file cannot be opened
        """
        self.path = os.path.join(folder, name)
        folder_fd = open_private_folder(folder)
        try:
            fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND | OURS, 0o600, dir_fd=folder_fd)
            self._file = os.fdopen(fd, "rb", buffering=0)
            os.fsync(folder_fd)
        finally:
            os.close(folder_fd)
        if not is_private_file(fd):
            raise Unusable(f"{self.path} is not a file of your own, or others may read or write it")
        self.head = START
        self._read_to = 0
        self._on_disk = 0
        self._writing = threading.Lock()
        self._flushing = threading.Lock()

    def read(self) -> Chain:
        """All that it holds.

        :raises OSError: it cannot be read
        """
        with self._alone():
            content = self._from(0)
        chain = read_chain(content)
        if content.endswith(b"\n"):
            self.head, self._read_to = chain.head, len(content)
        return chain

    def append(self, entries: t.Sequence[t.Mapping[str, t.Any]], *, torn: t.Mapping[str, t.Any], lasting: bool) -> None:
        """Add ``entries`` in one piece. With ``lasting`` they survive a loss of power once this returns.

        :param torn: the facts for an entry of our own, should a writer before us have died in the middle of a line
        :raises OSError: they may not all be there
        """
        with self._alone():
            lines, head = self._caught_up(torn)
            for entry in entries:
                line, head = seal(entry, head)
                lines.append(line)
            _write_all(self._file.fileno(), b"".join(lines))
            self.head = head
            self._read_to = end = os.fstat(self._file.fileno()).st_size
        if lasting:
            self._flush(end)

    @contextlib.contextmanager
    def _alone(self) -> t.Iterator[None]:
        """No other thread and no other process writes meanwhile; the kernel takes the lock from whoever dies."""
        with self._writing:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _caught_up(self, torn: t.Mapping[str, t.Any]) -> tuple[list[bytes], t.Any]:
        """What must be written before the next entry, and the head to write it after."""
        facts = os.fstat(self._file.fileno())
        if facts.st_nlink == 0:
            raise OSError(errno.ENOENT, "the ledger was removed while it was written to")
        if facts.st_size < self._read_to:
            # Somebody cut it. To go on from the head we know leaves a gap that anyone who verifies will see.
            return [], self.head
        fresh = self._from(self._read_to)
        chain = read_chain(fresh, self.head)
        if fresh.endswith(b"\n") or not fresh:
            return [], chain.head
        if not chain.loose:
            return [b"\n"], chain.head
        line, head = seal({**torn, **torn_piece(chain.loose)}, chain.head)
        return [b"\n" + line], head

    def _from(self, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read()

    def _flush(self, end: int) -> None:
        """Have everything on disk up to ``end``. Of many threads that wait one does it for all that have written by then."""
        with self._flushing:
            if self._on_disk < end:
                upto = self._read_to
                os.fsync(self._file.fileno())
                self._on_disk = upto


def read_ledger(path: str) -> Chain:
    """What the ledger at ``path`` holds; it need not be ours, and is not written to.

    :raises OSError: it cannot be read
    """
    with open(path, "rb") as file:
        with contextlib.suppress(OSError):  # a copy may lie where nothing can be locked
            fcntl.flock(file, fcntl.LOCK_SH)
        return read_chain(file.read())


def _write_all(fd: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(fd, rest):]
