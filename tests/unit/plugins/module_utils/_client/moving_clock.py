# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that moves only when somebody sleeps."""

from __future__ import annotations

import threading
import time


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


class TenantClock(MovingClock):
    """Whoever sleeps on it puts the simulator's clock forward; threads that sleep at once sleep through the same time."""

    def __init__(self, simulator) -> None:
        super().__init__(time.time())
        self._simulator = simulator
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        until = self.monotonic() + seconds
        with self._lock:
            left = until - self.monotonic()
            if left > 0:
                self._simulator.advance(left)
                self.slept += left
