# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rate budget remembers of one kind of call, and the memory of a process that keeps it where no file can."""

from __future__ import annotations

import contextlib
import threading
import typing as t
from array import array

NEVER = float("-inf")
DOUBLES = "d"

Keep = t.Callable[[int, float], None]


def nowhere(_position: int, _value: float) -> None:
    """Keep nothing."""


class Record:
    """The times of the calls of one kind, past and to come, in no order, and until when the kind is held back.

    Times are seconds of the monotonic clock, which nobody puts forward or back. ``keep`` is told the position and
    the new value of each number that changes: the hold at 0, the times after it.
    """

    def __init__(self, numbers: array[float], keep: Keep = nowhere) -> None:
        self._numbers = numbers
        self._keep = keep

    @property
    def held_until(self) -> float:
        return self._numbers[0]

    @property
    def times(self) -> array[float]:
        return self._numbers[1:]

    def hold(self, until: float) -> None:
        self._put(0, until)

    def put(self, slot: int, time: float) -> None:
        self._put(1 + slot, time)

    def _put(self, position: int, value: float) -> None:
        self._numbers[position] = value
        self._keep(position, value)


def blank(slots: int) -> array[float]:
    """The numbers of a record without a call."""
    return array(DOUBLES, [NEVER]) * (1 + slots)


class Keeper(t.Protocol):
    """Where records are kept."""

    def opened(self, kind: str, slots: int) -> contextlib.AbstractContextManager[Record]:
        """The record of that kind with so many times, for the caller alone.

        :raises Unusable: it cannot be read or written
        """


class InMemory:
    """Keeps records for the threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, Record] = {}

    @contextlib.contextmanager
    def opened(self, kind: str, slots: int) -> t.Iterator[Record]:
        with self._lock:
            if kind not in self._records:
                self._records[kind] = Record(blank(slots))
            yield self._records[kind]
