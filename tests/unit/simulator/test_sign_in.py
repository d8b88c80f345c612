# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login host as the real MSAL meets it, and its tokens as PyJWT sees them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import jwt
import msal
import pytest
from simulator.handle import Handle

SCOPE = "https://api.securitycenter.microsoft.com/.default"
CERTIFICATE_BEGINS = "-----BEGIN CERTIFICATE-----"


def ask(simulator: Handle, credential: t.Any, app: str = "responder", scope: str = SCOPE) -> dict[str, t.Any]:
    """What MSAL makes of the answer."""
    client = msal.ConfidentialClientApplication(
        simulator.apps[app]["client_id"],
        client_credential=credential,
        authority=f"{simulator.url}/{simulator.tenant_id}",
        instance_discovery=False,
        http_client=simulator.session,
    )
    return client.acquire_token_for_client([scope])


def claims_of(simulator: Handle, token: str, version: str = "") -> dict[str, t.Any]:
    """The claims, once the signature has been checked as access-tokens.md wants it."""
    configuration = f"{simulator.url}/{simulator.tenant_id}/{version}.well-known/openid-configuration"
    metadata = simulator.session.get(configuration).json()
    keys = jwt.PyJWKSet.from_dict(simulator.session.get(metadata["jwks_uri"]).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False}, issuer=metadata["issuer"])


def certificate(simulator: Handle, app: str = "responder") -> dict[str, str]:
    pem = Path(simulator.apps[app]["certificate_path"]).read_text(encoding="ascii")
    return {"private_key": pem, "public_certificate": pem[pem.index(CERTIFICATE_BEGINS) :]}


def pfx(simulator: Handle) -> dict[str, t.Any]:
    app = simulator.apps["responder"]
    return {"private_key_pfx_path": app["pfx_path"], "passphrase": app["pfx_passphrase"], "public_certificate": True}


def thumbprint(simulator: Handle) -> dict[str, str]:
    app = simulator.apps["responder"]
    return {"private_key": certificate(simulator)["private_key"], "thumbprint": app["certificate_thumbprint"]}


@pytest.mark.parametrize(
    ("credential", "proof"),
    [
        (lambda simulator: simulator.apps["responder"]["client_secret"], "1"),
        (certificate, "2"),
        (thumbprint, "2"),
        (pfx, "2"),
    ],
    ids=["secret", "pem-ps256", "thumbprint-rs256", "pfx"],
)
def test_msal_signs_in(simulator: Handle, credential: t.Callable[[Handle], t.Any], proof: str) -> None:
    answer = ask(simulator, credential(simulator))
    assert answer["expires_in"] == 3599
    assert claims_of(simulator, answer["access_token"])["appidacr"] == proof


def test_token_says_what_tokens_of_defender_say(simulator: Handle) -> None:
    claims = claims_of(simulator, simulator.token())
    assert claims["roles"] == ["Alert.Read.All", "Machine.Read.All", "Machine.Isolate"]
    assert claims["aud"] == "https://api.securitycenter.microsoft.com"
    assert claims["iss"] == claims["idp"] == f"https://sts.windows.net/{simulator.tenant_id}/"
    assert claims["oid"] == claims["sub"]
    assert claims["appid"] == simulator.apps["responder"]["client_id"]
    assert (claims["ver"], claims["tid"]) == ("1.0", simulator.tenant_id)
    assert claims["exp"] - claims["nbf"] == 3599 + 300
    assert not {"scp", "idtyp"} & set(claims)


def test_roles_are_absent_when_nothing_is_granted(simulator: Handle) -> None:
    assert "roles" not in claims_of(simulator, simulator.token("nobody"))


def test_token_for_xdr_has_no_roles_of_defender(simulator: Handle) -> None:
    claims = claims_of(simulator, simulator.token(scope="https://api.security.microsoft.com/.default"))
    assert claims["aud"] == "https://api.security.microsoft.com"
    assert "roles" not in claims


@pytest.mark.parametrize(
    "identifier",
    [
        "https://api.securitycenter.microsoft.com/",
        "https://api-uk.securitycenter.microsoft.com",
        "https://securitycenter.onmicrosoft.com/windowsatpservice",
        "fc780465-2017-40d4-a0c5-307022471b92",
    ],
)
def test_audience_repeats_the_identifier_asked_for(simulator: Handle, identifier: str) -> None:
    assert claims_of(simulator, simulator.token(scope=f"{identifier}/.default"))["aud"] == identifier


