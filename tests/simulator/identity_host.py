# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where managed identities get their tokens: the metadata service of a virtual machine, App Service, the agent of Azure Arc.

All three are at one address by plain HTTP, as they are on the machine itself; nothing else is there.
"""

from __future__ import annotations

import secrets
import typing as t
from pathlib import Path

from starlette.responses import JSONResponse, Response

from .asked import Asked
from .certificates import write_private
from .directory.model import MANAGED_IDENTITY
from .directory.shelf import Row
from .entra_errors import Refused
from .entra_token import app_rights
from .entra_tokens import BY_CERTIFICATE, Subject

if t.TYPE_CHECKING:
    from .state import Simulator

IMDS, APP_SERVICE, ARC = "token.managed_identity_imds", "token.managed_identity_app_service", "token.managed_identity_arc"
OF_A_MACHINE, OF_AN_APP = ("metadata", "identity", "oauth2", "token"), ("msi", "token")
IDENTITY_HEADER = "not-a-secret-of-the-app-service"
VERSIONS = {"2018-02-01": IMDS, "2020-06-01": ARC}
BY_ID = {"client_id": "appId", "object_id": "id"}
RESOURCE_ID = {IMDS: "msi_res_id", ARC: "msi_res_id", APP_SERVICE: "mi_res_id"}
ALMOST_OVER = 600
"""A token that is kept is handed out again until so many seconds before its end."""


class NotGiven(Exception):  # noqa: N818 - it is the host's answer, not an error of ours
    def __init__(self, error: str, text: str, status: int = 400, headers: t.Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.error, self.text, self.status, self.headers = error, text, status, headers


class IdentityHost:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._kept: dict[tuple[str, str], tuple[str, int]] = {}
        self._arc_keys: dict[str, Path] = {}
        """What a key file holds -> the file."""

    def find(self, asked: Asked) -> None:
        version = dict(asked.query).get("api-version", "")
        if asked.segments == OF_AN_APP:
            asked.operation = APP_SERVICE
        elif asked.segments == OF_A_MACHINE:
            asked.operation = VERSIONS.get(version, IMDS)

    def answer(self, asked: Asked) -> Response:
        if asked.operation is None or asked.method != "GET":
            return Response("Not Found", 404)
        try:
            return JSONResponse(self._token(asked, dict(asked.query)))
        except NotGiven as why:
            return refusal(asked, why)

    def _token(self, asked: Asked, query: dict[str, str]) -> dict[str, t.Any]:
        if not asked.is_plain:
            raise NotGiven("invalid_request", "The host of managed identities is asked by plain HTTP.", 404)
        kind = str(asked.operation)
        self._check(asked, kind, query)
        principal, echo = self._principal(kind, query)
        asked.app_id = principal["appId"]
        token, ends = self._for(principal, query["resource"])
        now = int(self._simulator.clock.time())
        answer = {
            "access_token": token, "refresh_token": "", "expires_in": str(ends - now), "expires_on": str(ends), "not_before": str(now - 300),
            "resource": query["resource"], "token_type": "Bearer", **echo,
        }
        return {**answer, "client_id": principal["appId"]} if kind == APP_SERVICE else answer

    def _check(self, asked: Asked, kind: str, query: dict[str, str]) -> None:
        if kind == APP_SERVICE:
            if asked.headers.get("x-identity-header") != IDENTITY_HEADER:
                raise NotGiven("invalid_request", "The identity header is missing or wrong.", 401)
        elif asked.headers.get("metadata") != "true":
            raise NotGiven("bad_request_102", "Required metadata header not specified")
        if kind == IMDS and "x-forwarded-for" in asked.headers:
            raise NotGiven("invalid_request", "The metadata service must not be asked through a proxy.")
        wanted = {APP_SERVICE: "2019-08-01", ARC: "2020-06-01", IMDS: "2018-02-01"}[kind]
        known = {"api-version", "resource", *BY_ID, RESOURCE_ID[kind]}
        if query.get("api-version") != wanted or not query.get("resource") or not known.issuperset(query):
            raise NotGiven("invalid_request", "The request needs api-version and resource, and knows only the ids of an identity beside them.")
        if kind == ARC:
            self._check_key(asked)

    def _check_key(self, asked: Asked) -> None:
        """Whoever can read a file that the agent writes may have the token; the file is for one time."""
        shown = asked.headers.get("authorization", "").removeprefix("Basic ")
        if shown in self._arc_keys:
            self._arc_keys.pop(shown).unlink(missing_ok=True)
            return
        folder = Path(self._simulator.settings.arc_tokens or self._simulator.folder.path / "arc")
        folder.mkdir(parents=True, exist_ok=True)
        key, path = secrets.token_urlsafe(32), folder / f"{secrets.token_hex(8)}.key"
        write_private(path, key.encode())
        self._arc_keys[key] = path
        raise NotGiven("unauthorized", "Show what the key file holds.", 401, {"WWW-Authenticate": f"Basic realm={path}"})

    def _principal(self, kind: str, query: dict[str, str]) -> tuple[Row, dict[str, str]]:
        """The identity asked for, and what an agent of Arc repeats of the question."""
        rows = [row for row in self._simulator.world.directory.principals.all() if row["servicePrincipalType"] == MANAGED_IDENTITY]
        asked_for = {name: query[name] for name in (*BY_ID, RESOURCE_ID[kind]) if name in query}
        if len(asked_for) > 1:
            raise NotGiven("invalid_request", "Only one of the ids of an identity can be given.")
        if not asked_for or (kind == ARC and self._simulator.settings.arc_agent_is_old):
            found = [row for row in rows if "isExplicit=False" in row["alternativeNames"]]
            echo: dict[str, str] = {}
        else:
            ((name, value),) = asked_for.items()
            found = [row for row in rows if value.lower() in _names(row, BY_ID.get(name))]
            echo = asked_for if kind == ARC else {}
        if len(found) != 1:
            raise NotGiven("invalid_request", "Identity not found")
        return found[0], echo

    def _for(self, principal: Row, resource: str) -> tuple[str, int]:
        """A token and its end. Azure keeps tokens, so roles granted meanwhile are not in it for up to a day."""
        now, lifetime = int(self._simulator.clock.time()), self._simulator.settings.identity_token_lifetime
        kept = self._kept.get((principal["id"], resource))
        if kept is not None and kept[1] - now > ALMOST_OVER:
            return kept
        try:
            rights = app_rights(self._simulator.world.directory, principal, resource)
        except Refused as why:
            raise NotGiven("invalid_resource", f"AADSTS50001: {why.message}") from why
        subject = Subject(principal["appId"], principal["displayName"], principal["id"])
        token = self._simulator.entra.mint.token(subject, audience=resource, rights=rights, proof=BY_CERTIFICATE, lifetime=lifetime)
        self._kept[principal["id"], resource] = (token, now + lifetime)
        return token, now + lifetime


def _names(row: Row, field: str | None) -> list[str]:
    return [str(row[field]).lower()] if field else [name.lower() for name in row["alternativeNames"]]


def refusal(asked: Asked, why: NotGiven) -> Response:
    """An answer with the error body of the host that was asked."""
    if asked.operation == APP_SERVICE:
        body: dict[str, t.Any] = {"statusCode": why.status, "message": why.text}
    else:
        body = {"error": why.error, "error_description": why.text}
    return JSONResponse(body, why.status, dict(why.headers or {}))
