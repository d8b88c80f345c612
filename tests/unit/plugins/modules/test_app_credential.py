# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential is renewed in time, proven before the old one goes, and whatever fails leaves one that works."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import vault
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, DefenderError, Refused, ServiceError
from ansible_collections.secops.defender.plugins.module_utils._response import app_patience, app_secrets
from cryptography.hazmat.primitives.serialization import Encoding
from simulator.certificates import Folder
from unit.plugins.modules.playing import connection, run, work

PASSWORD = "not-a-secret-of-the-vault"
DAY = 86_400


@pytest.fixture
def tenant(running_simulator, monkeypatch):
    running_simulator.load("from_nothing")
    running_simulator.settings(directory_lag=0.05, listing_lag=0.1, credential_lag=0.3)
    monkeypatch.setattr(app_patience, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(app_secrets, "LOOKS", 1)
    return running_simulator


class Responder:
    """An app without a credential, and the file that is to keep its secret."""

    def __init__(self, tenant, folder) -> None:
        self.tenant = tenant
        self.file = folder / "defender.yml"
        self.app_id = work(tenant, "app_registration", app="bootstrapper", display_name="responder")["app_id"]

    def __call__(self, kind: str = "secret", **options: t.Any) -> dict[str, t.Any]:
        place = {"vault_file": str(self.file), "vault_password": PASSWORD} if kind == "secret" and options.get("state") != "absent" else {}
        given = {"app_id": self.app_id, "kind": kind, **place, **options}
        return work(self.tenant, "app_credential", app="bootstrapper", **{name: value for name, value in given.items() if value is not None})

    def stored(self) -> str:
        text = vault.decrypt(self.file.read_bytes(), PASSWORD.encode()).text
        return text.partition('defender_client_secret: "')[2].partition('"')[0]

    def works(self, secret: str) -> bool:
        return self._sign_in(client_secret=secret)

    def _sign_in(self, **proof: str) -> bool:
        scope = "https://graph.microsoft.com/.default"
        form = {"grant_type": "client_credentials", "scope": scope, "client_id": self.app_id, **proof}
        return self.tenant.session.post(f"{self.tenant.url}/{self.tenant.tenant_id}/oauth2/v2.0/token", data=form).ok

    def failure(self, **options: t.Any) -> DefenderError:
        with pytest.raises(DefenderError) as caught:
            self(**options)
        return caught.value


@pytest.fixture
def responder(tenant, tmp_path):
    return Responder(tenant, tmp_path)


def test_a_secret_is_made_proven_and_kept_and_a_second_run_changes_nothing(responder):
    result = responder(vault_variables_also={"defender_client_id": responder.app_id})
    assert result["changed"] and result["proven"] and responder.works(responder.stored())
    assert f'defender_client_id: "{responder.app_id}"' in vault.decrypt(responder.file.read_bytes(), PASSWORD.encode()).text
    assert responder.stored() not in json.dumps(result)
    again = responder()
    assert not again["changed"] and again["credential"]["key_id"] == result["credential"]["key_id"]


def test_it_is_renewed_in_time_and_the_old_one_goes(responder):
    old = responder() and responder.stored()
    responder.tenant.advance(149 * DAY)
    assert not responder(ahead=149 * DAY)["changed"]
    responder.tenant.advance(2 * DAY)
    result = responder(ahead=151 * DAY)
    assert result["changed"] and "it ends in 28 day(s)" in result["msg"] and len(result["removed"]) == 1
    assert responder.works(responder.stored()) and not responder.works(old)


def test_the_old_one_stays_for_its_time_and_goes_later(responder):
    old = responder() and responder.stored()
    responder.tenant.advance(170 * DAY)
    assert len(responder(ahead=170 * DAY, overlap=2)["kept"]) == 1 and responder.works(old)
    assert not responder(ahead=170 * DAY, overlap=2)["changed"]
    responder.tenant.advance(2 * DAY)
    result = responder(ahead=172 * DAY, overlap=2)
    assert len(result["removed"]) == 1 and result["proven"] and not responder.works(old)


def test_a_file_that_was_lost_gets_a_new_one(responder):
    old = responder() and responder.stored()
    responder.file.unlink()
    assert "none is stored" in responder()["msg"]
    assert responder.works(responder.stored()) and not responder.works(old)


def test_check_mode_foretells_and_makes_nothing(responder):
    responder.tenant.lock()
    foretold = responder(dry=True)
    assert not responder.file.exists() and responder.tenant.violations() == []
    responder.tenant.lock(False)
    assert responder()["diff"] == foretold["diff"]


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        ({"match": {"operation": "application.add_password"}, "kind": "status", "status": 400, "code": "Request_BadRequest"}, "make"),
        ({"match": {"operation": "application.add_password"}, "kind": "drop_after", "times": 1}, "make"),
        # The first sign-in is the bootstrapper's own.
        ({"match": {"service": "entra", "method": "POST"}, "after": 1, "kind": "status", "status": 400, "code": "AADSTS53003"}, "prove"),
        ({"match": {"operation": "application.remove_password"}, "kind": "status", "status": 403, "code": "Authorization_RequestDenied"}, "remove"),
    ],
    ids=["refused", "answer lost", "not proven", "not taken away"],
)
def test_whatever_fails_leaves_one_that_works_and_says_which(responder, fault, failed):
    old = responder() and responder.stored()
    responder.tenant.advance(170 * DAY)
    responder.tenant.faults([fault])
    error = responder.failure(ahead=170 * DAY)
    responder.tenant.faults()
    assert error.details["failed_step"] == failed and error.details["works"] in error.sentence().lower().replace("\n", " ")
    assert responder.works(responder.stored())
    assert failed == "remove" or responder.stored() == old
    assert responder(ahead=170 * DAY)["changed"] and not responder.works(old)
    assert len(responder(ahead=170 * DAY)["kept"]) == 0


