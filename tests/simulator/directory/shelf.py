# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of the directory that take their time until everyone knows them."""

from __future__ import annotations

import datetime as dt
import typing as t
from collections.abc import Callable, Iterator

Row = dict[str, t.Any]


class Shelf:
    """Rows by id. A row put here with a moment is known to nobody for a while: replicas of the directory lag.

    ``now`` tells the time, ``lag`` how many seconds an object takes until it is found by its id.
    """

    def __init__(self, now: Callable[[], dt.datetime], lag: Callable[[], float]) -> None:
        self._now = now
        self._lag = lag
        self._rows: dict[str, Row] = {}
        self._made: dict[str, dt.datetime] = {}

    def put(self, row: Row, *, long_ago: bool = False) -> Row:
        self._rows[row["id"]] = row
        if not long_ago:
            self._made[row["id"]] = self._now()
        return row

    def get(self, id_: str) -> Row | None:
        """The row, once it is known."""
        return self._rows.get(id_) if self.age(id_) >= self._lag() else None

    def all(self, lag: float | None = None) -> Iterator[Row]:
        """Rows that are known; with a ``lag`` those that are older than it."""
        least = self._lag() if lag is None else lag
        return (row for id_, row in self._rows.items() if self.age(id_) >= least)

    def find(self, **values: t.Any) -> Row | None:
        """The first known row with these values."""
        return next((row for row in self.all() if all(row.get(name) == value for name, value in values.items())), None)

    def holds(self, **values: t.Any) -> bool:
        """Whether there is such a row, known or not: what must be unique is so at once."""
        return any(all(row.get(name) == value for name, value in values.items()) for row in self._rows.values())

    def age(self, id_: str) -> float:
        """Seconds since it was put here."""
        made = self._made.get(id_)
        return float("inf") if made is None else (self._now() - made).total_seconds()

    def take(self, id_: str) -> Row:
        """Off the shelf."""
        self._made.pop(id_, None)
        return self._rows.pop(id_)

    def __len__(self) -> int:
        return len(self._rows)
