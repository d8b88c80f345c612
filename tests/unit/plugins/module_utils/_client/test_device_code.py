# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person is shown a code, and the task waits for them, but not for ever."""

from __future__ import annotations

import re
import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, SignInFailed
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from unit.plugins.module_utils._client.moving_clock import MovingClock

START, POLL = "token.device_code_start", "token.device_code_poll"


@pytest.fixture
def person(settings_of):
    """Settings with which a person signs in to the app that is made for people."""
    return settings_of("public", by="device_code", device_code=True, token_cache=False)


@pytest.fixture
def clock():
    return MovingClock(time.time())


def failed(settings, said, clock, **rest):
    with pytest.raises(SignInFailed) as failure:
        sign_in(settings, clock=clock, tell=said.append, **rest)
    return failure.value


def test_without_somebody_to_tell_nothing_is_sent(person, calls):
    with pytest.raises(BadInput, match="device_code needs somebody who sees the code") as failed:
        sign_in(person)
    assert "without become and async" in failed.value.hint and calls() == []


def test_the_address_the_code_and_the_time_are_told(person, calls, clock):
    said = []
    failure = failed(person, said, clock)
    assert re.fullmatch(
        r"Sign in to Defender for Endpoint \(WindowsDefenderATP\): open https://microsoft.com/devicelogin in a browser "
        r"and enter the code [0-9A-Z]{9}\. The task waits for up to 15 minutes\.",
        *said,
    )
    assert failure.msg == "Nobody entered the code in time" and calls().count(START) == 1 and calls().count(POLL) > 100


def test_who_has_waited_for_another_long_enough_is_not_asked_as_well(person, calls, clock):
    said = []
    failure = failed(person, said, clock, since=clock.monotonic() - 880)
    assert failure.msg == "Nobody has signed in with the code that was shown" and not said and calls() == []


def test_a_lost_answer_while_the_person_is_at_it_is_asked_for_again(simulator, person, calls, clock):
    simulator.faults([{"match": {"operation": POLL}, "times": 2, "kind": "drop"}, {"match": {"operation": POLL}, "times": 1, "kind": "status", "status": 503}])
    assert failed(person, [], clock).msg == "Nobody entered the code in time"


def test_an_app_that_is_not_made_for_people_says_so(settings_of, clock):
    failure = failed(settings_of("reader", by="device_code", device_code=True), [], clock)
    assert failure.code == "AADSTS7000218" and "allow public client flows" in failure.hint