def test_a_file_that_cannot_be_written_at_last_leaves_the_old_one(responder, monkeypatch):
    old = responder() and responder.stored()
    responder.tenant.advance(170 * DAY)
    monkeypatch.setattr("tempfile.mkstemp", _no_space)
    error = responder.failure(ahead=170 * DAY)
    assert error.details["failed_step"] == "store" and responder.stored() == old and responder.works(old)


def _no_space(**_where: str) -> None:
    raise OSError(28, "No space left on device")


def test_a_vault_of_another_password_is_refused_before_anything_is_made(responder):
    responder()
    responder.tenant.lock()
    assert "cannot be opened" in responder.failure(vault_password="not-a-secret-but-wrong").msg


def test_a_secret_nobody_would_know_is_not_made(responder):
    responder.tenant.lock()
    assert "known to nobody" in responder.failure(vault_file=None, vault_password=None).msg


def test_without_a_place_the_secret_is_returned_once_and_old_ones_stay(responder):
    there = {"vault_file": None, "vault_password": None, "return_secret": True}
    first = responder(**there)
    assert responder.works(first["secret"]) and "secret" not in responder(**there)
    second = responder(**there, valid_days=400, rotate_before=300)
    assert second["changed"] and len(second["kept"]) == 1 and responder.works(first["secret"])
    last = responder(**there, stored_secret=second["secret"])
    assert last["proven"] and len(last["removed"]) == 1 and not responder.works(first["secret"])


def test_a_policy_against_secrets_is_explained(responder):
    responder.tenant.settings(secrets_allowed=False)
    error = responder.failure()
    responder.tenant.settings(secrets_allowed=True)
    assert isinstance(error, ServiceError) and "policy" in error.hint


def test_no_secret_is_in_what_the_module_writes(responder):
    options = {"app_id": responder.app_id, "kind": "secret", "vault_file": str(responder.file), "vault_password": PASSWORD}
    ended = run("app_credential", {**connection(responder.tenant, "bootstrapper"), **options, "_ansible_diff": True})
    assert ended.result["changed"] and responder.stored() not in ended.text and PASSWORD not in ended.text


def test_the_last_credential_is_not_taken_away_by_mistake(responder):
    responder()
    with pytest.raises(Refused, match="could not sign in"):
        responder(state="absent")
    assert responder(state="absent", allow_last=True)["changed"] and not responder(state="absent")["changed"]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "keys")


def public(folder, name: str) -> dict[str, str]:
    """The paths of a certificate without its key, and of its key, as options."""
    certificate = folder.certificate(name)
    path = folder.path / f"{name}.crt"
    path.write_bytes(certificate.x509.public_bytes(Encoding.PEM))
    return {"new_certificate_path": str(path), "new_key_path": str(certificate.path)}


def test_a_certificate_is_uploaded_proven_and_takes_the_place_of_the_one_before(responder, folder):
    result = responder("certificate", **public(folder, "first"))
    assert result["changed"] and result["proven"] and "PRIVATE" not in json.dumps(responder.tenant.journal())
    assert not responder("certificate", **public(folder, "first"))["changed"]
    second = responder("certificate", **public(folder, "second"))
    assert second["proven"] and len(second["removed"]) == 1
    assert second["credential"]["thumbprint"] != result["credential"]["thumbprint"]
    assert not responder("certificate", **public(folder, "second"))["changed"]


def test_a_certificate_without_its_key_is_not_proven_and_takes_nothings_place(responder, folder):
    responder("certificate", **public(folder, "first"))
    result = responder("certificate", **{**public(folder, "second"), "new_key_path": None})
    assert result["changed"] and not result["proven"] and len(result["kept"]) == 1


def test_a_certificate_whose_key_is_another_is_taken_back(responder, folder):
    responder("certificate", **public(folder, "first"))
    wrong = {**public(folder, "second"), "new_key_path": public(folder, "third")["new_key_path"]}
    error = responder.failure(kind="certificate", **wrong)
    assert isinstance(error, BadInput) and error.details["failed_step"] == "prove"
    assert not responder("certificate", **public(folder, "first"))["changed"]


def test_a_federated_credential_is_trusted_proven_and_changed(responder):
    trust = {"issuer": f"{responder.tenant.url}/_issuer", "subject": "repo:contoso/soc:ref:refs/heads/main", "name": "github-main"}
    token = responder.tenant.federated_token(subject=trust["subject"])
    result = responder("federated", **trust, proof_token=token)
    assert result["proven"] and result["credential"]["audiences"] == ["api://AzureADTokenExchange"]
    assert not responder("federated", **trust)["changed"]
    assert responder("federated", **{**trust, "subject": "repo:contoso/soc:environment:drill"})["diff"]["before"]["subject"] == trust["subject"]
    with pytest.raises(BadInput, match="under the name github-main"):
        responder("federated", **{**trust, "subject": "repo:contoso/soc:environment:drill", "name": "another"})
    assert responder("federated", **trust, state="absent", allow_last=True)["changed"]


def test_a_federated_credential_that_is_not_proven_is_taken_back(responder):
    trust = {"issuer": f"{responder.tenant.url}/_issuer", "subject": "system:serviceaccount:soc:runner"}
    error = responder.failure(kind="federated", **trust, proof_token=responder.tenant.federated_token(subject="somebody"), wait_timeout=1)
    assert error.details["failed_step"] == "prove"
    assert responder("federated", **trust)["msg"].endswith("is added")
