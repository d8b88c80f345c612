# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate or a federated credential is proven before an old one goes, and taken back when it is not good."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from cryptography.hazmat.primitives.serialization import Encoding
from simulator.certificates import Folder
from unit.plugins.modules.credentialing import Responder, hurried


@pytest.fixture
def tenant(running_simulator, monkeypatch):
    return hurried(running_simulator, monkeypatch)


@pytest.fixture
def responder(tenant, tmp_path):
    return Responder(tenant, tmp_path)


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


def test_what_the_list_does_not_show_yet_is_not_made_twice(responder):
    responder.tenant.settings(listing_lag=3)
    trust = {"issuer": f"{responder.tenant.url}/_issuer", "subject": "repo:contoso/soc:environment:late", "name": "github-late"}
    assert responder("federated", **trust)["changed"]
    assert not responder("federated", **trust, wait_timeout=30)["changed"]
    assert responder("federated", **{**trust, "subject": "repo:contoso/soc:environment:later"}, wait_timeout=30)["changed"]


def test_what_was_trusted_before_is_trusted_again_when_the_new_one_is_not_proven(responder):
    trust = {"issuer": f"{responder.tenant.url}/_issuer", "subject": "repo:contoso/soc:ref:refs/heads/main", "name": "github-main"}
    responder("federated", **trust)
    other, foreign = {**trust, "subject": "repo:contoso/soc:environment:drill"}, responder.tenant.federated_token(subject="somebody")
    error = responder.failure(kind="federated", **other, proof_token=foreign, wait_timeout=1)
    assert error.details["works"] == "what worked before still works"
    assert not responder("federated", **trust)["changed"]
