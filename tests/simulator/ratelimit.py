# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often each operation may be called: per minute and per hour, by the simulator's clock."""

from __future__ import annotations

import collections
import math
import typing as t

from .clock import Clock

WINDOWS = {"per_minute": 60, "per_hour": 3600}
"""Name in the contract -> seconds."""


class RateLimits:
    """Counts the calls of a tenant in sliding windows; a call that is turned away is not counted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[str, collections.deque[float]] = {}

    def wait(self, operation: str, limits: t.Mapping[str, t.Any], *, scale: float = 1.0) -> int | None:
        """Whole seconds until the operation may be called again, or ``None`` when it is called now.

        ``scale`` is how long a second of the windows is.
        """
        now = self._clock.time() / scale
        calls = self._calls.setdefault(operation, collections.deque())
        while calls and calls[0] <= now - max(WINDOWS.values()):
            calls.popleft()
        waits = [_until_free(calls, limits[name], seconds, now) for name, seconds in WINDOWS.items() if name in limits]
        longest = max(waits, default=0.0)
        if longest > 0:
            return math.ceil(longest * scale)
        calls.append(now)
        return None


def _until_free(calls: collections.deque[float], most: int, seconds: int, now: float) -> float:
    if len(calls) < most:
        return 0.0
    return calls[-most] + seconds - now
