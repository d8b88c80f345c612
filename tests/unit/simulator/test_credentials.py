# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets, certificates and foreign tokens work from when they are known until they are over, and no longer."""

from __future__ import annotations

import time
import typing as t
import uuid

import jwt
import pytest
from simulator.certificates import Certificate
from simulator.handle import Handle
from unit.simulator.desk import Desk, certificate, key_of, number, refusal
from unit.simulator.typed import wrong

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITHUB = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:contoso/soc:ref:refs/heads/main"}
AUDIENCES = ["api://AzureADTokenExchange"]


@pytest.fixture
def desk(simulator: Handle) -> Desk:
    return Desk(simulator)


def assertion(desk: Desk, app: dict[str, t.Any], by: Certificate) -> dict[str, str]:
    """The form's fields for signing in with a certificate."""
    moment = int(desk.simulator.clock())
    claims = {
        "aud": f"{desk.simulator.url}/{desk.simulator.tenant_id}/oauth2/v2.0/token", "iss": app["appId"], "sub": app["appId"],
        "jti": str(uuid.uuid4()), "nbf": moment, "exp": moment + 600,
    }
    signed = jwt.encode(claims, by.key, "PS256", headers={"x5t#S256": by.x5t_s256})
    return {"client_assertion": signed, "client_assertion_type": ASSERTION}


def proof(desk: Desk, app: dict[str, t.Any], by: Certificate, **changes: t.Any) -> str:
    """That the caller has the key of a certificate already on the app."""
    moment = int(desk.simulator.clock())
    claims = {"aud": "00000002-0000-0000-c000-000000000000", "iss": app["id"], "nbf": moment, "exp": moment + 600, **changes}
    return jwt.encode(claims, by.key, "RS256")


def federated(desk: Desk, **claims: t.Any) -> dict[str, str]:
    token = desk.simulator.federated_token(**{**GITHUB, **claims})
    return {"client_assertion": token, "client_assertion_type": ASSERTION}


