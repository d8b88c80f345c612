# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for the turn that the rate budget gives, for all threads of this process.

Of one kind of call the process asks for one turn at a time: a job with many threads stands in the queue of the node
once, as a small one does, and neither waits longer for the other than for a few calls.
"""

from __future__ import annotations

import math
import threading
import typing as t

from .._operation import Operation
from .budget import Budget, Turn
from .budget_record import InMemory
from .errors import Throttled
from .private_folder import Unusable
from .words import span

TELL_AFTER = 30.0
"""Seconds of waiting from which a person is told."""

Answer = t.TypeVar("Answer")


def _nobody(_warning: str) -> None:
    """Tell nobody."""


class Pace:
    """``before`` a call one waits for its turn, and ``after`` it gives the turn back; ``hold`` keeps its kind back.

    :param budget: without one calls are not counted, and a hold is known to this process alone
    :param retry_time: seconds that one waits at most because the service has refused somebody
    :param warn: is told of long waits, and when the budget cannot be shared
    """

    def __init__(self, clock: t.Any, *, budget: Budget | None = None, retry_time: float = math.inf, warn: t.Callable[[str], None] = _nobody) -> None:
        self._clock = clock
        self._budget = budget or Budget(InMemory(), clock, counted=False)
        self._alone = Budget(InMemory(), clock)
        self._retry_time = retry_time
        self._warn = warn
        self._queues: dict[str, threading.Lock] = {}
        self._told: set[str] = set()

    def before(self, operation: Operation) -> Turn:
        """Wait until the operation may be called. For the limits it takes as long as it takes.

        :raises Throttled: the service has asked for a pause that ends after the time for retries
        """
        patience = self._retry_time
        with self._queues.setdefault(operation.id, threading.Lock()):
            turn = self._ask(Budget.take, operation)
            while (wait := turn.at - self._clock.monotonic()) > 0:
                if turn.limit is None:
                    if wait > patience:
                        raise _told_to_wait(operation, wait, self._retry_time)
                    patience -= wait
                self._tell(operation, turn, wait)
                self._clock.sleep(wait)
                turn = self._ask(Budget.take, operation, turn)
            return turn

    def after(self, operation: Operation, turn: Turn) -> None:
        """The answer has come, or will not come."""
        self._ask(Budget.settle, operation, turn)

    def hold(self, operation: Operation, seconds: float) -> None:
        """Nobody calls the operation for ``seconds``, in any process that shares the budget; a longer hold stays."""
        self._ask(Budget.hold, operation, seconds)

    def predict(self, operation: Operation, calls: int) -> float:
        """Seconds from now until so many calls have had their turn."""
        return self._ask(Budget.predict, operation, calls)

    def _ask(self, question: t.Callable[..., Answer], *about: t.Any) -> Answer:
        """Ask the budget; where it cannot be used, from now on one of our own."""
        try:
            return question(self._budget, *about)
        except Unusable as reason:
            self._warn(f"Calls are counted for this task alone: {reason}. Set rate_budget_path to a folder of your own, or rate_budget to false")
            self._budget = self._alone
            return question(self._budget, *about)

    def _tell(self, operation: Operation, turn: Turn, wait: float) -> None:
        if wait <= TELL_AFTER or operation.id in self._told:
            return
        self._told.add(operation.id)
        why = f"the service allows {turn.limit} in a tenant, by all runs together" if turn.limit else "the service has asked for a pause"
        self._warn(f"{operation.id} had to wait {span(wait)} for its turn: {why}")


def _told_to_wait(operation: Operation, wait: float, retry_time: float) -> Throttled:
    return Throttled(
        f"The service has refused {operation.id} for its rate and asked for a pause, which goes on for {span(wait)}; nothing was sent",
        hint=f"That is longer than retry_time ({retry_time:g} s); try again later, or run fewer jobs at once",
        details={"retry_after": wait},
    )
