# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines about progress read well aloud, and come at a pace that a person can bear."""

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response.progress import ASKING, FETCHING, WAITING, Progress
from ansible_collections.secops.defender.plugins.plugin_utils.progress import FIRST, Teller, in_words, line


class Listener(list):
    """Keeps what is said and lets one wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = threading.Condition()

    def __call__(self, said: str) -> None:
        with self._heard:
            self.append(said)
            self._heard.notify()

    def hears(self, count: int) -> bool:
        with self._heard:
            return self._heard.wait_for(lambda: len(self) >= count, timeout=10)


def progress(phase: str, *, total: int = 500, left: float | None = None, **counts: int) -> Progress:
    return Progress("isolated", phase, total, counts, lambda: left)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (progress(ASKING), "isolated: 0 of 500 asked"),
        (progress(ASKING, left=240, pending=117, failed=3), "isolated: 120 of 500 asked, 3 failed; about 4 minutes left"),
        (progress(ASKING, pending=100, not_sent=400), "isolated: 100 of 500 asked, 400 not sent"),
        (
            progress(WAITING, left=700, pending=100, succeeded=377, unchanged=20, timed_out=3),
            "isolated: 400 of 500 ended, 377 succeeded, 20 unchanged, 3 timed out; waits up to 12 minutes more",
        ),
        (progress(FETCHING, total=4, left=50, succeeded=2, pending=1), "isolated: 2 of 4 fetched; about a minute left"),
    ],
    ids=["nothing yet", "some", "not sent", "waiting", "fetching"],
)
def test_a_line_reads_well_aloud(told, said):
    assert line(told) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "less than a minute"), (44, "less than a minute"), (61, "about a minute"), (900, "about 15 minutes"), (7200, "about 2 hours")],
)
def test_a_time_is_told_as_a_person_says_it(seconds, said):
    assert in_words(seconds, "about") == said


def test_work_that_ends_soon_says_nothing():
    heard = Listener()
    with Teller(heard, pauses=(60,)) as watch:
        watch(progress(ASKING, pending=1))
        watch(progress(WAITING, pending=1))
    assert heard == []


def test_work_that_tells_nothing_needs_no_thread():
    with Teller(Listener()):
        assert "progress" not in {thread.name for thread in threading.enumerate()}


def test_lines_go_on_while_the_work_is_silent_and_only_the_first_says_that_one_may_stop():
    heard = Listener()
    with Teller(heard, pauses=(0.01,)) as watch:
        watch(progress(ASKING, pending=1))
        assert heard.hears(3)
    assert heard[:2] == [f"isolated: 1 of 500 asked{FIRST}", "isolated: 1 of 500 asked"]


def test_another_phase_is_told_at_once():
    heard = Listener()
    with Teller(heard, pauses=(0.01, 60)) as watch:
        watch(progress(ASKING, pending=1))
        assert heard.hears(1)
        watch(progress(ASKING, pending=2))
        watch(progress(WAITING, pending=500))
        assert heard.hears(2)
    assert heard[1] == "isolated: 0 of 500 ended"


def test_no_thread_is_left_behind_when_the_work_fails():
    with pytest.raises(RuntimeError), Teller(Listener(), pauses=(60,)) as watch:
        watch(progress(ASKING))
        raise RuntimeError
    assert "progress" not in {thread.name for thread in threading.enumerate()}


def test_the_work_is_not_held_up_by_a_slow_listener():
    speaking, hush = threading.Event(), threading.Event()

    def slow(_line: str) -> None:
        speaking.set()
        hush.wait(10)

    with Teller(slow, pauses=(0.01,)) as watch:
        watch(progress(ASKING))
        assert speaking.wait(10)
        began = time.monotonic()
        watch(progress(WAITING))
        assert time.monotonic() - began < 5
        hush.set()
