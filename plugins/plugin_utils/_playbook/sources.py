# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the files of playbooks, each read once; what cannot be read is among the findings."""

from __future__ import annotations

import typing as t
from pathlib import Path

from .content import Role
from .findings import Findings, Spot
from .lined_yaml import NotYaml, Sealed, read
from .scope import ANY_NAME, OfRole


class Sources:
    """``kept`` outlives one walk, so that a second one reads nothing again."""

    def __init__(self, found: Findings, kept: dict[Path, t.Any]) -> None:
        self._found = found
        self._kept = kept

    def entries(self, path: Path, named_at: Spot) -> list[t.Any]:
        """The plays or tasks of a file, which somebody has named at a spot."""
        content = self._content(path)
        if isinstance(content, Exception):
            self._found.unresolved[named_at, f"{path} is not read: {content}"] = None
            return []
        if content is not None and not isinstance(content, list):
            self._found.unresolved[Spot(path, 1), "it is no list"] = None
            return []
        return content or []

    def variables(self, path: Path | None) -> dict[str, t.Any]:
        """What a file gives values to. One that cannot be read may give any value to any name."""
        content = self._content(path) if path else None
        if isinstance(content, Exception):
            self._found.made.add(ANY_NAME)
        return content if isinstance(content, dict) else {}

    def of_role(self, role: Role, folder: str, path: Path | None) -> dict[str, t.Any]:
        """The defaults or the variables of a role, which may be a folder of files as well."""
        if path is None and (role.path / folder / "main").is_dir():
            self._found.made.add(ANY_NAME)
        found = OfRole(self.variables(path))
        self._found.of_roles.update(map(str, found))
        return found

    def _content(self, path: Path) -> t.Any:
        if path not in self._kept:
            self._kept[path] = _read(path)
        content = self._kept[path]
        if isinstance(content, Sealed):
            self._found.sealed[path] = None
        return content


def _read(path: Path) -> t.Any:
    try:
        return read(path)
    except (Sealed, NotYaml) as trouble:
        return trouble
