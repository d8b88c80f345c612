# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Room for so many actions under way at once, where the service has no more to give."""

from __future__ import annotations

import threading
import typing as t

from .._api import machine_actions
from .._client.errors import Refused
from .wait import GROWTH, LONGEST_PAUSE, Patience, read_actions


class Endless:
    """Room for all."""

    def enter(self) -> None:
        """There is room."""

    def leave(self, action: dict | None) -> None:
        """There is room all the same."""


class Room:
    """``at_once`` actions may be under way, those of ``begun`` among them. Threads share it.

    Whoever finds no room looks which actions have ended, all of them in one call, and waits; the others wait behind.
    """

    def __init__(self, client: t.Any, at_once: int, patience: Patience, begun: t.Iterable[dict] = ()) -> None:
        self._client = client
        self._at_once = at_once
        self._patience = patience
        self._under_way = {action["id"]: action for action in begun}
        self._asking = 0
        self._entered = client.clock.monotonic()
        self._queue = threading.Lock()
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Wait for room; the time that one waits begins anew whenever someone finds some.

        :raises Refused: none was found in time
        :raises DefenderError: the record, which tells what has ended, could not be read
        """
        clock = self._client.clock
        pause = float(self._patience.interval)
        with self._queue:
            while not self._found():
                left = self._entered + self._patience.timeout - clock.monotonic()
                if left <= 0:
                    raise Refused(
                        f"{self._at_once} actions are under way, and none of them ended within {self._patience.timeout} s, so no more were asked for",
                        hint="Run the task again for the others, or raise wait_timeout; machines that are not there take hours",
                    )
                clock.sleep(min(pause, left))
                pause = min(pause * GROWTH, LONGEST_PAUSE)
                self._look()

    def leave(self, action: dict | None) -> None:
        """The call has been answered. An action that goes on keeps its place."""
        with self._lock:
            self._asking -= 1
            if action is not None and action.get("status") in machine_actions.RUNNING:
                self._under_way[action["id"]] = action

    def _found(self) -> bool:
        with self._lock:
            if self._asking + len(self._under_way) >= self._at_once:
                return False
            self._asking += 1
            self._entered = self._client.clock.monotonic()
            return True

    def _look(self) -> None:
        with self._lock:
            watched = list(self._under_way.values())
        now = read_actions(self._client, watched) if watched else {}
        with self._lock:
            for action_id, action in now.items():
                if action.get("status") not in machine_actions.RUNNING:
                    self._under_way.pop(action_id, None)
