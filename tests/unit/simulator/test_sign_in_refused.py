# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way the login host says no: number, error word, status and body."""

from __future__ import annotations

import re
import time
import typing as t
import uuid
from pathlib import Path

import jwt
import pytest
from simulator.certificates import Folder
from simulator.handle import Handle

SCOPE = "https://api.securitycenter.microsoft.com/.default"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DROP = None


def ask(simulator: Handle, app: str = "responder", *, tenant: str | None = None, **changes: str | None) -> t.Any:
    """The answer to a good request with some fields changed, or left out by ``None``."""
    known = simulator.apps[app]
    form = {
        "grant_type": "client_credentials",
        "client_id": known["client_id"],
        "client_secret": known["client_secret"],
        "scope": SCOPE,
        **changes,
    }
    url = f"{simulator.url}/{tenant or simulator.tenant_id}/oauth2/v2.0/token"
    return simulator.session.post(url, data={name: value for name, value in form.items() if value is not None})


def expect(answer: t.Any, number: int, error: str, status: int) -> None:
    body = answer.json()
    assert (body["error_codes"], body["error"], answer.status_code) == ([number], error, status)


def assertion(simulator: Handle, *, header: dict[str, t.Any] | None = None, alg: str = "PS256", **changes: t.Any) -> str:
    """A good client assertion of the responder, with some claims changed."""
    mine = Folder(Path(simulator.ca_path).parent).certificate("responder")
    client_id = simulator.apps["responder"]["client_id"]
    claims = {
        "aud": f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token",
        "iss": client_id,
        "sub": client_id,
        "jti": str(uuid.uuid4()),
        "nbf": int(time.time()),
        "exp": int(time.time()) + 600,
        **changes,
    }
    named = {"x5t#S256": mine.x5t_s256} if header is None else header
    return jwt.encode({name: value for name, value in claims.items() if value is not DROP}, mine.key, alg, headers=named)


def ask_with(simulator: Handle, value: str, **changes: str | None) -> t.Any:
    form = {"client_secret": DROP, "client_assertion": value, "client_assertion_type": ASSERTION_TYPE, **changes}
    return ask(simulator, **form)


def test_good_requests_are_good(simulator: Handle) -> None:
    assert ask(simulator).ok
    assert ask_with(simulator, assertion(simulator)).ok


def test_wrong_secret(simulator: Handle) -> None:
    expect(ask(simulator, client_secret="not-a-secret-and-wrong"), 7000215, "invalid_client", 401)


def test_expired_secret(simulator: Handle) -> None:
    expect(ask(simulator, "expired"), 7000222, "invalid_client", 401)


def test_no_credential(simulator: Handle) -> None:
    expect(ask(simulator, client_secret=DROP), 7000218, "invalid_client", 401)


def test_unknown_app(simulator: Handle) -> None:
    expect(ask(simulator, client_id=str(uuid.uuid4())), 700016, "unauthorized_client", 400)


def test_disabled_app(simulator: Handle) -> None:
    expect(ask(simulator, "disabled"), 7000112, "unauthorized_client", 400)


def test_public_app_with_a_secret(simulator: Handle) -> None:
    expect(ask(simulator, "public", client_secret="not-a-secret"), 700025, "invalid_client", 400)


@pytest.mark.parametrize(
    ("tenant", "number"),
    [
        ("5a1f0e4c-0000-4000-8000-000000000000", 90002),
        ("fabrikam.example", 90002),
        ("nonsense", 900023),
        ("5a1f0e4c-0000-4000-8000-0000000000af", 90038),
        ("common", 9001023),
        ("organizations", 9001023),
    ],
)
def test_tenant_that_cannot_be_asked(simulator: Handle, tenant: str, number: int) -> None:
    expect(ask(simulator, tenant=tenant), number, "invalid_request", 400)


def test_discovery_calls_an_unknown_tenant_invalid(simulator: Handle) -> None:
    url = f"{simulator.url}/fabrikam.example/v2.0/.well-known/openid-configuration"
    expect(simulator.session.get(url), 90002, "invalid_tenant", 400)


@pytest.mark.parametrize("name", ["grant_type", "client_id", "scope"])
@pytest.mark.parametrize("value", [DROP, ""])
def test_missing_field(simulator: Handle, name: str, value: str | None) -> None:
    answer = ask(simulator, **{name: value})
    expect(answer, 900144, "invalid_request", 400)
    assert name in answer.json()["error_description"]


def test_body_that_is_not_a_form(simulator: Handle) -> None:
    url = f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    expect(simulator.session.post(url, json={"grant_type": "client_credentials"}), 900144, "invalid_request", 400)


