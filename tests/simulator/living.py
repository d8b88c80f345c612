# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a world that change while it runs: some were written anew, some came later."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Iterator

from .rows import Row, Rows, encoded


class Fresh(dict[str, t.Any]):
    """A record that is not as it was when the world began."""


class Living:
    """``base`` holds the records as they were; those that came since stand behind them."""

    def __init__(self, base: Rows) -> None:
        self.base = base
        self._written: dict[str, Fresh] = {}
        self._fields: set[str] = set()
        self._added: dict[str, Fresh] = {}

    def write(self, id_: str, **fields: t.Any) -> Row:
        """Change a record; what it is now."""
        row = Fresh({**t.cast(Row, self.get(id_)), **fields})
        (self._added if id_ in self._added else self._written)[id_] = row
        self._fields.update(fields)
        return row

    def add(self, row: Row) -> None:
        self._added[row["id"]] = Fresh(row)

    def __len__(self) -> int:
        return len(self.base) + len(self._added)

    def __iter__(self) -> Iterator[Row]:
        return self.slice(0, len(self))

    def slice(self, start: int, stop: int) -> Iterator[Row]:
        before = len(self.base)
        later = itertools.islice(self._added.values(), max(start - before, 0), max(stop - before, 0))
        return itertools.chain(self._as_they_are(self.base.slice(start, stop)), later)

    def get(self, id_: str) -> Row | None:
        return self._added.get(id_) or self._written.get(id_) or self.base.get(id_)

    def at_first(self, id_: str) -> Row | None:
        """As it was when the world began; as it is when it came later."""
        return self.base.get(id_) or self._added.get(id_)

    def find(self, name: str, value: t.Any) -> list[Row]:
        if name in self._fields:
            return [row for row in self if row[name] == value]
        later = (row for row in self._added.values() if row[name] == value)
        return [*self._as_they_are(iter(self.base.find(name, value))), *later]

    def encode(self, rows: t.Sequence[Row], emptied: frozenset[str] = frozenset()) -> list[str]:
        if not (self._written or self._added):
            return self.base.encode(rows, emptied)
        as_begun = iter(self.base.encode([row for row in rows if not isinstance(row, Fresh)], emptied))
        return [encoded(row, emptied) if isinstance(row, Fresh) else next(as_begun) for row in rows]

    def _as_they_are(self, rows: Iterator[Row]) -> Iterator[Row]:
        return (self._written.get(row["id"], row) for row in rows) if self._written else rows
