# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that moves only when somebody sleeps."""

from __future__ import annotations


class MovingClock:
    """Stands in for the module ``time``; ``slept`` is the seconds slept in all."""

    def __init__(self, now: float = 1_795_600_000.0) -> None:
        self.began = now
        self.slept = 0.0

    def time(self) -> float:
        return self.began + self.slept

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
