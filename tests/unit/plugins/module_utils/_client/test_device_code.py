# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person is shown a code, and the task waits for them, but not for ever."""

from __future__ import annotations

import functools
import re
import time
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, RoleMissing, SignInFailed
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.token_cache import token_for
from ansible_collections.secops.defender.plugins.module_utils._client.token_roles import require_roles
from ansible_collections.secops.defender.plugins.module_utils._operation import GRAPH
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import ISOLATE, MACHINE
from unit.plugins.module_utils._client.signing_in import ANALYST, Somebody

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


def test_the_person_who_enters_it_is_signed_in_with_what_was_consented_to(simulator, person, calls, clock):
    somebody = Somebody(simulator)
    token = sign_in(person, clock=clock, tell=somebody)
    require_roles(token, [("Machine.Read.All",), ("Alert.Read.All",)])
    assert (token.user, token.is_app_only, token.audience) == (ANALYST, False, "https://api.securitycenter.microsoft.com")
    assert somebody.said[1:] == [f"Signed in as {ANALYST}"] and calls()[-2:] == [START, POLL]
    assert token.value not in "".join(somebody.said)


def test_no_token_that_lasts_longer_is_asked_for(simulator, person, clock):
    sign_in(person, clock=clock, tell=Somebody(simulator))
    assert not any("offline_access" in (row["body"] or {}).get("scope", "") for row in simulator.journal(service="entra"))


def test_who_declines_is_told_as_such(simulator, person, clock):
    with pytest.raises(SignInFailed, match="the person declined"):
        sign_in(person, clock=clock, tell=Somebody(simulator, declines=True))


def test_a_person_for_whom_nobody_consented_is_sent_to_the_delegated_permissions(simulator, person, clock):
    with pytest.raises(SignInFailed) as failure:
        sign_in(person, clock=clock, tell=Somebody(simulator, scopes=[]))
    assert failure.value.code == "AADSTS65001" and "delegated permissions" in failure.value.hint


def test_all_tasks_of_a_play_need_one_code(simulator, person, clock, folder, calls):
    settings = replace(person, token_cache=True, token_cache_path=str(folder))
    somebody = Somebody(simulator)
    ask = functools.partial(sign_in, tell=somebody)
    first = token_for(settings, warn=pytest.fail, clock=clock, ask=ask)
    assert token_for(settings, warn=pytest.fail, clock=clock, ask=pytest.fail) == first
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"} and calls().count(START) == 1
    assert not any(first.value.encode() in path.read_bytes() for path in folder.iterdir())


def test_a_role_that_is_missing_is_no_reason_to_ask_the_person_again(simulator, person, calls):
    client = Client(replace(person, rate_budget=False), clock=MovingClock(time.time()))
    client.tell = Somebody(simulator, scopes=["Machine.Read"])
    client.require([MACHINE])
    with pytest.raises(RoleMissing, match="The user's token lacks"):
        client.require([ISOLATE])
    assert calls().count(START) == 1


def test_each_service_is_signed_in_to_by_itself(simulator, person, calls):
    client = Client(replace(person, rate_budget=False), clock=MovingClock(time.time()))
    client.tell = Somebody(simulator, resource="https://graph.microsoft.com")
    assert client.line(GRAPH).token.scopes == ("ThreatHunting.Read.All",)
    assert "Sign in to Microsoft Graph" in client.tell.said[0] and calls().count(START) == 1


def test_a_lost_answer_while_the_person_is_at_it_is_asked_for_again(simulator, person, calls, clock):
    simulator.faults([{"match": {"operation": POLL}, "times": 2, "kind": "drop"}, {"match": {"operation": POLL}, "times": 1, "kind": "status", "status": 503}])
    assert failed(person, [], clock).msg == "Nobody entered the code in time"


def test_an_app_that_is_not_made_for_people_says_so(settings_of, clock):
    failure = failed(settings_of("reader", by="device_code", device_code=True), [], clock)
    assert failure.code == "AADSTS7000218" and "allow public client flows" in failure.hint
