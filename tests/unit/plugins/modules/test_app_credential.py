# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential is renewed in time, proven before the old one goes, and whatever fails leaves one that works."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import vault
from ansible_collections.secops.defender.plugins.module_utils._client.errors import Refused, ServiceError
from unit.plugins.modules.credentialing import PASSWORD, Responder, hurried
from unit.plugins.modules.playing import connection, run

DAY = 86_400


@pytest.fixture
def tenant(running_simulator, monkeypatch):
    return hurried(running_simulator, monkeypatch)


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


def test_the_secret_of_another_app_is_not_written_over(responder, tmp_path):
    responder(vault_variables_also={"defender_client_id": responder.app_id})
    before = responder.file.read_bytes()
    other = Responder(responder.tenant, tmp_path, "hunter")
    with pytest.raises(Refused, match=f"keeps the secret of another app: defender_client_id in it is {responder.app_id}"):
        other(vault_variables_also={"defender_client_id": other.app_id})
    assert responder.file.read_bytes() == before


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


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"vault_variable": "client-secret"}, "'client-secret' is no name of a variable"),
        ({"vault_variables_also": {"a: b": "c"}}, "'a: b' is no name of a variable"),
        ({"vault_variables_also": {"defender_proxy": None}}, "defender_proxy is no text"),
        ({"vault_id": "prod@prompt"}, "'prod@prompt' is no label"),
    ],
)
def test_a_file_that_ansible_could_not_load_is_not_begun(responder, options, reason):
    assert reason in str(responder.failure(**options))
    assert not responder.file.exists() and not responder()["removed"]


@pytest.mark.parametrize(("content", "reason"), [(b"$ANSIBLE_VAULT;1.1;AES256\n3132\n", "encrypted itself"), (b" \n", "without a password")])
def test_a_password_that_is_none_is_refused(responder, tmp_path, content, reason):
    (tmp_path / "password").write_bytes(content)
    assert reason in str(responder.failure(vault_password=None, vault_password_file=str(tmp_path / "password")))


def test_a_password_of_any_bytes_opens_what_ansible_vault_has_locked_with_it(responder, tmp_path):
    (tmp_path / "password").write_bytes(b"not-a-secret-\xff\n")
    responder(vault_password=None, vault_password_file=str(tmp_path / "password"))
    assert vault.decrypt(responder.file.read_bytes(), b"not-a-secret-\xff").text
