# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns are given out so that the service never counts more calls than it allows, and no fewer than it can be asked."""

from __future__ import annotations

import heapq
import tempfile
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.budget import LONGEST_HOLD, MARGIN, Budget, Turn
from ansible_collections.secops.defender.plugins.module_utils._client.budget_file import InFiles
from ansible_collections.secops.defender.plugins.module_utils._client.budget_record import InMemory
from ansible_collections.secops.defender.plugins.module_utils._operation import NO_RATE_GIVEN, Rate
from hypothesis import given, settings
from hypothesis import strategies as some
from unit.plugins.module_utils._client.operations import ISOLATE, MACHINE
from unit.plugins.module_utils._client.standing_clock import UPTIME, StandingClock

FEW = Rate(per_minute=3, per_hour=7)
SELDOM = replace(ISOLATE, rate=FEW)
PROCESSES = 3


class Call(t.NamedTuple):
    """A call that one of the processes wants to make; times are seconds."""

    after: float
    """since the call before it came"""
    process: int
    late: float
    """how much too late the process wakes up for its turn"""
    way: float
    """until the service counts it"""
    back: float
    """from then until the answer is here"""
    killed: bool


CALLS = some.lists(
    some.builds(
        Call,
        after=some.floats(0, 40),
        process=some.integers(0, PROCESSES - 1),
        late=some.floats(0, 2),
        way=some.floats(0, 20),
        back=some.floats(0, 20),
        killed=some.booleans(),
    ),
    max_size=40,
)
HOLDS = some.lists(some.tuples(some.floats(0, 600), some.floats(0, 200)), max_size=3)


def counted(budgets: t.Sequence[Budget], clock: StandingClock, calls: t.Sequence[Call], holds=()) -> tuple[list[float], list[float]]:
    """When the calls were sent and when the service counted them, with all that happens put in order of time."""
    sent, arrived, order, when = [], [], 0, clock.now
    events: list[tuple[float, int, str, t.Any, Turn | None]] = []
    for at, seconds in holds:
        events.append((UPTIME + at, len(events), "hold", seconds, None))
    for call in calls:
        when += call.after
        events.append((when, len(events), "ask", call, None))
    heapq.heapify(events)
    order = len(events)
    while events:
        clock.now, _order, what, about, turn = heapq.heappop(events)
        order += 1
        if what == "hold":
            budgets[0].hold(SELDOM, about)
            continue
        budget = budgets[about.process]
        if what == "settle":
            budget.settle(SELDOM, turn)
            continue
        turn = budget.take(SELDOM, turn)
        if turn.at > clock.now:
            if not about.killed:
                heapq.heappush(events, (turn.at + about.late, order, "ask", about, turn))
            continue
        sent.append(clock.now)
        arrived.append(clock.now + about.way)
        heapq.heappush(events, (clock.now + about.way + about.back, order, "settle", about, turn))
    return sent, sorted(arrived)


def most_at_once(times: t.Sequence[float], seconds: float) -> int:
    """The most of ``times`` in any window, which holds its end and not its beginning."""
    return max((sum(1 for other in times if time <= other < time + seconds) for time in times), default=0)


@settings(deadline=None, max_examples=150)
@given(CALLS, HOLDS)
def test_no_window_of_the_service_ever_counts_more_than_it_allows(calls, holds):
    clock = StandingClock()
    with tempfile.TemporaryDirectory() as folder:
        budgets = [Budget(InFiles(folder, ("a tenant",)), clock) for _process in range(PROCESSES)]
        sent, arrived = counted(budgets, clock, calls, holds)
    assert most_at_once(arrived, 60) <= FEW.per_minute
    assert most_at_once(arrived, 3600) <= FEW.per_hour
    assert not [time for time in sent for at, seconds in holds if UPTIME + at < time < UPTIME + at + seconds]
    assert len(sent) >= sum(not call.killed for call in calls), "and nobody is forgotten"


