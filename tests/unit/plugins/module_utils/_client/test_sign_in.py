# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real MSAL signs in at the simulator's Entra ID, by every kind of credential."""

from __future__ import annotations

import logging
import multiprocessing
import time
import types
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import endpoints
from ansible_collections.secops.defender.plugins.module_utils._client.errors import DefenderError, TokenExpired
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.token import describe, judge
from ansible_collections.secops.defender.plugins.module_utils._client.token_cache import token_for
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from unit.plugins.module_utils._client import certificates as made
from unit.plugins.module_utils._client.identity import refused

DISCOVERY, TOKEN = "token.openid_configuration", "token.client_credentials_secret"
ENTRA = {"service": "entra"}


@pytest.fixture
def responder_pem(simulator):
    content = Path(simulator.apps["responder"]["certificate_path"]).read_bytes()
    return types.SimpleNamespace(content=content, key=load_pem_private_key(content, None), certificate=x509.load_pem_x509_certificate(content))


def test_a_secret_gives_a_token_with_the_granted_roles_in_two_calls(simulator, settings_of, calls):
    settings = settings_of()
    token = sign_in(settings)
    judge(token, audiences=endpoints(settings).audiences, tenant_id=simulator.tenant_id, now=time.time())
    assert {"Alert.Read.All", "Machine.Read.All", "Machine.Isolate"} <= set(token.roles)
    assert describe(token, time.time())["credential"] == "secret"
    assert calls() == [DISCOVERY, TOKEN]


def test_a_secret_of_strange_characters_arrives_as_it_is(settings_of):
    assert refused(settings_of(client_secret="not a secret: +%&=/?#é~")).code == "AADSTS7000215"


def test_a_tenant_may_be_named_by_its_domain(settings_of):
    assert sign_in(settings_of(tenant_id="contoso.onmicrosoft.com")).roles


def test_a_region_that_the_environment_asks_msal_for_is_not_taken(settings_of, monkeypatch):
    monkeypatch.setenv("MSAL_FORCE_REGION", "westeurope")
    assert sign_in(settings_of()).roles


@pytest.mark.parametrize("form", ["one file", "key apart", "encrypted key", "old encrypted key", "pfx", "pfx without passphrase", "pfx as given"])
def test_a_certificate_gives_a_token_in_every_form(simulator, settings_of, tmp_path, responder_pem, form):
    key, certificate = responder_pem.key, made.pem_of_certificate(responder_pem.certificate)
    written = {
        "one file": responder_pem.content,
        "key apart": certificate,
        "encrypted key": certificate + made.pem_of_key(key, made.PASSPHRASE),
        "old encrypted key": made.pem_of_key(key, made.PASSPHRASE, "TraditionalOpenSSL") + certificate,
        "pfx": made.pfx_of(key, responder_pem.certificate, made.PASSPHRASE),
        "pfx without passphrase": made.pfx_of(key, responder_pem.certificate),
    }
    path = tmp_path / "app"
    path.write_bytes(written.get(form, b""))
    (tmp_path / "key").write_bytes(made.pem_of_key(key))
    app = simulator.apps["responder"]
    given = {
        "key apart": {"certificate_key_path": str(tmp_path / "key")},
        "one file": {},
        "pfx without passphrase": {},
        "pfx as given": {"certificate_path": app["pfx_path"], "certificate_passphrase": app["pfx_passphrase"]},
    }.get(form, {"certificate_passphrase": made.PASSPHRASE})
    token = sign_in(settings_of(by="certificate", **{"certificate_path": str(path), **given}))
    assert describe(token, time.time())["credential"] == "certificate"


def test_a_certificate_with_its_chain_is_taken_as_well(simulator, settings_of):
    token = sign_in(settings_of(by="certificate", certificate_path=simulator.apps["responder"]["certificate_path"], certificate_send_chain=True))
    assert describe(token, time.time())["credential"] == "certificate"


