# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps evidence: each file whole, private, with its SHA-256 noted beside it, and never over a file of other content."""

from __future__ import annotations

import contextlib
import errno
import os
import typing as t
from dataclasses import dataclass

from . import moments
from .errors import BadAnswer, BadInput
from .fresh_file import Sink, fresh_file, sha256_of

NOTE = ".sha256"
"""Ends the name of the note beside a file, which ``sha256sum --check`` understands."""

NO_HARD_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK))
"""What file systems say that cannot give a file a second name."""


@dataclass(frozen=True)
class Kept:
    """A file that lies here. ``moment`` is when it was written, as the services spell moments."""

    path: str
    size: int
    sha256: str
    moment: str

    def describe(self) -> dict[str, t.Any]:
        """For results and records: which file it is, and how it is proved to be the same later."""
        return {"path": self.path, "bytes": self.size, "sha256": self.sha256, "fetched_at": self.moment}


def check_folder(option: str, folder: str) -> None:
    """Refuse a folder that files cannot be kept in, before there is anything to keep. It may be missing, its parent may not.

    :raises BadInput: naming ``option``
    """
    if os.path.isdir(folder):
        _check_writable(option, folder, folder)
        return
    if os.path.lexists(folder):
        raise BadInput(f"{option} is {folder!r}, which is not a folder", hint="Give a folder; the names of the files are made from machine and action")
    parent = os.path.dirname(os.path.abspath(folder))
    if not os.path.isdir(parent):
        raise BadInput(f"{option} is {folder!r}, but there is no folder {parent}", hint="Create it first, for example with ansible.builtin.file")
    _check_writable(option, folder, parent)


def kept_before(path: str) -> Kept | None:
    """The file as an earlier run has kept it: its content must still be what was noted then."""
    try:
        with open(path + NOTE, encoding="ascii") as note:
            noted = note.read().partition(" ")[0]
        if os.path.islink(path) or sha256_of(path) != noted:
            return None
        return _facts(path, noted)
    except (OSError, UnicodeDecodeError):
        return None


def keep(path: str, chunks: t.Iterable[bytes], *, max_bytes: int) -> Kept:
    """Write ``chunks`` to ``path``, whose folder is made if it is missing, for its owner alone.

    :raises BadAnswer: they are more than ``max_bytes``, or another file lies there
    :raises BadInput: it cannot be written here
    :raises DefenderError: whatever ``chunks`` raise; nothing is left behind
    """
    folder = os.path.dirname(path)
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, mode=0o700)
        with fresh_file(path, _settle) as stream:
            sink = Sink(stream)
            for chunk in chunks:
                sink.write(chunk)
                if sink.size > max_bytes:
                    raise too_large(max_bytes)
        with fresh_file(path + NOTE) as note:
            note.write(f"{sink.sha256}  {os.path.basename(path)}\n".encode())
        return _facts(path, sink.sha256)
    except FileExistsError as error:
        raise BadAnswer(
            f"{path} is there already, and what was fetched is something else",
            hint="Nothing was overwritten; find out who put that file there, then name another folder",
        ) from error
    except OSError as error:
        raise BadInput(f"{folder} cannot be written to: {error.strerror}", hint="Look at the rights of the folder and the space left") from error


def too_large(max_bytes: int) -> BadAnswer:
    """The failure of a file that is larger than the task allows."""
    return BadAnswer(f"The file is larger than {max_bytes} bytes, and was not kept", hint="Raise max_file_size if you want it, and have the space")


def _facts(path: str, sha256: str) -> Kept:
    there = os.stat(path)
    return Kept(path, there.st_size, sha256, moments.spell(moments.from_epoch(there.st_mtime)))


def _settle(fresh: str, path: str) -> None:
    """Give ``fresh`` its name, unless that is taken by another content; the same content may lie there."""
    try:
        os.link(fresh, path, follow_symlinks=False)
    except FileExistsError:
        if os.path.islink(path) or sha256_of(path) != sha256_of(fresh):
            raise
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from error
        os.rename(fresh, path)
        return
    os.unlink(fresh)


def _check_writable(option: str, folder: str, where: str) -> None:
    if not os.access(where, os.W_OK | os.X_OK):
        raise BadInput(f"{option} is {folder!r}, and {where} cannot be written to", hint="Name a folder of your own, or mend its rights")