@settings(deadline=None, max_examples=50)
@given(some.lists(some.floats(0, 100), max_size=20), some.integers(0, 20))
def test_what_is_predicted_is_how_long_it_takes(gaps, calls):
    clock = StandingClock()
    budget = Budget(InMemory(), clock)
    for gap in gaps:
        clock.now += gap
        budget.take(SELDOM)
    predicted, began = budget.predict(SELDOM, calls), clock.now
    for _call in range(calls):
        clock.now = max(clock.now, budget.take(SELDOM).at)
    assert clock.now - began == pytest.approx(predicted)


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def budget(clock):
    return Budget(InMemory(), clock)


def turns(budget: Budget, calls: int, operation=SELDOM) -> list[float]:
    return [budget.take(operation).at - UPTIME for _call in range(calls)]


def test_a_burst_is_allowed_and_then_the_windows_count(budget):
    assert turns(budget, 8) == [0, 0, 0, 60 + MARGIN, 60 + MARGIN, 60 + MARGIN, 120 + 2 * MARGIN, 3600 + MARGIN]


def test_a_usual_limit_costs_next_to_nothing(budget):
    assert budget.predict(ISOLATE, 250) <= 1.02 * 120
    assert budget.predict(ISOLATE, 100) == 0


def test_a_queue_of_hours_is_given_turns_for_the_next_ones_and_the_others_ask_again(budget, clock):
    given_out = [budget.take(SELDOM) for _call in range(40)]
    assert [turn.slot is None for turn in given_out] == [False] * 14 + [True] * 26
    clock.now = given_out[20].at
    turn = budget.take(SELDOM, given_out[20])
    assert turn.slot is not None and turn.at == given_out[7].at + 3600 + MARGIN


def test_each_operation_has_a_budget_of_its_own(budget):
    turns(budget, 4)
    assert budget.take(MACHINE).at == UPTIME


def test_where_no_rate_is_given_only_a_refusal_counts(budget, clock):
    free = replace(ISOLATE, rate=NO_RATE_GIVEN)
    assert set(turns(budget, 200, free)) == {0} and budget.predict(free, 5000) == 0
    budget.hold(free, 30)
    assert turns(budget, 2, free) == [30, 30] and budget.predict(free, 2) == 30


def test_a_budget_that_does_not_count_keeps_holds_only(clock):
    budget = Budget(InMemory(), clock, counted=False)
    assert set(turns(budget, 9)) == {0}
    budget.hold(SELDOM, 30)
    budget.hold(SELDOM, 5)
    assert turns(budget, 2) == [30, 30], "the longer one stays"


def test_a_refusal_holds_for_an_hour_at_most(budget):
    budget.hold(SELDOM, 86_400)
    assert turns(budget, 1) == [LONGEST_HOLD]


def test_a_refusal_pushes_back_those_who_have_their_turn_already(budget, clock):
    turns(budget, 3)
    mine = budget.take(SELDOM)
    budget.hold(SELDOM, 100)
    clock.now = mine.at
    later = budget.take(SELDOM, mine)
    assert later.at == UPTIME + 100 and later.slot == mine.slot


def test_a_job_with_few_calls_waits_for_the_turn_of_each_other_process_once(budget, clock):
    """Two bulk jobs ask for a turn, use it, and ask for the next."""
    turns(budget, 3)
    bulk = [budget.take(SELDOM), budget.take(SELDOM)]
    small = budget.take(SELDOM)
    clock.now = bulk[0].at
    next_of_bulk = budget.take(SELDOM)
    assert small.at < next_of_bulk.at


def test_the_turn_of_a_killed_process_is_spent_and_blocks_nobody(budget, clock):
    turns(budget, 3)
    budget.take(SELDOM)
    mine = budget.take(SELDOM)
    clock.now = mine.at
    assert budget.take(SELDOM, mine) == mine


def test_a_slow_call_counts_from_its_answer(budget, clock):
    slow, *_others = [budget.take(SELDOM) for _call in range(3)]
    clock.now += 20
    budget.settle(SELDOM, slow)
    assert turns(budget, 3) == [60 + MARGIN, 60 + MARGIN, 80 + MARGIN]