@pytest.mark.parametrize(
    "app, changes, code, said",
    [
        ("responder", {"client_secret": "not-the-secret"}, "AADSTS7000215", "the client secret is wrong"),
        ("responder", {"client_secret": "5a1f0e4c-0000-4000-8000-0000000000cc"}, "AADSTS7000215", "looks like a secret ID"),
        ("expired", {}, "AADSTS7000222", "the client secret has expired"),
        ("disabled", {}, "AADSTS7000112", "the app is disabled"),
        ("responder", {"client_id": "5a1f0e4c-0000-4000-8000-0000000000cc"}, "AADSTS700016", "the tenant knows no such app"),
        ("responder", {"tenant_id": "5a1f0e4c-0000-4000-8000-0000000000cc"}, "AADSTS90002", "there is no such tenant"),
        ("responder", {"tenant_id": "nowhere.example.com"}, "AADSTS90002", "there is no such tenant"),
        ("responder", {"tenant_id": "5a1f0e4c-0000-4000-8000-0000000000af"}, "AADSTS90038", "another national cloud"),
        ("responder", {"scope": "https://api.example.com/.default"}, "AADSTS500011", "does not know the API"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_do(settings_of, app, changes, code, said):
    failure = refused(settings_of(app, **changes))
    assert failure.code == code and f"({code})" in failure.msg
    assert said in failure.sentence()
    assert failure.request_id and failure.details["correlation_id"]


def test_a_certificate_that_is_not_registered_is_named_by_its_thumbprint(settings_of, tmp_path):
    key = made.an_rsa_key()
    (tmp_path / "app.pem").write_bytes(made.pem_of_key(key) + made.pem_of_certificate(made.a_certificate(key)))
    failure = refused(settings_of(by="certificate", certificate_path=str(tmp_path / "app.pem")))
    assert failure.code == "AADSTS700027" and "The certificate used here has thumbprint" in failure.hint


def test_a_clock_that_is_wrong_fails_the_certificate(simulator, settings_of):
    simulator.advance(3600)
    failure = refused(settings_of(by="certificate", certificate_path=simulator.apps["responder"]["certificate_path"]))
    assert failure.code == "AADSTS700024" and "Set the clock of this machine right" in failure.hint


def test_a_new_token_that_is_not_valid_yet_tells_of_a_clock_that_is_behind(simulator, settings_of):
    simulator.advance(3600)
    failure = refused(settings_of())
    assert isinstance(failure, TokenExpired) and "minutes behind" in failure.msg


def test_a_new_token_that_is_old_tells_of_a_clock_that_is_ahead(simulator, settings_of):
    simulator.faults([{"match": ENTRA, "kind": "expired_token"}])
    failure = refused(settings_of())
    assert isinstance(failure, TokenExpired) and "minutes ahead" in failure.msg and "Set the clock" in failure.hint


def test_a_number_that_is_not_in_the_table_still_makes_a_sentence(simulator, settings_of):
    body = {"error": "invalid_request", "error_codes": [424242], "error_description": "AADSTS424242: Something new."}
    simulator.faults([{"match": {"operation": TOKEN}, "kind": "status", "status": 400, "body": body}])
    failure = refused(settings_of())
    assert failure.code == "AADSTS424242" and "error?code=424242" in failure.hint
    assert failure.details["entra_message"] == "AADSTS424242: Something new."


def test_the_most_talkative_log_holds_neither_secret_nor_token(simulator, settings_of, caplog):
    caplog.set_level(logging.DEBUG)
    settings = settings_of()
    token = sign_in(settings)
    simulator.faults([{"match": {"operation": TOKEN}, "kind": "not_json"}])
    refused(settings_of(retry_time=0))
    assert settings.client_secret not in caplog.text and token.value not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("msal")]


def test_twenty_tasks_ask_for_one_token(settings_of, calls, tmp_path):
    settings = settings_of(token_cache_path=str(tmp_path / "tokens"))
    tokens = {token_for(settings, warn=pytest.fail).value for _task in range(20)}
    assert len(tokens) == 1 and calls() == [DISCOVERY, TOKEN]


def test_many_forks_at_once_ask_for_one_token(settings_of, calls, tmp_path):
    settings = settings_of(token_cache_path=str(tmp_path / "tokens"))
    context = multiprocessing.get_context("fork")
    forks = [context.Process(target=token_for, args=(settings,), kwargs={"warn": pytest.fail}) for _fork in range(10)]
    for fork in forks:
        fork.start()
    for fork in forks:
        fork.join(60)
    assert [fork.exitcode for fork in forks] == [0] * 10
    assert calls() == [DISCOVERY, TOKEN]


def test_a_wrong_secret_is_refused_although_a_token_is_kept(settings_of, tmp_path):
    folder = str(tmp_path / "tokens")
    token_for(settings_of(token_cache_path=folder), warn=pytest.fail)
    with pytest.raises(DefenderError, match="AADSTS7000215"):
        token_for(settings_of(token_cache_path=folder, client_secret="not-the-secret"), warn=pytest.fail)


def test_a_token_that_is_given_asks_nobody(simulator, calls):
    value = simulator.token()
    simulator.clear_journal()
    assert token_for(settings_from({"access_token": value}), warn=pytest.fail).value == value
    assert calls() == []
