# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call comes back with its object or with what went wrong, and nothing is done twice."""

from __future__ import annotations

import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadAnswer,
    BadInput,
    DefenderError,
    NotFound,
    ServiceError,
    Throttled,
    Unreachable,
)
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import ISOLATE, ISOLATION, MACHINE, calls_of

READ, WRITE = {"operation": MACHINE.id}, {"operation": ISOLATE.id}


def test_a_machine_is_read_with_one_call_and_one_sign_in(simulator, client_of, machine_ids):
    client = client_of()
    assert client.call(MACHINE, machine_id=machine_ids[0])["id"] == machine_ids[0]
    assert (client.calls, len(simulator.journal(service="defender"))) == (1, 1)
    assert client.warnings == []


def test_a_machine_that_is_not_there_is_not_found(client_of):
    with pytest.raises(NotFound) as failed:
        client_of().call(MACHINE, machine_id="f" * 40)
    assert failed.value.status == 404 and failed.value.request_id


def test_a_write_arrives(simulator, client_of, machine_ids):
    action = client_of().call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert [known["id"] for known in simulator.actions()][:1] == [action["id"]]


def test_a_dry_client_checks_a_write_and_does_not_send_it(simulator, client_of, machine_ids):
    simulator.lock()
    client = client_of(dry=True)
    assert client.call(ISOLATE, machine_id=machine_ids[0], **ISOLATION) is None
    assert client.call(MACHINE, machine_id=machine_ids[0])
    with pytest.raises(BadInput):
        client.call(ISOLATE, machine_id=machine_ids[0], comment="case 7", isolation_type="full")
    assert calls_of(simulator, ISOLATE) == 0


def test_bad_input_is_told_before_anything_is_sent(simulator, client_of):
    simulator.clear_journal()
    with pytest.raises(BadInput):
        client_of().call(ISOLATE, machine_id="a" * 40, comment="", isolation_type="Full")
    assert simulator.journal() == []


# What passes, and what does not


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "status": 429, "retry_after": 3},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 503, "retry_after": "Wed, 25 Nov 2026 00:00:00 GMT"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 504},
        {"kind": "drop"},
        {"kind": "truncate"},
    ],
    ids=lambda trouble: " ".join(map(str, trouble.values())),
)
def test_a_read_gets_over_trouble_that_passes(simulator, client_of, machine_ids, trouble):
    simulator.faults([{"match": READ, "times": 2, **trouble}])
    assert client_of().call(MACHINE, machine_id=machine_ids[0])["id"] == machine_ids[0]
    assert calls_of(simulator, MACHINE) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_is_sent_again_when_it_was_turned_away(simulator, client_of, machine_ids, status):
    simulator.faults([{"match": WRITE, "times": 2, "kind": "status", "status": status, "retry_after": 5}])
    clock = MovingClock(time.time())
    assert client_of(clock=clock).call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)["type"] == "Isolate"
    assert calls_of(simulator, ISOLATE) == 3
    assert clock.slept >= 10


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ({"kind": "drop"}, Unreachable),
        ({"kind": "drop_after"}, Unreachable),
        ({"kind": "truncate"}, BadAnswer),
        ({"kind": "not_json"}, BadAnswer),
        ({"kind": "status", "status": 500}, ServiceError),
        ({"kind": "status", "status": 502}, ServiceError),
        ({"kind": "status", "status": 504}, ServiceError),
    ],
    ids=str,
)
def test_a_write_that_may_have_arrived_is_not_repeated(simulator, client_of, machine_ids, trouble, kind):
    simulator.faults([{"match": WRITE, "times": 1, **trouble}])
    with pytest.raises(kind) as failed:
        client_of().call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert calls_of(simulator, ISOLATE) == 1
    assert failed.value.request_id
    assert getattr(failed.value, "maybe_sent", True)


def test_a_slow_answer_ends_the_wait(simulator, client_of, machine_ids):
    simulator.faults([{"match": WRITE, "kind": "slow", "seconds": 2}])
    with pytest.raises(Unreachable) as failed:
        client_of(timeout=1).call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert failed.value.maybe_sent


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 503}, {"status": 429, "retry_after": 10}], ids=str)
def test_trouble_that_stays_ends_within_the_time_for_retries(simulator, client_of, machine_ids, trouble):
    simulator.faults([{"match": READ, "kind": "status", **trouble}])
    clock = MovingClock(time.time())
    with pytest.raises(ServiceError) as failed:
        client_of(clock=clock, retry_time=40).call(MACHINE, machine_id=machine_ids[0])
    assert failed.value.status == trouble["status"]
    assert clock.slept <= 40


def test_a_rate_that_stays_exceeded_is_told_as_such(simulator, client_of, machine_ids):
    simulator.faults([{"match": READ, "kind": "status", "status": 429, "retry_after": 3600}])
    with pytest.raises(Throttled) as failed:
        client_of().call(MACHINE, machine_id=machine_ids[0])
    assert failed.value.details == {"retry_after": 3600.0} and "retry_time" in failed.value.hint
    assert calls_of(simulator, MACHINE) == 1, "an hour is longer than the time for retries, so it is not begun"


def test_a_page_of_a_gateway_is_no_answer(simulator, client_of, machine_ids):
    simulator.faults([{"match": READ, "kind": "not_json"}])
    with pytest.raises(BadAnswer) as failed:
        client_of().call(MACHINE, machine_id=machine_ids[0])
    assert "text/html" in failed.value.msg and calls_of(simulator, MACHINE) == 1


def test_an_api_url_that_leads_elsewhere_is_not_taken_for_a_missing_machine(simulator, client_of, machine_ids):
    simulator.faults([{"match": READ, "kind": "status", "status": 404, "body": "<html>no such page</html>"}])
    with pytest.raises(ServiceError) as failed:
        client_of().call(MACHINE, machine_id=machine_ids[0])
    assert not isinstance(failed.value, NotFound) and "api_url" in failed.value.hint


def test_every_failure_says_what_it_is_without_secret_or_token(simulator, client_of, machine_ids):
    client = client_of()
    secrets = (client.token.value, client.settings.client_secret)
    for trouble in ({"kind": "drop"}, {"kind": "not_json"}, {"kind": "status", "status": 401}, {"kind": "status", "status": 500}):
        simulator.faults([{"match": WRITE, **trouble}])
        with pytest.raises(DefenderError) as failed:
            client.call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
        shown = repr(failed.value.as_result()) + repr(failed.value.__context__) + repr(failed.value.__cause__) + repr(client.settings)
        assert not any(secret in shown for secret in secrets)
