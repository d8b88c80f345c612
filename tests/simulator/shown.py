# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that are shown otherwise than they are kept: field by field, when a field is wanted."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence

from .contract import types
from .rows import Row

FUTURE = "unknownFutureValue"
"""Stands for members of an enum that are younger than it, unless the caller asks for them."""


class Shown(Mapping[str, t.Any]):
    """``fields`` makes each value of what the record is about."""

    __slots__ = ("_fields", "_about")

    def __init__(self, fields: Mapping[str, Callable[..., t.Any]], *about: t.Any) -> None:
        self._fields = fields
        self._about = about

    def __getitem__(self, name: str) -> t.Any:
        return self._fields[name](*self._about)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class InOrder:
    """Records by their keys, in the order of these; each is made when its turn comes."""

    def __init__(self, keys: Sequence[t.Any], make: Callable[[t.Any], Row]) -> None:
        self._keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Row]:
        return map(self._make, self._keys)

    def slice(self, start: int, stop: int) -> Iterator[Row]:
        return map(self._make, self._keys[start:stop])


def without_younger(value: t.Any, facts: Mapping[str, t.Any]) -> t.Any:
    """A value of a record without members of enums that callers get only when they ask for them."""
    if value in facts.get("choices_when_asked", ()):
        return FUTURE
    if isinstance(value, list) and facts.get("of") in types():
        return [_row_without_younger(item, facts["of"]) for item in value]
    return value


def _row_without_younger(row: Row, type_: str) -> dict[str, t.Any]:
    fields = types()[type_]["fields"]
    return {name: without_younger(value, fields.get(name, {})) for name, value in row.items()}


def plain(row: Row, type_: str, *, younger: bool) -> dict[str, t.Any]:
    """A record as it is sent, with or without younger members of enums."""
    return dict(row) if younger else _row_without_younger(row, type_)
