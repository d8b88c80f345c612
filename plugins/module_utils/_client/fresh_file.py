# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a file that appears under its name in one move, when the last byte is in it, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import typing as t

Move = t.Callable[[str, str], None]


class Sink:
    """A stream that counts and hashes what goes through it, to a file or to nowhere."""

    def __init__(self, stream: t.BinaryIO | None) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._hash.update(piece)
        self.size += len(piece)
        if self._stream is not None:
            self._stream.write(piece)
        return len(piece)

    def flush(self) -> None:
        """For gzip, which asks; the file itself is flushed once, at its end."""

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextlib.contextmanager
def fresh_file(path: str, move: Move = os.replace) -> t.Iterator[t.BinaryIO]:
    """A new file beside ``path``, readable for its owner alone, which ``move`` puts there at the end.

    It goes away when anything fails.

    :raises OSError: it cannot be made, written or moved
    """
    # mkstemp makes it readable for its owner alone.
    handle, fresh = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        move(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def sha256_of(path: str) -> str | None:
    """The hash of a file; ``None`` where there is none.

    :raises OSError: it cannot be read
    """
    found = hashlib.sha256()
    try:
        with open(path, "rb") as stream:
            for piece in iter(lambda: stream.read(1 << 16), b""):
                found.update(piece)
    except FileNotFoundError:
        return None
    return found.hexdigest()
