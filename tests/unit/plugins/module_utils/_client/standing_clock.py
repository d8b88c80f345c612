# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A monotonic clock that a test moves, and that knows no time of day."""

from __future__ import annotations

UPTIME = 100_000.0


class StandingClock:
    def __init__(self, now: float = UPTIME) -> None:
        self.now = now

    def monotonic(self) -> float:
        return self.now
