# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says now and then, in a line for a person, how far the work is."""

from __future__ import annotations

import threading
import time
import typing as t

from ..module_utils._response import outcome as words
from ..module_utils._response.progress import ASKING, FETCHING, WAITING, Progress

PAUSES = (5, 10, 20, 30, 60)
"""Seconds before the first line and between those that follow; the last holds on. Work that ends sooner says nothing."""

REACHED = {ASKING: "asked", WAITING: "ended", FETCHING: "fetched"}
"""What is counted in each phase."""

NOT_REACHED = {ASKING: words.NOT_SENT, WAITING: words.PENDING, FETCHING: words.PENDING}
"""The outcome of those that have not got so far."""

FIRST = ". Safe to stop: run the task again, and it takes up what is under way."
"""Said once, while there is something on the screen to say it on: nothing can be said after Ctrl-C."""


class Teller:
    """A watcher of progress that gives lines to ``say``, within its ``with`` block.

    A thread of its own speaks, from the first news on: the work may be silent for a minute, held by the service's
    rate, and a line must never hold up the work.
    """

    def __init__(self, say: t.Callable[[str], None], pauses: t.Sequence[float] = PAUSES) -> None:
        self._say = say
        self._pauses = pauses
        self._news = threading.Condition()
        self._latest: Progress | None = None
        self._phase_said: str | None = None
        self._over = False
        self._thread = threading.Thread(target=self._talk, name="progress", daemon=True)

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, *_error: object) -> None:
        with self._news:
            self._over = True
            self._news.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def __call__(self, progress: Progress) -> None:
        """Take note; called from any thread."""
        with self._news:
            first = self._latest is None
            self._latest = progress
            if first:
                self._thread.start()
            self._news.notify()

    def _talk(self) -> None:
        """A line after each pause, and at once when a phase has ended of which a line was said."""
        said = 0
        due = time.monotonic() + self._pauses[0]
        while True:
            with self._news:
                self._news.wait_for(self._has_changed, due - time.monotonic())
                if self._over or self._latest is None:
                    return
                progress = self._latest
            self._say(line(progress) + ("" if said else FIRST))
            said += 1
            self._phase_said = progress.phase
            due = time.monotonic() + self._pauses[min(said, len(self._pauses) - 1)]

    def _has_changed(self) -> bool:
        """Whether something cannot wait."""
        return self._over or (self._phase_said is not None and self._latest is not None and self._latest.phase != self._phase_said)


def line(progress: Progress) -> str:
    """``progress`` as it reads aloud; it holds numbers and words of ours, and nothing else."""
    reached = progress.done - progress.counts.get(NOT_REACHED[progress.phase], 0)
    facts = [f"{progress.word}: {reached} of {progress.total} {REACHED[progress.phase]}"]
    told = words.WORDS if progress.phase == WAITING else [word for word in words.WORDS if word in words.BAD]
    facts += [f"{progress.counts[word]} {word.replace('_', ' ')}" for word in told if progress.counts.get(word) and word != words.PENDING]
    said = ", ".join(facts)
    left = progress.seconds_left()
    if left is None:
        return said
    return f"{said}; waits {in_words(left, 'up to')} more" if progress.phase == WAITING else f"{said}; {in_words(left, 'about')} left"


def in_words(seconds: float, nearness: str) -> str:
    """A time as a person says it, ``nearness`` put before what is rounded."""
    if seconds < 45:
        return "less than a minute"
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{nearness} a minute"
    return f"{nearness} {minutes} minutes" if minutes < 100 else f"{nearness} {round(minutes / 60)} hours"
