# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the queries of a tenant may cost together, at each of the two services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ..declared import DEFENDER, GRAPH

QUARTER, HOUR, DAY = dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1)
CYCLES: Mapping[str, Mapping[dt.timedelta, float]] = {GRAPH: {QUARTER: 1.0}, DEFENDER: {HOUR: 1.0, DAY: 18.0}}
"""Service -> its cycles, with how many times the seconds allowed: quarters of an hour (advanced-hunting-limits.md), and in the classic
service 10 minutes an hour and 3 hours a day (run-advanced-query-api.md)."""

Cycle = tuple[dt.timedelta, dt.datetime]
"""How long it is, and when it began."""


class Quota:
    """Counts the seconds that queries have run in the cycles of the moment; all of them begin with the day."""

    def __init__(self, service: str) -> None:
        self._cycles = CYCLES[service]
        self._spent: dict[Cycle, float] = {}

    def spend(self, seconds: float, now: dt.datetime) -> None:
        self._spent = {cycle: self._spent.get(cycle, 0.0) + seconds for cycle in self._at(now)}

    def wait(self, allowed: float, now: dt.datetime) -> dt.timedelta | None:
        """How long until the next cycle, when one's seconds are spent."""
        spent = ((cycle, self._spent.get(cycle, 0.0) >= allowed * self._cycles[cycle[0]]) for cycle in self._at(now))
        return max((length + begin - now for (length, begin), is_spent in spent if is_spent), default=None)

    def _at(self, now: dt.datetime) -> list[Cycle]:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return [(length, midnight + (now - midnight) // length * length) for length in self._cycles]
