# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signature is proven against the keys that the tenant publishes."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import DEFENDER_APP_ID
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadAnswer,
    ServiceError,
    TokenRejected,
)
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.signature import verify_signature
from ansible_collections.secops.defender.plugins.module_utils._client.token import decode
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from unit.plugins.module_utils._client import certificates as made

KEYS = "token.jwks_v1"


@pytest.fixture
def token(simulator):
    return decode(simulator.token())


@pytest.fixture
def check(simulator):
    def prove(token):
        return verify_signature(
            token, settings_from({"access_token": token.value, "login_url": simulator.url, "ca_path": simulator.ca_path})
        )

    return prove


def forged(token, **changes):
    """The token with other claims, signed by a stranger who borrows the name of the tenant's key."""
    value = jwt.encode({**token.claims, **changes}, made.an_rsa_key(), "RS256", headers={"kid": token.header["kid"]})
    return decode(value)


def with_parts(token, number, part):
    parts = token.value.split(".")
    parts[number] = part
    return decode(".".join(parts))


def test_a_token_of_the_tenant_is_proven_by_the_keys_of_its_version(simulator, token, check):
    simulator.clear_journal()
    assert check(token) == token.header["kid"]
    assert [row["operation"] for row in simulator.journal()] == ["token.openid_configuration_v1", KEYS]


@pytest.fixture
def signed(simulator, token):
    """A token with other claims, signed by the tenant's own key."""
    key = load_pem_private_key(Path(simulator.apps["responder"]["certificate_path"]).with_name("signing.pem").read_bytes(), None)

    def make(**changes):
        return decode(jwt.encode({**token.claims, **changes}, key, "RS256", headers={"kid": token.header["kid"]}))

    return make


def test_a_token_of_version_two_is_proven_by_the_keys_of_version_two(simulator, signed, check):
    version_two = signed(ver="2.0", iss=f"https://login.microsoftonline.com/{simulator.tenant_id}/v2.0", aud=DEFENDER_APP_ID)
    simulator.clear_journal()
    assert check(version_two) == version_two.header["kid"]
    assert [row["operation"] for row in simulator.journal()] == ["token.openid_configuration", "token.jwks"]


@pytest.mark.parametrize("version, issuer", [("1.0", "https://login.microsoftonline.com/{tid}/v2.0"), ("2.0", "https://sts.windows.net/{tid}/"), ("1.0", "")])
def test_an_issuer_that_does_not_go_with_the_version_is_refused_although_the_key_is_right(simulator, signed, check, version, issuer):
    with pytest.raises(TokenRejected, match="as its issuer; the tenant's is https"):
        check(signed(ver=version, iss=issuer.replace("{tid}", simulator.tenant_id)))


def test_an_expired_token_is_still_the_tenant_s(simulator, check):
    simulator.faults([{"match": {"service": "entra"}, "kind": "expired_token"}])
    old = decode(simulator.token())
    assert check(old)


def test_a_forged_token_is_refused(token, check):
    with pytest.raises(TokenRejected, match="signature is not the tenant's"):
        check(forged(token, roles=["Machine.Isolate", "Machine.Offboard"]))


def test_altered_claims_are_refused(token, check):
    with pytest.raises(TokenRejected, match="signature is not the tenant's"):
        check(with_parts(token, 1, forged(token, roles=["Machine.Offboard"]).value.split(".")[1]))


def test_a_token_without_a_signature_is_refused(token, check):
    unsigned = jwt.encode(dict(token.claims), None, "none", headers={"kid": token.header["kid"]})
    with pytest.raises(TokenRejected):
        check(decode(unsigned))


def test_a_key_that_the_tenant_does_not_list_is_told(token, check):
    stranger = jwt.encode(dict(token.claims), made.an_rsa_key(), "RS256", headers={"kid": "of-a-stranger"})
    with pytest.raises(TokenRejected, match="a key that the tenant does not list"):
        check(decode(stranger))


def test_a_graph_token_is_refused_with_the_reason(simulator, check):
    graph = decode(simulator.token(scope="https://graph.microsoft.com/.default"))
    with pytest.raises(TokenRejected, match="cannot be checked by anyone but Graph itself"):
        check(graph)


def test_a_tenant_that_the_login_host_does_not_know_is_told(token, check):
    with pytest.raises(ServiceError, match="signing keys cannot be had"):
        check(forged(token, tid="5a1f0e4c-0000-4000-8000-0000000000cc"))


@pytest.mark.parametrize("changes, said", [({"tid": "../x"}, "which tenant"), ({"ver": "3.0"}, "version '3.0'"), ({"ver": None}, "version None")])
def test_a_token_that_says_too_little_is_refused_before_anything_is_asked(simulator, token, check, changes, said):
    odd = forged(token, **changes)
    simulator.clear_journal()
    with pytest.raises(TokenRejected, match=said):
        check(odd)
    assert not simulator.journal()


@pytest.mark.parametrize("body", [[], {}, {"keys": "none"}, {"keys": [{"kid": "KID"}]}, {"keys": [{"kid": "KID", "kty": "RSA", "n": 1, "e": "*"}]}])
def test_keys_that_are_no_keys_are_told(simulator, token, check, body):
    body = json.loads(json.dumps(body).replace("KID", token.header["kid"]))
    simulator.faults([{"match": {"operation": KEYS}, "kind": "status", "status": 200, "body": body}])
    with pytest.raises((BadAnswer, TokenRejected)):
        check(token)


def test_a_web_page_in_place_of_keys_is_told(simulator, token, check):
    simulator.faults([{"match": {"operation": KEYS}, "kind": "not_json"}])
    with pytest.raises((BadAnswer, ServiceError), match="discovery/keys"):
        check(token)