@pytest.mark.parametrize("body", [b"client_id", b"client_id=\xff", b"client_secret=%FF&client_id=x"])
def test_malformed_form(simulator: Handle, body: bytes) -> None:
    url = f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    answer = simulator.session.post(url, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    expect(answer, 9002313, "invalid_request", 400)


def test_form_with_a_field_of_no_meaning(simulator: Handle) -> None:
    expect(ask(simulator, cliend_id="typo"), 90013, "invalid_request", 400)


def test_other_grants(simulator: Handle) -> None:
    expect(ask(simulator, grant_type="password"), 70003, "unsupported_grant_type", 400)


@pytest.mark.parametrize(
    ("scope", "number", "error"),
    [
        ("https://api.securitycenter.microsoft.com", 1002012, "invalid_scope"),
        ("https://api.securitycenter.microsoft.com/Machine.Read", 1002012, "invalid_scope"),
        ("/.default", 70011, "invalid_scope"),
        ('"quoted"/.default', 70011, "invalid_scope"),
        ("https://api.securitycenter.example/.default", 500011, "invalid_resource"),
        (f"{SCOPE} https://graph.microsoft.com/.default", 700022, "invalid_request"),
    ],
)
def test_scope_that_is_not_good(simulator: Handle, scope: str, number: int, error: str) -> None:
    expect(ask(simulator, scope=scope), number, error, 400)


def test_resource_at_the_endpoint_of_scopes(simulator: Handle) -> None:
    expect(ask(simulator, resource="https://api.securitycenter.microsoft.com"), 901002, "invalid_request", 400)


def test_assertion_that_is_no_token(simulator: Handle) -> None:
    expect(ask_with(simulator, "nonsense"), 9002313, "invalid_request", 400)


def test_assertion_without_its_type(simulator: Handle) -> None:
    expect(ask_with(simulator, assertion(simulator), client_assertion_type=DROP), 900144, "invalid_request", 400)


def test_assertion_and_secret_together(simulator: Handle) -> None:
    answer = ask_with(simulator, assertion(simulator), client_secret="not-a-secret-of-responder")
    expect(answer, 90013, "invalid_request", 400)


def test_assertion_with_another_signature(simulator: Handle) -> None:
    head, payload, _signature = assertion(simulator).split(".")
    _head, _payload, foreign = assertion(simulator).split(".")
    expect(ask_with(simulator, f"{head}.{payload}.{foreign}"), 700027, "invalid_client", 401)


def test_assertion_with_a_sha256_thumbprint_called_x5t(simulator: Handle) -> None:
    mine = Folder(Path(simulator.ca_path).parent).certificate("responder")
    value = assertion(simulator, alg="RS256", header={"x5t": mine.x5t_s256})
    expect(ask_with(simulator, value), 700027, "invalid_client", 401)


def test_assertion_with_no_thumbprint(simulator: Handle) -> None:
    expect(ask_with(simulator, assertion(simulator, header={})), 700027, "invalid_client", 401)


def test_assertion_for_another_endpoint(simulator: Handle) -> None:
    value = assertion(simulator, aud="https://login.microsoftonline.com/common/oauth2/v2.0/token")
    expect(ask_with(simulator, value), 700023, "invalid_client", 401)


def test_assertion_from_another_issuer(simulator: Handle) -> None:
    expect(ask_with(simulator, assertion(simulator, iss="https://ci.example")), 700211, "invalid_client", 401)


def test_assertion_about_another_app(simulator: Handle) -> None:
    value = assertion(simulator, sub=simulator.apps["reader"]["client_id"])
    expect(ask_with(simulator, value), 50012, "invalid_client", 401)


@pytest.mark.parametrize("change", [{"nbf": int(time.time()) + 3000}, {"exp": int(time.time()) - 3000}])
def test_assertion_of_another_time(simulator: Handle, change: dict[str, int]) -> None:
    expect(ask_with(simulator, assertion(simulator, **change)), 700024, "invalid_client", 401)


@pytest.mark.parametrize("name", ["exp", "jti"])
def test_assertion_that_lacks_a_claim(simulator: Handle, name: str) -> None:
    expect(ask_with(simulator, assertion(simulator, **{name: DROP})), 50012, "invalid_client", 401)


def test_assertion_sent_twice(simulator: Handle) -> None:
    value = assertion(simulator)
    assert ask_with(simulator, value).ok
    expect(ask_with(simulator, value), 50012, "invalid_client", 401)


@pytest.mark.parametrize("authorization", ["Basic nonsense!", "Bearer abc", "Basic bm9jb2xvbg=="])
def test_authorization_that_is_not_basic(simulator: Handle, authorization: str) -> None:
    url = f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    data = {"grant_type": "client_credentials", "scope": SCOPE}
    answer = simulator.session.post(url, data=data, headers={"Authorization": authorization})
    expect(answer, 9002313, "invalid_request", 400)


def test_error_body_has_what_support_asks_for(simulator: Handle) -> None:
    wanted = str(uuid.uuid4())
    url = f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "client_id": "x", "scope": SCOPE}
    body = simulator.session.post(url, data=form, headers={"client-request-id": wanted}).json()
    assert body["correlation_id"] == wanted
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", body["timestamp"])
    assert body["error_uri"] == "https://login.microsoftonline.com/error?code=700016"
    assert body["error_description"].startswith("AADSTS700016: ")
    assert body["error_description"].endswith(
        f" Trace ID: {body['trace_id']} Correlation ID: {wanted} Timestamp: {body['timestamp']}"
    )


def test_paths_and_methods_it_does_not_know(simulator: Handle) -> None:
    base = f"{simulator.url}/{simulator.tenant_id}"
    assert simulator.session.post(f"{base}/oauth2/v2.0/logout").status_code == 404
    assert simulator.session.get(f"{base}/oauth2/v2.0/token").status_code == 405
    assert simulator.session.get(f"{base}/discovery/keys?x=1").json()["error_codes"] == [90013]
