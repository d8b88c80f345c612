# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token of another identity provider signs the app in where the app trusts it, and what does not match is told."""

from __future__ import annotations

import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.token_cache import token_for
from unit.plugins.module_utils._client.identity import refused
from unit.plugins.module_utils._client.signing_in import GITHUB, trust

BY_FEDERATION = "token.client_credentials_federated"


@pytest.fixture
def federated(simulator, settings_of):
    """Settings that sign in with such a token, which the app trusts; some of what it says changed."""
    trust(simulator)

    def make(**facts):
        changes = {name: facts.pop(name) for name in ("token_cache_path",) if name in facts}
        return settings_of(by="federated", federated_token=simulator.federated_token(**{**GITHUB, **facts}), **changes)

    return make


def test_it_signs_the_app_in(federated, calls):
    assert "Machine.Isolate" in sign_in(federated()).roles
    assert calls()[-1] == BY_FEDERATION


def test_a_file_that_is_replaced_is_read_anew(simulator, settings_of, tmp_path):
    trust(simulator)
    settings = settings_of(by="federated", federated_token_path=str(tmp_path / "token"))
    (tmp_path / "token").write_text(simulator.federated_token(**GITHUB, lifetime=-1000))
    assert refused(settings).code == "AADSTS700024"
    (tmp_path / "token").write_text(simulator.federated_token(**GITHUB) + "\n")
    assert sign_in(settings).roles


@pytest.mark.parametrize(
    ("facts", "code", "said"),
    [
        ({"issuer": GITHUB["issuer"] + "/"}, "AADSTS700211", "issuer https://token.actions.githubusercontent.com/, subject"),
        ({"subject": "repo:contoso/soc:pull_request"}, "AADSTS700213", "subject repo:contoso/soc:pull_request"),
        ({"subject": GITHUB["subject"].upper()}, "AADSTS7002138", "to the letter"),
        ({"audience": "https://github.com/contoso"}, "AADSTS700212", "the audience is api://AzureADTokenExchange"),
        ({"lifetime": -1000}, "AADSTS700024", "Get a new one right before the play"),
        ({"scp": "user_impersonation"}, "AADSTS700229", "Only tokens of an app can be exchanged"),
    ],
)
def test_what_does_not_match_is_told_with_what_the_token_says(federated, facts, code, said):
    settings = federated(**facts)
    failure = refused(settings)
    assert failure.code == code and said in failure.sentence() and "The federated token used here has issuer" in failure.hint
    assert settings.federated_token not in repr(failure.as_result())


def test_a_token_whose_issuer_did_not_sign_it_is_told(simulator, settings_of):
    trust(simulator)
    claims = simulator.federated_token(**GITHUB).rpartition(".")[0]
    signature = simulator.federated_token(**GITHUB).rpartition(".")[2]
    failure = refused(settings_of(by="federated", federated_token=f"{claims}.{signature}"))
    assert failure.code == "AADSTS900384" and "not signed by the issuer" in failure.msg


def test_tasks_with_the_same_token_sign_in_once_and_the_next_job_anew(federated, calls, tmp_path):
    folder = str(tmp_path / "tokens")
    one = federated(token_cache_path=folder)
    first = token_for(one, warn=pytest.fail)
    assert token_for(one, warn=pytest.fail) == first
    token_for(federated(token_cache_path=folder, jti="the next job"), warn=pytest.fail)
    assert calls().count(BY_FEDERATION) == 2
    assert first.expires_at > time.time() + 3000