def test_token_lifetime_can_be_set(simulator: Handle) -> None:
    simulator.settings(token_lifetime=600)
    answer = ask(simulator, simulator.apps["responder"]["client_secret"])
    assert answer["expires_in"] == 600
    claims = claims_of(simulator, answer["access_token"])
    assert claims["exp"] - claims["iat"] == 600 + 300


def test_keys_are_as_entra_shows_them(simulator: Handle) -> None:
    for path in ("discovery/keys", "discovery/v2.0/keys"):
        for tenant in (simulator.tenant_id, "common"):
            (key,) = simulator.session.get(f"{simulator.url}/{tenant}/{path}").json()["keys"]
            assert {"kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer"} <= set(key)
            assert "alg" not in key
            assert key["kid"] == key["x5t"]
            assert ("cloud_instance_name" in key) == ("v2.0" in path)


def test_the_domain_names_the_tenant_too(simulator: Handle) -> None:
    path = "contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration"
    metadata = simulator.session.get(f"{simulator.url}/{path}").json()
    assert metadata["issuer"] == f"https://login.microsoftonline.com/{simulator.tenant_id}/v2.0"
    assert metadata["token_endpoint"] == f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"


def test_msal_may_ask_for_the_hosts_other_names(simulator: Handle) -> None:
    query = {"api-version": "1.1", "authorization_endpoint": f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/authorize"}
    answer = simulator.session.get(f"{simulator.url}/common/discovery/instance", params=query).json()
    assert simulator.session.get(answer["tenant_discovery_endpoint"]).ok
    assert answer["metadata"][0]["aliases"] == [simulator.url.removeprefix("https://")]


def test_secret_may_come_by_http_basic(simulator: Handle) -> None:
    app = simulator.apps["responder"]
    answer = simulator.session.post(
        f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "scope": SCOPE},
        auth=(app["client_id"], app["client_secret"]),
    )
    assert answer.json()["token_type"] == "Bearer"


def test_older_endpoint_takes_a_resource_and_sends_numbers_as_text(simulator: Handle) -> None:
    app = simulator.apps["reader"]
    form = {name: app[name] for name in ("client_id", "client_secret")}
    answer = simulator.session.post(
        f"{simulator.url}/{simulator.tenant_id}/oauth2/token",
        data={**form, "grant_type": "client_credentials", "resource": "https://api.securitycenter.microsoft.com"},
    ).json()
    assert (answer["expires_in"], answer["resource"]) == ("3599", "https://api.securitycenter.microsoft.com")
    assert claims_of(simulator, answer["access_token"])["aud"] == answer["resource"]


def test_expired_certificate_is_refused(simulator: Handle) -> None:
    answer = ask(simulator, certificate(simulator, "expired"), app="expired")
    assert answer["error_codes"] == [700027]


def test_certificate_of_another_app_is_refused(simulator: Handle) -> None:
    assert ask(simulator, certificate(simulator), app="reader")["error_codes"] == [700027]


def test_msal_gives_up_on_an_unknown_tenant(simulator: Handle) -> None:
    with pytest.raises(ValueError, match="authority"):
        msal.ConfidentialClientApplication(
            simulator.apps["responder"]["client_id"],
            client_credential="not-a-secret",
            authority=f"{simulator.url}/5a1f0e4c-0000-4000-8000-000000000000",
            instance_discovery=False,
            http_client=simulator.session,
        )


def test_journal_holds_no_secret(simulator: Handle) -> None:
    ask(simulator, simulator.apps["responder"]["client_secret"])
    ask(simulator, certificate(simulator))
    by_secret, by_certificate = (row for row in simulator.journal(service="entra") if row["method"] == "POST")
    assert by_secret["operation"] == "token.client_credentials_secret"
    assert by_secret["body"]["client_secret"] == "(removed)"
    assert by_certificate["operation"] == "token.client_credentials_certificate"
    assert by_certificate["body"]["client_assertion"] == "(removed)"
    assert by_certificate["app_id"] == simulator.apps["responder"]["client_id"]
    assert "not-a-secret" not in str(simulator.journal())
