# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives out turns to call, so that a tenant is never called more often than its service allows.

The service counts each operation by itself, so each has a record of its own. Turns are given out in the order in which
they are asked for. A turn that nobody uses, because its process was killed, is spent and blocks nobody.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._operation import Operation, Rate
from .budget_record import NEVER, Keeper

MARGIN = 1.0
"""Seconds added to each window: the service counts a call when it arrives, a little after it was sent."""

WAITING = 256
"""Times that a record has beyond those of the longest window: for turns of processes that wait."""

LONGEST_HOLD = 3600.0
"""Seconds that one refusal holds a kind of call back at most: no window of the service is longer."""

FURTHEST = 2 * LONGEST_HOLD
"""Seconds ahead for which turns are given out; a time beyond that in a record is not one of ours."""


@dataclass(frozen=True)
class Window:
    """So many calls in so many seconds, wherever one begins to count."""

    calls: int
    seconds: int
    span: str

    def __str__(self) -> str:
        return f"{self.calls:,} calls {self.span}"


class Turn(t.NamedTuple):
    """When to call, or to ask again, by the monotonic clock. ``limit`` is the window that is full until then, ``None`` for a hold."""

    at: float
    slot: int | None = None
    limit: Window | None = None


class Budget:
    """The turns of one tenant.

    :param clock: has ``monotonic``, as the module ``time`` has
    :param counted: without it calls are not counted, and only holds are kept
    """

    def __init__(self, keeper: Keeper, clock: t.Any, *, counted: bool = True) -> None:
        self._keeper = keeper
        self._clock = clock
        self._counted = counted

    def take(self, operation: Operation, mine: Turn | None = None) -> Turn:
        """The next turn. One whose time has come is handed in as ``mine`` and stays, unless others have spent it meanwhile.

        :raises Unusable: the record cannot be read or written
        """
        windows = self._windows(operation)
        with self._keeper.opened(operation.id, _slots(windows)) as record:
            now = self._clock.monotonic()
            held = _believable(record.held_until, now)
            if not windows:
                return Turn(max(now, held))
            times = [_believable(time, now) for time in record.times]
            slot = mine.slot if mine and mine.slot is not None and times[mine.slot] == mine.at else None
            if mine and slot is not None:
                times[slot] = NEVER
                begun = sorted(time for time in times if time <= now)
                if _next(windows, begun, now, held).at <= now:
                    return mine
            ordered = sorted(times)
            turn = _next(windows, ordered, now, held)
            if turn.at > now + FURTHEST:
                return turn._replace(at=now + FURTHEST)  # without a slot: to ask again then
            slot = times.index(ordered[0]) if slot is None else slot
            record.put(slot, turn.at)
            return turn._replace(slot=slot)

    def settle(self, operation: Operation, turn: Turn) -> None:
        """The answer is here: the service has counted the call by now, and no later, however slow the way was.

        :raises Unusable: the record cannot be read or written
        """
        if turn.slot is None or self._clock.monotonic() - turn.at <= MARGIN:
            return
        with self._keeper.opened(operation.id, _slots(self._windows(operation))) as record:
            if record.times[turn.slot] == turn.at:
                record.put(turn.slot, self._clock.monotonic())

    def hold(self, operation: Operation, seconds: float) -> None:
        """The service has refused a call for its rate: nobody calls for so long. A longer hold stays.

        :raises Unusable: the record cannot be read or written
        """
        with self._keeper.opened(operation.id, _slots(self._windows(operation))) as record:
            now = self._clock.monotonic()
            until = now + min(seconds, LONGEST_HOLD)
            if until > _believable(record.held_until, now):
                record.hold(until)

    def predict(self, operation: Operation, calls: int) -> float:
        """Seconds from now to the last of so many turns, if nobody else takes any.

        :raises Unusable: the record cannot be read
        """
        windows = self._windows(operation)
        with self._keeper.opened(operation.id, _slots(windows)) as record:
            now = self._clock.monotonic()
            held = _believable(record.held_until, now)
            times = sorted(_believable(time, now) for time in record.times)
        last = now
        for _call in range(calls):
            last = _next(windows, times, now, held).at
            times.append(last)
        return last - now

    def _windows(self, operation: Operation) -> tuple[Window, ...]:
        return windows_of(operation.rate) if self._counted else ()


def windows_of(rate: Rate) -> tuple[Window, ...]:
    """The limits that are known; none where the service's page gives no number."""
    known = ((rate.per_minute, 60, "a minute"), (rate.per_hour, 3600, "an hour"))
    return tuple(Window(calls, seconds, span) for calls, seconds, span in known if calls is not None)


def _slots(windows: t.Sequence[Window]) -> int:
    return max(window.calls for window in windows) + WAITING if windows else 0


def _next(windows: t.Sequence[Window], times: t.Sequence[float], now: float, held: float) -> Turn:
    """The first moment that every window has room for, and what it waits for; ``times`` are in order."""
    turn = Turn(max(now, held))
    for window in windows:
        free_at = times[-window.calls] + window.seconds + MARGIN if len(times) >= window.calls else NEVER
        if free_at > turn.at:
            turn = Turn(free_at, limit=window)
    return turn


def _believable(time: float, now: float) -> float:
    """What a broken file may hold is not waited for; nor is what a clock said before the node was started anew."""
    return time if time <= now + FURTHEST else NEVER
