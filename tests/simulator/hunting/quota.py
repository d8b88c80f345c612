# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the queries of a tenant may cost together (advanced-hunting-limits.md)."""

from __future__ import annotations

import datetime as dt

CYCLE = dt.timedelta(minutes=15)


class Quota:
    """Counts the seconds that queries have run in the cycle of the moment; cycles begin with the quarters of an hour."""

    def __init__(self) -> None:
        self._spent: dict[dt.datetime, float] = {}

    def spend(self, seconds: float, now: dt.datetime) -> None:
        cycle = _cycle(now)
        self._spent = {cycle: self._spent.get(cycle, 0.0) + seconds}

    def wait(self, allowed: float, now: dt.datetime) -> dt.timedelta | None:
        """How long until the next cycle, when this one's seconds are spent."""
        cycle = _cycle(now)
        return cycle + CYCLE - now if self._spent.get(cycle, 0.0) >= allowed else None


def _cycle(now: dt.datetime) -> dt.datetime:
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
