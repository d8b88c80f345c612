# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of variables that ansible-vault encrypts, in which one is set and all else stays as it is."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import typing as t
from dataclasses import dataclass, field

from . import vault
from .errors import BadInput
from .fresh_file import fresh_file

MOST_BYTES = 1_000_000
LABEL = re.compile(r"[A-Za-z0-9_.-]+")
"""What may stand in the first line of a file; another label would make a file that nobody can open."""


@dataclass(frozen=True)
class VaultFile:
    """``label`` is the vault id under which it is encrypted; without one a file keeps its own."""

    path: str
    password: bytes = field(repr=False)
    label: str | None = None

    def check_place(self) -> None:
        """Refuse a place where nothing could be written, before there is anything to write.

        :raises BadInput: there is no such folder, or it may not be written to; the label is none
        """
        if self.label is not None and not LABEL.fullmatch(self.label):
            raise BadInput(f"vault_id: {self.label!r} is no label", hint="Give the label alone, of letters and digits, and the password by its own option")
        folder = os.path.dirname(os.path.realpath(self.path))
        if not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
            raise BadInput(f"vault_file: {folder} is no folder that can be written to", hint="Create it first, or mend its rights")

    def read(self) -> dict[str, t.Any]:
        """All variables in it; none where there is no file yet.

        :raises BadInput: it is not encrypted, the password is wrong, or it holds no plain variables
        """
        return _variables(self.path, self._open().text)

    def write(self, values: t.Mapping[str, str]) -> None:
        """Set these variables, in one move, for the owner of the file alone.

        :raises BadInput: as ``read``, or it could not be written; it is as it was then
        """
        # A link stays one, and what it leads to is replaced.
        path = os.path.realpath(self.path)
        try:
            with _alone(os.path.dirname(path)):
                opened = self._open()
                text = _with(self.path, opened.text, values)
                with fresh_file(path) as stream:
                    _keep_owner(stream, path)
                    stream.write(vault.encrypt(text, self.password, self.label or opened.label))
        except OSError as error:
            raise BadInput(f"vault_file: {self.path} cannot be written: {error.strerror}", hint="It is as it was; mend its folder") from error

    def _open(self) -> vault.Opened:
        try:
            with open(self.path, "rb") as stream:
                content = stream.read(MOST_BYTES)
        except FileNotFoundError:
            return vault.Opened("", None)
        except OSError as error:
            raise BadInput(f"vault_file: {self.path} cannot be read: {error.strerror}", hint="Check the path and its rights where the task runs") from error
        if not vault.is_vault(content):
            raise BadInput(f"vault_file: {self.path} is not encrypted", hint="Encrypt it with ansible-vault first, or name a new file")
        try:
            return vault.decrypt(content, self.password)
        except vault.NotOpened as error:
            raise BadInput(f"vault_file: {self.path} cannot be opened: {error}", hint="Give the password of this file") from error


@contextlib.contextmanager
def _alone(folder: str) -> t.Iterator[None]:
    """Nobody else sets a variable in a file of this folder meanwhile: forks may keep the secrets of several tenants in one file."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Where the file system does not lock folders we go without.
        with contextlib.suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _keep_owner(stream: t.BinaryIO, path: str) -> None:
    """As root one would take the file away from whoever it belongs to."""
    with contextlib.suppress(OSError):
        held = os.stat(path)
        os.fchown(stream.fileno(), held.st_uid, held.st_gid)


def _variables(path: str, text: str) -> dict[str, t.Any]:
    import yaml

    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # a date that there is not is a ValueError
        raise BadInput(f"vault_file: {path} holds more than plain variables", hint="Name a file of its own for the secret") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadInput(f"vault_file: {path} holds no variables", hint="Name a file of its own for the secret")
    return found


def _with(path: str, text: str, values: t.Mapping[str, str]) -> str:
    """The text with these variables set; comments stay unless it is written in a form in which no line can be changed alone."""
    import yaml

    wanted = {**_variables(path, text), **values}
    changed = text or "---\n"
    for name, value in values.items():
        changed = _with_line(changed, name, json.dumps(value, ensure_ascii=False))
    try:
        if yaml.safe_load(changed) == wanted:
            return changed
    except yaml.YAMLError:
        pass
    return "---\n" + yaml.safe_dump(wanted, sort_keys=False, allow_unicode=True)


def _with_line(text: str, name: str, value: str) -> str:
    """The line of that variable at the left edge, with those that go on with it, anew; else one more at the end."""
    line = f"{name}: {value}\n"
    found = re.search(rf"^{re.escape(name)}[ ]*:.*\n?(?:[ \t]+\S.*\n?)*", text, re.MULTILINE)
    if found:
        return text[: found.start()] + line + text[found.end() :]
    return text + ("" if text.endswith("\n") else "\n") + line
