# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An administrator's desk: the directory of the simulator, asked over HTTP."""

from __future__ import annotations

import base64
import typing as t
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives.serialization import Encoding
from simulator.certificates import Certificate, Folder
from simulator.handle import Handle

GRAPH = "https://graph.microsoft.com"
DEFENDER = "https://api.securitycenter.microsoft.com"
DEFENDER_ID = "fc780465-2017-40d4-a0c5-307022471b92"
EVENTUAL = {"ConsistencyLevel": "eventual"}
LAGS = 60
"""More seconds than anything in the directory takes to be known."""


class Desk:
    """What an app may do to the directory; by default one that may do everything."""

    def __init__(self, simulator: Handle, app: str = "administrator") -> None:
        self.simulator = simulator
        self.app = app
        self._token: str | None = None

    def __call__(self, method: str, path: str, body: t.Any = None, *, headers: dict[str, str] | None = None, **query: str) -> requests.Response:
        self._token = self._token or self.simulator.token(self.app, f"{GRAPH}/.default")
        return self.simulator.session.request(
            method, f"{self.simulator.url}/v1.0{path}", json=body, headers={"Authorization": f"Bearer {self._token}", **(headers or {})},
            params={f"${name}": value for name, value in query.items()},
        )

    def wait(self, seconds: float = LAGS) -> None:
        self.simulator.advance(seconds)

    def get(self, path: str, **query: str) -> dict[str, t.Any]:
        answer = self("GET", path, **query)
        assert answer.ok, answer.text
        return answer.json()

    def make(self, path: str, body: dict[str, t.Any], status: int = 201) -> dict[str, t.Any]:
        """Make something, and wait until everyone knows it."""
        answer = self("POST", path, body)
        assert answer.status_code == status, answer.text
        self.wait()
        return answer.json()

    def change(self, method: str, path: str, body: dict[str, t.Any] | None = None) -> None:
        answer = self(method, path, body)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    def app_of(self, **facts: t.Any) -> dict[str, t.Any]:
        """A registration with its service principal, whose object id is under ``principal``."""
        application = self.make("/applications", {"displayName": "drill", "signInAudience": "AzureADMyOrg", **facts})
        principal = self.make("/servicePrincipals", {"appId": application["appId"]})
        return {**application, "principal": principal["id"]}

    def resource(self, app_id: str = DEFENDER_ID) -> dict[str, t.Any]:
        return self.get(f"/servicePrincipals(appId='{app_id}')")

    def grant(self, principal: str, role: str, app_id: str = DEFENDER_ID) -> requests.Response:
        resource = self.resource(app_id)
        role_id = next(one["id"] for one in resource["appRoles"] if one["value"] == role)
        assignment = {"principalId": principal, "resourceId": resource["id"], "appRoleId": role_id}
        return self("POST", f"/servicePrincipals/{resource['id']}/appRoleAssignedTo", assignment)

    def secret(self, application: dict[str, t.Any], **facts: str) -> dict[str, t.Any]:
        """A new secret that works already."""
        return self.make(f"/applications/{application['id']}/addPassword", {"passwordCredential": facts}, 200)

    def sign_in(self, application: dict[str, t.Any], secret: str | None = None, *, scope: str = DEFENDER, **form: str) -> requests.Response:
        proof = {"client_secret": secret} if secret is not None else {}
        body = {"grant_type": "client_credentials", "client_id": application["appId"], "scope": f"{scope}/.default", **proof, **form}
        return self.simulator.session.post(f"{self.simulator.url}/{self.simulator.tenant_id}/oauth2/v2.0/token", data=body)


def refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def number(answer: requests.Response) -> int:
    """The AADSTS number of a sign-in that was refused."""
    return answer.json()["error_codes"][0]


def roles(answer: requests.Response) -> list[str] | None:
    assert answer.ok, answer.text
    return jwt.decode(answer.json()["access_token"], options={"verify_signature": False}).get("roles")


def certificate(simulator: Handle, name: str, **facts: bool) -> Certificate:
    """A key pair out of the simulator's folder, which outlives a test: to make one takes its time."""
    return Folder(Path(simulator.ca_path).parent).certificate(name, **facts)


def key_of(certificate_: Certificate) -> dict[str, str]:
    """As Graph takes it."""
    return {"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.b64encode(certificate_.x509.public_bytes(Encoding.DER)).decode()}
