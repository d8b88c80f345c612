# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that live response can use, by name."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .clock import stamp

NAME = re.compile(r"[A-Za-z0-9._-]+")
"""Letters, digits, hyphen, underscore and full stop (live-response.md)."""


@dataclass(frozen=True)
class LibraryFile:
    name: str
    content: bytes = field(repr=False)
    created: dt.datetime
    updated: dt.datetime
    created_by: str
    description: str | None = None
    parameters_description: str | None = None
    has_parameters: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def shown(self) -> dict[str, t.Any]:
        """As the service shows it; a file without parameters has no description of them (the sample)."""
        parameters = {"parametersDescription": self.parameters_description} if self.has_parameters else {}
        return {
            "fileName": self.name,
            "sha256": self.sha256,
            "description": self.description,
            "creationTime": stamp(self.created),
            "lastUpdatedTime": stamp(self.updated),
            "createdBy": self.created_by,
            "hasParameters": self.has_parameters,
            **parameters,
        }


class Library(Mapping[str, LibraryFile]):
    def __init__(self, files: t.Iterable[LibraryFile] = ()) -> None:
        self._files = {one.name: one for one in files}

    def __getitem__(self, name: str) -> LibraryFile:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def keep(self, one: LibraryFile) -> None:
        self._files[one.name] = one

    def remove(self, name: str) -> None:
        del self._files[name]
