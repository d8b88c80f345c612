# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether and when a call that failed is sent again; this is the only place that decides it."""

from __future__ import annotations

import random
import typing as t
from dataclasses import dataclass

from .._operation import Operation
from .errors import DefenderError
from .no_answer import CONNECT_TIMEOUT, CUT_SHORT, DROPPED, NO_ROUTE, READ_TIMEOUT, REFUSED
from .pace import Pace

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds before the first repetition and at most, where the service names no time."""

JITTER, LONGEST_JITTER = 0.25, 2.0
"""Up to this share and these seconds are added to a pause, so that callers do not come back all at once."""

THROTTLED = 429


@dataclass(frozen=True)
class Rule:
    """``writes`` says whether a write is repeated, too: only where it surely had no effect."""

    writes: bool
    repetitions: int | None = None


# By status, or by the code of a call without an answer. 429 and 503 mean that nothing was done (common-errors.md);
# after 500, 502, 504 and a lost answer nobody knows. What is not here would fail again in the same way.
RULES: dict[t.Any, Rule] = {
    THROTTLED: Rule(writes=True),
    503: Rule(writes=True),
    509: Rule(writes=True),  # Graph's word for a limit of bandwidth (Graph throttling page)
    500: Rule(writes=False, repetitions=4),
    502: Rule(writes=False, repetitions=4),
    504: Rule(writes=False, repetitions=4),
    READ_TIMEOUT: Rule(writes=False, repetitions=2),
    DROPPED: Rule(writes=False, repetitions=4),
    CUT_SHORT: Rule(writes=False, repetitions=4),
    CONNECT_TIMEOUT: Rule(writes=True, repetitions=2),
    REFUSED: Rule(writes=True, repetitions=2),
    NO_ROUTE: Rule(writes=True, repetitions=2),
}


def pause_before(
    operation: Operation,
    error: DefenderError,
    *,
    repetition: int,
    left: float,
    chance: t.Callable[[], float] = random.random,
) -> float | None:
    """Seconds to wait before repetition number ``repetition`` (from 1); ``None`` where the call is given up.

    ``left`` is what remains of the time for retries, in seconds.
    """
    rule = RULES.get(error.status if error.status in RULES else error.code)
    if rule is None or not (operation.repeatable or rule.writes):
        return None
    if rule.repetitions is not None and repetition > rule.repetitions:
        return None
    pause = error.details.get("retry_after")
    if pause is None:
        pause = min(FIRST_PAUSE * 2 ** (repetition - 1), LONGEST_PAUSE)
    # To come back before the time that the service named is refused again (common-errors.md), so chance only adds.
    pause += min(pause * JITTER, LONGEST_JITTER) * chance()
    return pause if pause <= left else None


class Patience:
    """The patience with one call: how often it has failed and for how long."""

    def __init__(self, operation: Operation, *, retry_time: float, pace: Pace, clock: t.Any) -> None:
        self._operation = operation
        self._retry_time = retry_time
        self._pace = pace
        self._clock = clock
        self._failures = 0
        self._first_failure: float | None = None

    def after(self, error: DefenderError) -> None:
        """Wait until the call may be sent again, or raise ``error`` when it may not."""
        now = self._clock.monotonic()
        self._first_failure = now if self._first_failure is None else self._first_failure
        self._failures += 1
        left = self._retry_time - (now - self._first_failure)
        pause = pause_before(self._operation, error, repetition=self._failures, left=left)
        if error.status == THROTTLED:
            # One refusal speaks for all who share the budget, and also when this call is given up; each waits before its next call of this kind.
            self._pace.hold(self._operation, error.details.get("retry_after", 0.0) if pause is None else pause)
        if pause is None:
            raise error
        if error.status != THROTTLED:
            self._clock.sleep(pause)
