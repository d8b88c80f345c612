# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token is renewed when that helps, and its roles are judged before and after a call."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    NoRoles,
    RoleMissing,
    ServiceError,
    TokenExpired,
    TokenRejected,
    WrongAudience,
)
from ansible_collections.secops.defender.plugins.module_utils._client.request import build
from unit.plugins.module_utils._client.moving_clock import MovingClock, TenantClock
from unit.plugins.module_utils._client.operations import ALERTS, ISOLATE, ISOLATION, MACHINE, calls_of

READ, WRITE = {"operation": MACHINE.id}, {"operation": ISOLATE.id}


def test_a_token_that_is_refused_is_renewed_once(simulator, client_of, machine_ids):
    client = client_of()
    client.call(MACHINE, machine_id=machine_ids[0])
    simulator.faults([{"match": READ, "times": 1, "kind": "expired_token"}])
    simulator.clear_journal()
    assert client.call(MACHINE, machine_id=machine_ids[0])
    assert calls_of(simulator, MACHINE) == 2
    assert len(simulator.journal(operation="token.client_credentials_secret")) == 1


def test_a_token_that_is_refused_again_is_not_renewed_for_ever(simulator, client_of, machine_ids):
    simulator.faults([{"match": READ, "kind": "expired_token"}])
    with pytest.raises(TokenRejected) as failed:
        client_of().call(MACHINE, machine_id=machine_ids[0])
    assert (failed.value.status, calls_of(simulator, MACHINE)) == (401, 2)
    assert len(simulator.journal(operation="token.client_credentials_secret")) == 2


def test_many_threads_renew_one_refused_token_once(simulator, client_of, machine_ids):
    client = client_of()
    refused = client.token
    simulator.faults([{"match": {"path": machine_id}, "times": 1, "kind": "expired_token"} for machine_id in machine_ids])
    simulator.clear_journal()

    def isolate(machine_id):
        _token, turn = client.turn(ISOLATE)
        client.send(ISOLATE, build(ISOLATE, {"machine_id": machine_id, **ISOLATION}), refused, turn).close()

    with ThreadPoolExecutor(len(machine_ids)) as pool:
        list(pool.map(isolate, machine_ids))
    assert calls_of(simulator, ISOLATE) == 2 * len(machine_ids)
    assert len(simulator.journal(operation="token.client_credentials_secret")) == 1


def test_a_token_that_ends_during_a_long_wait_is_renewed_before_it_does(simulator, client_of, machine_ids):
    clock = TenantClock(simulator)
    client = client_of(clock=clock)
    first = client.token
    clock.sleep(simulator.settings()["token_lifetime"] - 200)
    simulator.clear_journal()
    assert client.call(MACHINE, machine_id=machine_ids[0])
    assert client.token != first
    assert len(simulator.journal(operation="token.client_credentials_secret")) == 1
    assert calls_of(simulator, MACHINE) == 1


def test_a_token_that_is_given_is_not_renewed(simulator, client_of, machine_ids):
    client = client_of(client_secret=None, access_token=simulator.token())
    simulator.clear_journal()
    simulator.faults([{"match": READ, "kind": "expired_token"}])
    with pytest.raises(TokenRejected):
        client.call(MACHINE, machine_id=machine_ids[0])
    assert simulator.journal(service="entra") == [] and calls_of(simulator, MACHINE) == 1


def test_a_token_that_is_given_and_old_is_told_as_such(simulator, client_of, machine_ids):
    client = client_of(client_secret=None, access_token=simulator.token(), clock=MovingClock(time.time() + 4000))
    with pytest.raises(TokenExpired):
        client.require([MACHINE])
    simulator.advance(4000)
    with pytest.raises(TokenExpired) as failed:
        client.call(MACHINE, machine_id=machine_ids[0])
    assert failed.value.status == 401


def test_a_token_for_another_api_is_not_blamed_on_its_roles(simulator, client_of, machine_ids):
    client = client_of(client_secret=None, access_token=simulator.token(scope="https://api.security.microsoft.com/.default"))
    with pytest.raises(WrongAudience):
        client.require([MACHINE])
    with pytest.raises(WrongAudience) as failed:
        client.call(MACHINE, machine_id=machine_ids[0])
    assert failed.value.status in (401, 403)


def test_a_role_is_missed_before_anything_is_sent(simulator, client_of):
    client = client_of("reader")
    client.require([MACHINE, ALERTS])
    with pytest.raises(RoleMissing) as failed:
        client.require([MACHINE, ISOLATE])
    assert failed.value.details["roles_missing"] == [["Machine.Isolate"]]
    assert simulator.journal(service="defender") == []


def test_a_role_that_the_service_misses_is_named_from_our_declaration(client_of, machine_ids):
    with pytest.raises(RoleMissing) as failed:
        client_of("reader").call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert failed.value.details["roles_missing"] == [["Machine.Isolate"]]
    assert (failed.value.status, failed.value.code) == (403, "Forbidden") and failed.value.request_id


def test_no_roles_at_all_means_that_nobody_has_consented(client_of, machine_ids):
    with pytest.raises(NoRoles):
        client_of("nobody").call(MACHINE, machine_id=machine_ids[0])


@pytest.mark.parametrize("code", ["DisabledFeature", "DisallowedOperation"])
def test_what_is_switched_off_is_not_blamed_on_a_role(simulator, client_of, machine_ids, code):
    simulator.faults([{"match": WRITE, "kind": "status", "status": 403, "code": code}])
    with pytest.raises(ServiceError) as failed:
        client_of().call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert failed.value.code == code
