# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time, and a sleep from which all threads of a client can be woken when their work is broken off."""

from __future__ import annotations

import threading
import time as real_time


class BrokenOff(Exception):
    """The work was broken off while this thread slept: nobody waits for it any more."""


class Clock:
    """Has ``time``, ``monotonic`` and ``sleep``, as the module ``time`` has."""

    time = staticmethod(real_time.time)
    monotonic = staticmethod(real_time.monotonic)

    def __init__(self) -> None:
        self._over = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Sleep so long.

        :raises BrokenOff: the work was broken off
        """
        if self._over.wait(seconds):
            raise BrokenOff

    def break_off(self) -> None:
        """Whoever sleeps, or wants to, gets ``BrokenOff``."""
        self._over.set()
