# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent again and when, and what never is."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import machines, response_actions
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    AlreadyRunning,
    BadAnswer,
    NotFound,
    RoleMissing,
    ServiceError,
    SignInFailed,
    Throttled,
    TokenRejected,
    Unreachable,
)
from ansible_collections.secops.defender.plugins.module_utils._client.no_answer import (
    CONNECT_TIMEOUT,
    CUT_SHORT,
    DROPPED,
    NAME,
    PROXY,
    READ_TIMEOUT,
    REFUSED,
    TLS,
)
from ansible_collections.secops.defender.plugins.module_utils._client.pace import Pace
from ansible_collections.secops.defender.plugins.module_utils._client.retry import (
    LONGEST_JITTER,
    LONGEST_PAUSE,
    Patience,
    pause_before,
)
from unit.plugins.module_utils._client.moving_clock import MovingClock

READ, WRITE = machines.GET, response_actions.ISOLATE


def answered(status: int, **facts) -> ServiceError:
    return ServiceError("answered", status=status, **facts)


def lost(code: str, maybe_sent: bool = True) -> Unreachable:
    return Unreachable("lost", code=code, maybe_sent=maybe_sent)


def pause(operation, error, repetition=1, left=300.0, chance=0.0):
    return pause_before(operation, error, repetition=repetition, left=left, chance=lambda: chance)


@pytest.mark.parametrize(
    ("error", "a_read", "a_write"),
    [
        (Throttled("", status=429), True, True),
        (answered(503), True, True),
        (answered(500), True, False),
        (answered(502), True, False),
        (answered(504), True, False),
        (lost(READ_TIMEOUT), True, False),
        (lost(DROPPED), True, False),
        (BadAnswer("", code=CUT_SHORT), True, False),
        # These never arrived.
        (lost(CONNECT_TIMEOUT, maybe_sent=False), True, True),
        (lost(REFUSED, maybe_sent=False), True, True),
        # These would fail again.
        (lost(NAME, maybe_sent=False), False, False),
        (lost(TLS, maybe_sent=False), False, False),
        (lost(PROXY, maybe_sent=False), False, False),
        (BadAnswer(""), False, False),
        (answered(400, code="ODataError"), False, False),
        (AlreadyRunning("", status=400), False, False),
        (TokenRejected("", status=401), False, False),
        (RoleMissing("", status=403), False, False),
        (NotFound("", status=404), False, False),
        (answered(501), False, False),
        (SignInFailed("", code="AADSTS7000215", status=401), False, False),
    ],
)
def test_only_what_may_help_and_cannot_harm_is_sent_again(error, a_read, a_write):
    assert (pause(READ, error) is not None, pause(WRITE, error) is not None) == (a_read, a_write)


def test_the_service_says_how_long_to_wait():
    assert pause(WRITE, Throttled("", status=429, details={"retry_after": 42.0})) == 42


def test_nobody_comes_back_before_the_time_the_service_has_said():
    late = pause(WRITE, Throttled("", status=429, details={"retry_after": 42.0}), chance=1.0)
    assert 42 < late <= 42 + LONGEST_JITTER


def test_without_its_word_the_pauses_double_up_to_a_limit():
    pauses = [pause(READ, answered(503), repetition=repetition, left=1000) for repetition in range(1, 8)]
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_wait_longer_than_the_time_left_is_not_begun():
    assert pause(WRITE, Throttled("", status=429, details={"retry_after": 301.0})) is None


def test_without_time_for_retries_nothing_is_sent_again():
    assert pause(READ, answered(503), left=0) is None


def test_a_server_that_keeps_failing_is_given_up_after_a_few_times():
    assert [pause(READ, answered(500), repetition=repetition) is None for repetition in (4, 5)] == [False, True]


def test_patience_ends_with_the_error_itself_when_its_time_is_up():
    clock = MovingClock()
    error = answered(503)
    patience = Patience(READ, retry_time=60, pace=Pace(clock), clock=clock)
    with pytest.raises(ServiceError) as given_up:
        for _repetition in range(100):
            patience.after(error)
    assert given_up.value is error
    assert clock.slept <= 60


def test_one_refusal_for_the_rate_holds_its_kind_back_and_no_other():
    clock = MovingClock()
    pace = Pace(clock)
    patience = Patience(WRITE, retry_time=60, pace=pace, clock=clock)
    patience.after(Throttled("", status=429, details={"retry_after": 20.0}))
    pace.before(READ)
    assert clock.slept == 0
    pace.before(WRITE)
    assert 20 <= clock.slept <= 20 + LONGEST_JITTER


def test_a_longer_hold_stays_when_a_shorter_one_comes():
    clock = MovingClock()
    pace = Pace(clock)
    pace.hold(WRITE, 30)
    pace.hold(WRITE, 5)
    pace.before(WRITE)
    assert clock.slept == 30
