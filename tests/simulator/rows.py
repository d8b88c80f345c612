# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a world: held in a list, or computed from their number when they are wanted."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Iterator, Mapping

Row = Mapping[str, t.Any]


class Ordered(t.Protocol):
    """Records in a fixed order."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...

    def slice(self, start: int, stop: int) -> Iterator[Row]:
        """Records by place, without making those before them."""


class Rows(Ordered, t.Protocol):
    """Records of which each has an ``id``."""

    def get(self, id_: str) -> Row | None: ...

    def find(self, name: str, value: t.Any) -> list[Row]:
        """All records whose field of that name has that value."""

    def encode(self, rows: t.Sequence[Row], emptied: frozenset[str] = frozenset()) -> list[str]:
        """Records as JSON; fields in ``emptied`` are shown as empty lists."""


def encoded(row: Row, emptied: frozenset[str] = frozenset()) -> str:
    """One record as JSON."""
    return json.dumps({name: [] if name in emptied else value for name, value in row.items()}, separators=(",", ":"))


class Listed:
    """Few records, each written out; ``key`` names the field that tells them apart."""

    def __init__(self, rows: t.Iterable[dict[str, t.Any]], *, key: str = "id") -> None:
        self._rows = {row[key]: row for row in rows}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def slice(self, start: int, stop: int) -> Iterator[Row]:
        return iter(list(self._rows.values())[start:stop])

    def get(self, id_: str) -> Row | None:
        return self._rows.get(id_)

    def find(self, name: str, value: t.Any) -> list[Row]:
        return [row for row in self if row[name] == value]

    def encode(self, rows: t.Sequence[Row], emptied: frozenset[str] = frozenset()) -> list[str]:
        return [encoded(row, emptied) for row in rows]


class Numbered:
    """Very many records that follow from their number.

    ``constant`` fields are the same in all records; ``varying`` ones are functions of the number that return
    numbers, plain text that JSON need not escape, or ``Json``. ``number_of`` turns an id back into its number;
    other ``keys`` do so for other fields whose values are unique.
    """

    def __init__(
        self,
        count: int,
        *,
        order: t.Sequence[str],
        constant: Mapping[str, t.Any],
        varying: Mapping[str, Callable[[int], t.Any]],
        keys: Mapping[str, Callable[[str], int]],
    ) -> None:
        self.count = count
        self.order = tuple(order)
        self.constant = constant
        self.varying = varying
        self.keys = keys

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        return self.slice(0, self.count)

    def slice(self, start: int, stop: int) -> Iterator[Row]:
        return (NumberedRow(self, number) for number in range(start, min(stop, self.count)))

    def get(self, id_: str) -> Row | None:
        return next(iter(self.find("id", id_)), None)

    def find(self, name: str, value: t.Any) -> list[Row]:
        if name not in self.keys:
            return [row for row in self if row[name] == value]
        number = self.keys[name](value)
        found = 0 <= number < self.count and self.varying[name](number) == value
        return [NumberedRow(self, number)] if found else []

    def encode(self, rows: t.Sequence[Row], emptied: frozenset[str] = frozenset()) -> list[str]:
        """Column by column, for pages of 10,000."""
        numbers = [t.cast(NumberedRow, row).number for row in rows]
        members, columns = [], []
        for name in self.order:
            if name in self.varying and name not in emptied and numbers:
                column = list(map(self.varying[name], numbers))
                columns.append(column)
                # What derives from str is JSON already.
                value = '"%s"' if column[0].__class__ is str else "%s"
            else:
                value = json.dumps([] if name in emptied else self.constant[name]).replace("%", "%%")
            members.append(f"{json.dumps(name)}:{value}")
        template = "{" + ",".join(members) + "}"
        return [template % values for values in zip(*columns)]


class Json(str):
    """A field's value that is already JSON, for lists and objects."""

    __slots__ = ()


class NumberedRow(Mapping[str, t.Any]):
    """One record of Numbered; fields are computed when asked for."""

    __slots__ = ("_rows", "number")

    def __init__(self, rows: Numbered, number: int) -> None:
        self._rows = rows
        self.number = number

    def __getitem__(self, name: str) -> t.Any:
        make = self._rows.varying.get(name)
        if make is None:
            return self._rows.constant[name]
        value = make(self.number)
        return json.loads(value) if isinstance(value, Json) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows.order)

    def __len__(self) -> int:
        return len(self._rows.order)
