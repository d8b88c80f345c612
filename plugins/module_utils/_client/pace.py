# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds back calls of a kind that the service has just refused for its rate, for all threads of this process.

The service counts every operation by itself, so an operation is its own rate class. A budget shared by all processes
of the node will sit behind the same two methods.
"""

from __future__ import annotations

import threading
import typing as t

from .._operation import Operation


class Pace:
    """``before`` a call one waits until its kind is free; ``hold`` keeps its kind back."""

    def __init__(self, clock: t.Any) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def before(self, operation: Operation) -> None:
        """Wait until the operation may be called."""
        while (wait := self._held_for(operation)) > 0:
            self._clock.sleep(wait)

    def hold(self, operation: Operation, seconds: float) -> None:
        """Nobody calls the operation for ``seconds``; a longer hold stays."""
        with self._lock:
            free_at = self._clock.monotonic() + seconds
            self._free_at[operation.id] = max(free_at, self._free_at.get(operation.id, 0.0))

    def _held_for(self, operation: Operation) -> float:
        with self._lock:
            return self._free_at.get(operation.id, 0.0) - self._clock.monotonic()
