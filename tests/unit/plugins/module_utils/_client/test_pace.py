# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call waits for its turn, and a person is told why when that is long."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.budget import MARGIN, Budget
from ansible_collections.secops.defender.plugins.module_utils._client.budget_file import InFiles
from ansible_collections.secops.defender.plugins.module_utils._client.budget_record import InMemory
from ansible_collections.secops.defender.plugins.module_utils._client.errors import Throttled
from ansible_collections.secops.defender.plugins.module_utils._client.pace import Pace
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import ISOLATE, MACHINE
from unit.plugins.module_utils._client.standing_clock import StandingClock

A_MINUTE = 60 + MARGIN


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def clock():
    return MovingClock()


@pytest.fixture
def pace_of(clock, tmp_path, warnings):
    """The pace of one more process."""

    def made(folder=tmp_path / "rates", **options):
        return Pace(clock, budget=Budget(InFiles(str(folder), ("a tenant",)), clock), warn=warnings.append, **options)

    return made


def call(pace, calls=1, operation=ISOLATE) -> None:
    for _call in range(calls):
        pace.before(operation)


def test_processes_share_one_budget(pace_of, clock):
    call(pace_of(), 60)
    call(pace_of(), 40)
    assert clock.slept == 0
    call(pace_of())
    assert clock.slept == pytest.approx(A_MINUTE)


def test_a_long_wait_is_told_once_with_the_limit(pace_of, warnings):
    pace = pace_of()
    call(pace, 301)
    (warning,) = warnings
    assert ISOLATE.id in warning and "100 calls a minute" in warning and "61 seconds" in warning


def test_an_hour_s_limit_is_told_as_such(pace_of, clock, warnings):
    call(pace_of(), 1500)
    assert clock.slept == pytest.approx(14 * A_MINUTE)
    call(pace_of())
    assert clock.slept == pytest.approx(3600 + MARGIN)
    assert "1,500 calls an hour" in warnings[-1] and "45 minutes" in warnings[-1]


def test_a_short_wait_is_not_told(pace_of, clock, warnings):
    pace_of().hold(ISOLATE, 30)
    call(pace_of())
    assert clock.slept == pytest.approx(30) and not warnings


def test_a_refusal_elsewhere_is_waited_for_and_told(pace_of, clock, warnings):
    pace_of().hold(ISOLATE, 45)
    call(pace_of(retry_time=300))
    assert clock.slept == pytest.approx(45)
    assert "the service has asked for a pause" in warnings[0]


def test_a_pause_longer_than_the_time_for_retries_is_not_begun(pace_of, clock):
    pace_of().hold(ISOLATE, 400)
    with pytest.raises(Throttled) as failed:
        call(pace_of(retry_time=300))
    assert clock.slept == 0
    assert failed.value.details["retry_after"] == pytest.approx(400) and "retry_time" in failed.value.hint
    call(pace_of(retry_time=300), operation=MACHINE)


def test_the_limits_are_waited_for_however_long_that_takes(pace_of, clock):
    call(pace_of(retry_time=0), 301)
    assert clock.slept == pytest.approx(3 * A_MINUTE)


def test_a_folder_that_cannot_be_used_costs_a_warning_and_the_process_counts_alone(pace_of, clock, tmp_path, warnings):
    (tmp_path / "file").write_text("in the way")
    pace = pace_of(tmp_path / "file" / "rates")
    call(pace, 101)
    assert clock.slept == pytest.approx(A_MINUTE)
    assert "Not a directory" in warnings[0] and "rate_budget_path" in warnings[0]
    assert len(warnings) == 2, "the other one is of the wait"


class GatedClock(StandingClock):
    """Whoever sleeps does so until the test opens the gate."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.asleep = threading.Semaphore(0)

    def sleep(self, seconds: float) -> None:
        self.asleep.release()
        self.gate.wait(10)
        self.now += seconds


def test_a_process_with_many_threads_stands_in_the_queue_once():
    clock, keeper = GatedClock(), InMemory()
    bulk, small = (Pace(clock, budget=Budget(keeper, clock)) for _process in range(2))
    for _call in range(100):
        call(bulk)
        clock.now += 0.1
    with ThreadPoolExecutor(11) as pool:
        waiting = [pool.submit(bulk.before, ISOLATE) for _thread in range(10)]
        assert clock.asleep.acquire(timeout=5)
        other = pool.submit(small.before, ISOLATE)
        assert clock.asleep.acquire(timeout=5)
        assert not clock.asleep.acquire(blocking=False), "the threads of one process wait behind each other"
        clock.gate.set()
        turns = [future.result(10) for future in (*waiting, other)]
    assert turns[-1].at == sorted(turn.at for turn in turns)[1], "the small job comes second, before nine calls of the bulk"