def test_a_secret_is_told_once_and_works_after_a_moment(desk: Desk) -> None:
    app = desk.app_of()
    answer = desk("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "ansible"}})
    made = answer.json()
    assert wrong({name: value for name, value in made.items() if name[0] != "@"}, "PasswordCredential") == []
    assert 16 <= len(made["secretText"]) <= 64 and made["hint"] == made["secretText"][:3]
    assert number(desk.sign_in(app, made["secretText"])) == 7000215
    desk.wait(1.1)
    assert desk.sign_in(app, made["secretText"]).ok
    kept = desk.get(f"/applications/{app['id']}")["passwordCredentials"]
    assert [(row["keyId"], row["displayName"], row["secretText"]) for row in kept] == [(made["keyId"], "ansible", None)]
    assert made["secretText"] not in str(desk.simulator.journal())


def test_two_secrets_work_side_by_side_until_one_is_removed(desk: Desk) -> None:
    app = desk.app_of()
    old, new = desk.secret(app), desk.secret(app)
    assert desk.sign_in(app, old["secretText"]).ok and desk.sign_in(app, new["secretText"]).ok
    desk.change("POST", f"/applications(appId='{app['appId']}')/removePassword", {"keyId": old["keyId"]})
    assert number(desk.sign_in(app, old["secretText"])) == 7000215
    assert desk.sign_in(app, new["secretText"]).ok
    assert refusal(desk("POST", f"/applications/{app['id']}/removePassword", {"keyId": old["keyId"]})) == (400, "Request_BadRequest")


def test_a_secret_ends_when_it_was_said_to(desk: Desk) -> None:
    app = desk.app_of()
    made = desk.secret(app, startDateTime="2026-01-01T00:00:00Z", endDateTime="2040-01-01T00:00:00Z")
    assert (made["startDateTime"], made["endDateTime"]) == ("2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
    desk.wait(20 * 365 * 86400)
    assert number(desk.sign_in(app, made["secretText"])) == 7000222


@pytest.mark.parametrize("facts", [{"secretText": "not-a-secret-of-mine"}, {"endDateTime": "2020-01-01T00:00:00Z"}, {"name": "x"}], ids=str)
def test_a_secret_that_nobody_may_ask_for(desk: Desk, facts: dict[str, str]) -> None:
    app = desk.app_of()
    assert refusal(desk("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": facts})) == (400, "Request_BadRequest")


def test_the_tenant_may_forbid_secrets_or_limit_their_life(desk: Desk) -> None:
    app = desk.app_of()
    desk.simulator.settings(secret_days=180)
    assert refusal(desk("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {}})) == (400, "Request_BadRequest")
    desk.simulator.settings(secret_days=0, secrets_allowed=False)
    refused = desk("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {}})
    assert refusal(refused) == (400, "Request_BadRequest") and "policy" in refused.text


def test_a_certificate_is_put_in_the_place_of_another(desk: Desk) -> None:
    first, second = certificate(desk.simulator, "responder"), certificate(desk.simulator, "commander")
    app = desk.app_of(keyCredentials=[key_of(first)])
    assert desk.sign_in(app, **assertion(desk, app, first)).ok
    both = [*desk.get(f"/applications/{app['id']}")["keyCredentials"], key_of(second)]
    desk.change("PATCH", f"/applications/{app['id']}", {"keyCredentials": both})
    assert number(desk.sign_in(app, **assertion(desk, app, second))) == 700027
    desk.wait()
    assert desk.sign_in(app, **assertion(desk, app, first)).ok and desk.sign_in(app, **assertion(desk, app, second)).ok
    kept = desk.get(f"/applications/{app['id']}", select="keyCredentials")["keyCredentials"]
    assert [row["customKeyIdentifier"] for row in kept] == [first.sha1, second.sha1] and all(row["key"] for row in kept)
    desk.change("PATCH", f"/applications/{app['id']}", {"keyCredentials": kept[1:]})
    assert number(desk.sign_in(app, **assertion(desk, app, first))) == 700027
    assert desk.sign_in(app, **assertion(desk, app, second)).ok


def test_an_expired_certificate_is_not_taken(desk: Desk) -> None:
    app, later = desk.app_of(), certificate(desk.simulator, "responder")
    long = {**key_of(later), "endDateTime": "2199-01-01T00:00:00Z"}
    assert refusal(desk("PATCH", f"/applications/{app['id']}", {"keyCredentials": [long]})) == (400, "Request_BadRequest")
    short = {**key_of(later), "endDateTime": "2040-01-01T00:00:00Z"}
    desk.change("PATCH", f"/applications/{app['id']}", {"keyCredentials": [short]})
    desk.wait(20 * 365 * 86400)
    assert number(desk.sign_in(app, **assertion(desk, app, later))) == 700027


def test_a_key_is_added_by_whoever_has_another(desk: Desk) -> None:
    first, second = certificate(desk.simulator, "responder"), certificate(desk.simulator, "commander")
    app = desk.app_of(keyCredentials=[key_of(first)])
    path = f"/applications/{app['id']}/addKey"
    body = {"keyCredential": key_of(second), "passwordCredential": None, "proof": proof(desk, app, first)}
    made = desk.make(path, body, 200)
    assert made["customKeyIdentifier"] == second.sha1 and desk.sign_in(app, **assertion(desk, app, second)).ok
    assert refusal(desk("POST", path, {**body, "proof": proof(desk, app, first, exp=int(time.time()) + 10**6)})) == (400, "Request_BadRequest")
    assert refusal(desk("POST", path, {**body, "proof": proof(desk, app, first, iss=app["appId"])})) == (400, "Request_BadRequest")
    stranger = certificate(desk.simulator, "signing")
    assert refusal(desk("POST", path, {**body, "proof": proof(desk, app, stranger)})) == (401, "Authentication_MissingOrMalformed")
    old = desk.get(f"/applications/{app['id']}")["keyCredentials"][0]["keyId"]
    desk.change("POST", f"/applications/{app['id']}/removeKey", {"keyId": old, "proof": proof(desk, app, second)})
    assert number(desk.sign_in(app, **assertion(desk, app, first))) == 700027
    assert "eyJ" not in str(desk.simulator.journal())


def test_an_app_rolls_its_own_key_without_any_role(desk: Desk) -> None:
    first, second = certificate(desk.simulator, "commander"), certificate(desk.simulator, "responder")
    commander = Desk(desk.simulator, "commander")
    app = desk.get("/applications", filter="displayName eq 'commander'")["value"][0]
    other = desk.app_of(keyCredentials=[key_of(first)])
    body = {"keyCredential": key_of(second), "passwordCredential": None}
    assert commander("POST", f"/applications/{app['id']}/addKey", {**body, "proof": proof(desk, app, first)}).ok
    refused = commander("POST", f"/applications/{other['id']}/addKey", {**body, "proof": proof(desk, other, first)})
    assert refusal(refused) == (403, "Authorization_RequestDenied")
    desk.wait()
    assert desk.sign_in(app, **assertion(desk, app, second)).ok
    assert refusal(commander("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {}})) == (403, "Authorization_RequestDenied")


def test_a_foreign_token_signs_in_when_all_three_names_match(desk: Desk) -> None:
    app = desk.app_of()
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    assert number(desk.sign_in(app, **federated(desk))) == 700211
    made = desk("POST", path, {"name": "main", **GITHUB, "audiences": AUDIENCES}).json()
    assert wrong({name: value for name, value in made.items() if name[0] != "@"}, "FederatedIdentityCredential") == []
    assert number(desk.sign_in(app, **federated(desk))) == 700211
    desk.wait()
    assert desk.sign_in(app, **federated(desk)).ok
    assert desk.simulator.journal(service="entra")[-1]["operation"] == "token.client_credentials_federated"
    desk.change("DELETE", f"{path}(name='main')")
    assert number(desk.sign_in(app, **federated(desk))) == 700211


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"issuer": GITHUB["issuer"] + "/"}, 700211),
        ({"subject": "repo:contoso/soc:ref:refs/heads/dev"}, 700213),
        ({"subject": GITHUB["subject"].upper()}, 7002138),
        ({"audience": "https://github.com/contoso"}, 700212),
        ({"lifetime": -1000}, 700024),
        ({"scp": "user_impersonation"}, 700229),
    ],
    ids=str,
)
def test_a_foreign_token_is_refused_for_what_does_not_match(desk: Desk, claims: dict[str, t.Any], expected: int) -> None:
    app = desk.app_of()
    desk.make(f"/applications/{app['id']}/federatedIdentityCredentials", {"name": "main", **GITHUB, "audiences": AUDIENCES})
    assert number(desk.sign_in(app, **federated(desk, **claims))) == expected


def test_a_foreign_token_must_be_signed_by_its_issuer(desk: Desk) -> None:
    app, stranger = desk.app_of(), certificate(desk.simulator, "signing")
    desk.make(f"/applications/{app['id']}/federatedIdentityCredentials", {"name": "main", **GITHUB, "audiences": AUDIENCES})
    claims = {"iss": GITHUB["issuer"], "sub": GITHUB["subject"], "aud": AUDIENCES[0], "exp": int(desk.simulator.clock()) + 600}
    forged = jwt.encode(claims, stranger.key, "RS256")
    assert number(desk.sign_in(app, client_assertion=forged, client_assertion_type=ASSERTION)) == 900384


def test_federated_credentials_are_changed_and_limited(desk: Desk) -> None:
    app = desk.app_of()
    path = f"/applications/{app['id']}/federatedIdentityCredentials"
    made = desk.make(path, {"name": "main", **GITHUB, "audiences": AUDIENCES})
    assert refusal(desk("POST", path, {"name": "main", **GITHUB, "subject": "x", "audiences": AUDIENCES})) == (409, "Request_MultipleObjectsWithSameKeyValue")
    assert refusal(desk("POST", path, {"name": "other", **GITHUB, "audiences": AUDIENCES})) == (400, "InvalidFederatedIdentityCredentialValue")
    assert refusal(desk("POST", path, {"name": "other", **GITHUB, "subject": "x", "audiences": [*AUDIENCES, "y"]})) == (400, "Request_BadRequest")
    assert refusal(desk("PATCH", f"{path}/{made['id']}", {"name": "renamed"})) == (400, "Request_BadRequest")
    desk.change("PATCH", f"{path}/{made['id']}", {"subject": "repo:contoso/soc:environment:prod"})
    desk.wait()
    assert desk.sign_in(app, **federated(desk, subject="repo:contoso/soc:environment:prod")).ok
    for count in range(19):
        assert desk("POST", path, {"name": f"n{count}", **GITHUB, "subject": f"s{count}", "audiences": AUDIENCES}).status_code == 201
    assert refusal(desk("POST", path, {"name": "too-many", **GITHUB, "subject": "x", "audiences": AUDIENCES})) == (400, "Request_BadRequest")
    desk.wait()
    assert len(desk.get(path)["value"]) == 20 and len(desk.get(path, filter="name eq 'n7'")["value"]) == 1


def test_the_issuer_shows_its_keys(desk: Desk) -> None:
    configuration = desk.simulator.session.get(f"{desk.simulator.url}/_issuer/.well-known/openid-configuration").json()
    keys = jwt.PyJWKSet.from_dict(desk.simulator.session.get(configuration["jwks_uri"]).json())
    token = desk.simulator.federated_token(subject="system:serviceaccount:soc:ansible")
    claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], ["RS256"], audience=AUDIENCES[0], issuer=configuration["issuer"])
    assert claims["sub"] == "system:serviceaccount:soc:ansible"
