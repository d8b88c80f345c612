# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign-in waits for trouble that passes, and tells trouble that stays."""

from __future__ import annotations

import time
import types

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from unit.plugins.module_utils._client.identity import refused

DISCOVERY, TOKEN = "token.openid_configuration", "token.client_credentials_secret"


@pytest.fixture
def clock():
    """Real time, in which nobody waits; ``waits`` tells for how long one would have."""
    waits: list[float] = []
    return types.SimpleNamespace(time=time.time, monotonic=time.monotonic, sleep=waits.append, waits=waits)


@pytest.mark.parametrize("operation", [DISCOVERY, TOKEN])
@pytest.mark.parametrize("trouble", [{"kind": "not_json"}, {"kind": "status", "status": 200, "body": []}, {"kind": "status", "status": 200, "body": {}}])
def test_an_answer_that_is_not_entra_s_is_told_as_such(simulator, settings_of, operation, trouble):
    simulator.faults([{"match": {"operation": operation}, **trouble}])
    settings = settings_of(retry_time=0)
    failure = refused(settings)
    assert failure.code is None and "Entra ID" in failure.msg


@pytest.mark.parametrize("operation", [DISCOVERY, TOKEN])
@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 429, "retry_after": 7},
        {"kind": "drop"},
        {"kind": "drop_after"},
        {"kind": "truncate"},
    ],
    ids=lambda trouble: f"{trouble['kind']}{trouble.get('status', '')}",
)
def test_trouble_that_passes_is_waited_for(simulator, settings_of, calls, clock, operation, trouble):
    simulator.faults([{"match": {"operation": operation}, "times": 2, **trouble}])
    assert sign_in(settings_of(), clock=clock).roles
    assert len(clock.waits) == 2 and ("retry_after" not in trouble or clock.waits == [7, 7])
    assert calls() == ([DISCOVERY] * 3 + [TOKEN] if operation == DISCOVERY else [DISCOVERY] + [TOKEN] * 3)


def test_an_answer_that_is_late_is_asked_for_again(simulator, settings_of, clock):
    simulator.faults([{"match": {"operation": TOKEN}, "times": 1, "kind": "slow", "seconds": 2}])
    assert sign_in(settings_of(timeout=1), clock=clock).roles
    assert len(clock.waits) == 1


def test_trouble_that_stays_ends_when_the_time_is_up(simulator, settings_of, clock):
    simulator.faults([{"match": {"operation": TOKEN}, "kind": "status", "status": 429, "retry_after": 60}])
    failure = refused(settings_of(retry_time=30), clock)
    assert failure.status == 429 and "the service is busy" in failure.msg and not clock.waits


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"login_url": "https://localhost:1"}, "localhost:1 refuses the connection"),
        ({"login_url": "https://nowhere.invalid"}, "nowhere.invalid cannot be resolved"),
        ({"ca_path": None}, "comes from a CA that is not trusted here"),
        ({"proxy": "http://user:not-a-secret-password@localhost:1"}, "The proxy localhost:1 cannot be reached"),
    ],
)
def test_a_host_that_cannot_be_reached_fails_at_once(settings_of, clock, changes, said):
    failure = refused(settings_of(**changes), clock)
    assert said in failure.msg and not clock.waits
    assert "not-a-secret-password" not in failure.sentence()


def test_a_ca_bundle_that_is_none_is_bad_input(settings_of, tmp_path):
    (tmp_path / "ca.pem").write_text("not a certificate")
    assert isinstance(refused(settings_of(ca_path=str(tmp_path / "ca.pem"))), BadInput)
