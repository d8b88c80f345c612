# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People sign in by device code, as the real MSAL asks for them; machines get tokens from where they run."""

from __future__ import annotations

import typing as t
from pathlib import Path

import jwt
import msal
import pytest
import requests
from simulator.handle import Handle

DEFENDER = "https://api.securitycenter.microsoft.com"
ANALYST = "analyst@contoso.com"
IMDS, APP_SERVICE = "/metadata/identity/oauth2/token", "/msi/token"


class Signing:
    """A person's sign-in, half done."""

    def __init__(self, simulator: Handle, app: str = "public", scopes: t.Sequence[str] = (f"{DEFENDER}/.default",)) -> None:
        self.simulator = simulator
        self.client = msal.PublicClientApplication(
            simulator.apps[app]["client_id"], authority=f"{simulator.url}/{simulator.tenant_id}", instance_discovery=False,
            http_client=simulator.session,
        )
        self.flow = self.client.initiate_device_flow(list(scopes))

    def look(self) -> dict[str, t.Any]:
        """Look once whether the person has signed in."""
        return self.client.acquire_token_by_device_flow({**self.flow, "expires_at": 0}, exit_condition=lambda _flow: True)


def test_a_person_signs_in_and_acts_with_the_scopes_they_gave(simulator: Handle) -> None:
    signing = Signing(simulator)
    assert signing.flow["user_code"] in signing.flow["message"] and signing.flow["interval"] == 5
    assert signing.look()["error"] == "authorization_pending"
    simulator.sign_in_person(ANALYST, resource=DEFENDER, scopes=["Machine.Read"])
    answer = signing.look()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (claims["scp"], claims["upn"], claims["appidacr"]) == ("Machine.Read", ANALYST, "0")
    assert "roles" not in claims and claims["sub"] != claims["oid"]
    assert signing.client.get_accounts()[0]["username"] == ANALYST
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert simulator.session.get(f"{simulator.url}/api/machines", headers=bearer).ok
    assert simulator.session.get(f"{simulator.url}/api/alerts", headers=bearer).status_code == 403
    assert signing.look()["error"] == "bad_verification_code"
    assert "eyJ" not in str(simulator.journal()) and signing.flow["device_code"] not in str(simulator.journal())


def test_without_consent_a_person_gets_nothing(simulator: Handle) -> None:
    signing = Signing(simulator)
    simulator.sign_in_person(ANALYST)
    assert signing.look()["error_codes"] == [65001]


def test_a_person_may_turn_the_app_down(simulator: Handle) -> None:
    signing = Signing(simulator)
    simulator.sign_in_person(None)
    assert signing.look()["error"] == "authorization_declined"


def test_a_code_is_over_after_its_time(simulator: Handle) -> None:
    signing = Signing(simulator)
    simulator.advance(901)
    assert signing.look()["error"] == "expired_token"


def test_an_app_with_credentials_of_its_own_must_show_them(simulator: Handle) -> None:
    assert Signing(simulator, "reader").look()["error_codes"] == [7000218]


def ask(simulator: Handle, path: str = IMDS, headers: dict[str, str] | None = None, **query: str) -> requests.Response:
    """The answer of the identity host to a good request with some things changed."""
    known = {"api-version": "2018-02-01", "resource": DEFENDER, **query}
    given = {"Metadata": "true"} if headers is None else headers
    return requests.get(f"{simulator.facts['identity_url']}{path}", params=known, headers=given, timeout=10)


@pytest.mark.parametrize(
    ("asked_by", "name"), [(None, "vm-soc"), ("client_id", "id-soc"), ("object_id", "id-soc"), ("resource_id", "id-soc")], ids=str,
)
def test_a_machine_gets_a_token_of_its_own_identity_or_of_one_it_was_given(simulator: Handle, asked_by: str | None, name: str) -> None:
    facts = simulator.facts["identities"][name]
    query = {asked_by.replace("resource_id", "msi_res_id"): facts[asked_by]} if asked_by else {}
    answer = ask(simulator, **query).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (claims["appid"], claims["oid"]) == (facts["client_id"], facts["object_id"])
    assert ("Machine.Isolate" in claims["roles"]) == (name == "vm-soc")
    assert answer["expires_in"] == "86399" and answer["resource"] == DEFENDER


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"headers": {}}, 400, "bad_request_102"),
        ({"headers": {"Metadata": "true", "X-Forwarded-For": "10.0.0.1"}}, 400, "invalid_request"),
        ({"resource": "https://nothing.contoso.com"}, 400, "invalid_resource"),
        ({"resource": f"{DEFENDER}/.default"}, 400, "invalid_resource"),
        ({"client_id": "1de00000-0000-4000-8000-0000000000ff"}, 400, "invalid_request"),
        ({"api-version": "2017-01-01"}, 400, "invalid_request"),
        ({"mi_res_id": "/subscriptions/x"}, 400, "invalid_request"),
    ],
    ids=str,
)
def test_the_metadata_service_refuses_what_it_does_not_know(simulator: Handle, change: dict[str, t.Any], status: int, error: str) -> None:
    answer = ask(simulator, **change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_app_service_wants_its_header_and_speaks_otherwise(simulator: Handle) -> None:
    query = {"api-version": "2019-08-01"}
    refused = ask(simulator, APP_SERVICE, {}, **query)
    assert refused.status_code == 401 and set(refused.json()) == {"statusCode", "message"}
    header = {"X-IDENTITY-HEADER": simulator.facts["identity_header"]}
    assert ask(simulator, APP_SERVICE, header, **query).json()["client_id"] == simulator.facts["identities"]["vm-soc"]["client_id"]


def test_the_agent_of_arc_wants_to_see_what_is_in_a_file(simulator: Handle, tmp_path: Path) -> None:
    simulator.settings(arc_tokens=str(tmp_path))
    query = {"api-version": "2020-06-01"}
    challenge = ask(simulator, **query)
    realm = challenge.headers["WWW-Authenticate"].removeprefix("Basic realm=")
    key = Path(realm)
    assert challenge.status_code == 401 and key.parent == tmp_path and key.suffix == ".key" and key.stat().st_mode & 0o077 == 0
    shown = {"Metadata": "true", "Authorization": f"Basic {key.read_text(encoding='ascii')}"}
    assert ask(simulator, headers=shown, **query).json()["access_token"]
    assert not key.exists() and ask(simulator, headers=shown, **query).status_code == 401


def test_a_new_role_of_an_identity_shows_when_its_token_is_over(simulator: Handle) -> None:
    first = ask(simulator).json()["access_token"]
    simulator.advance(80_000)
    assert ask(simulator).json()["access_token"] == first
    simulator.advance(6_000)
    assert ask(simulator).json()["access_token"] != first


def test_plain_http_leads_to_identities_and_nowhere_else(simulator: Handle) -> None:
    for path in ("/_simulator/journal", "/api/machines", f"/{simulator.tenant_id}/oauth2/v2.0/token"):
        assert requests.get(f"{simulator.facts['identity_url']}{path}", timeout=10).status_code == 404
    query = {"api-version": "2018-02-01", "resource": DEFENDER}
    assert simulator.session.get(f"{simulator.url}{IMDS}", params=query, headers={"Metadata": "true"}).status_code == 404


def test_an_identity_has_no_secret_to_sign_in_with(simulator: Handle) -> None:
    form = {
        "grant_type": "client_credentials", "client_id": simulator.facts["identities"]["id-soc"]["client_id"], "client_secret": "not-a-secret",
        "scope": f"{DEFENDER}/.default",
    }
    answer = simulator.session.post(f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token", data=form)
    assert answer.json()["error_codes"] == [7000232]
