# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of other issuers in place of a secret (workload identity federation), and the issuer that tests get them from."""

from __future__ import annotations

import typing as t
import uuid
from collections.abc import Iterable

import jwt
from starlette.responses import JSONResponse, Response

from .asked import Asked
from .certificates import Folder, base64url
from .clock import Clock
from .directory import Directory
from .entra_errors import Refused
from .entra_tokens import LATER

ROOT = "_issuer"
AUDIENCE = "api://AzureADTokenExchange"
SKEW = 300


class Issuer:
    """An identity provider of the simulator's own. The login host fetches nothing, so its key is every foreign issuer's."""

    def __init__(self, folder: Folder, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def token(self, *, issuer: str, subject: str, audience: str = AUDIENCE, lifetime: float = 600, **claims: t.Any) -> str:
        """What a pipeline or a cluster would be handed."""
        now = int(self._clock.time())
        known = {"iss": issuer, "sub": subject, "aud": audience, "iat": now, "nbf": now, "exp": now + int(lifetime), "jti": str(uuid.uuid4())}
        certificate = self._folder.certificate("issuer")
        return jwt.encode({**known, **claims}, certificate.key, "RS256", headers={"kid": certificate.x5t})

    def verifies(self, token: str) -> bool:
        try:
            jwt.decode(token, self._folder.certificate("issuer").public_key, ["RS256"], options=LATER)
        except jwt.InvalidTokenError:
            return False
        return True

    def find(self, asked: Asked) -> None:
        """There are no operations here."""

    def answer(self, asked: Asked) -> Response:
        if asked.segments == (ROOT, ".well-known", "openid-configuration"):
            return JSONResponse(self.configuration(asked.origin))
        return JSONResponse(self.keys()) if asked.segments == (ROOT, "keys") else Response("Not Found", 404)

    def configuration(self, origin: str) -> dict[str, t.Any]:
        return {
            "issuer": f"{origin}/{ROOT}", "jwks_uri": f"{origin}/{ROOT}/keys", "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["id_token"], "subject_types_supported": ["public"],
        }

    def keys(self) -> dict[str, t.Any]:
        certificate = self._folder.certificate("issuer")
        numbers = certificate.public_key.public_numbers()
        key = {
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": certificate.x5t,
            "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")), "e": base64url(numbers.e.to_bytes(3, "big")),
        }
        return {"keys": [key]}


def check_federated(assertion: str, claims: t.Mapping[str, t.Any], credentials: Iterable[t.Mapping[str, t.Any]], issuer: Issuer, now: float) -> None:
    """Refused unless a federated credential of the app trusts this token; all three names must match to the letter.

    Texts without claims in them, as what they would repeat comes from outside.
    """
    same_issuer = [one for one in credentials if one["issuer"] == claims.get("iss")]
    if not same_issuer:
        raise Refused("AADSTS700211", "No matching federated identity record found for presented assertion issuer.")
    same_subject = [one for one in same_issuer if one["subject"] == claims.get("sub")]
    if not same_subject:
        presented = str(claims.get("sub")).lower()
        if presented in {one["subject"].lower() for one in same_issuer}:
            raise Refused("AADSTS7002138", "The presented assertion subject matches a federated identity record but for letter case.")
        raise Refused("AADSTS700213", "No matching federated identity record found for presented assertion subject.")
    audiences = claims.get("aud")
    presented_audiences = audiences if isinstance(audiences, list) else [audiences]
    if not any(one["audiences"][0] in presented_audiences for one in same_subject):
        raise Refused("AADSTS700212", "No matching federated identity record found for presented assertion audience.")
    if not issuer.verifies(assertion):
        raise Refused("AADSTS900384", "JWT token failed signature validation.")
    if "scp" in claims:
        raise Refused("AADSTS700229", "Only app-only tokens can be used as federated identity credential.")
    ends, begins = claims.get("exp"), claims.get("nbf", claims.get("iat", 0))
    if not isinstance(ends, (int, float)) or not isinstance(begins, (int, float)) or not begins - SKEW <= now < ends + SKEW:
        raise Refused("AADSTS700024", "Client assertion is not within its valid time range.")


def trusted(directory: Directory, application_id: str) -> list[dict[str, t.Any]]:
    """The federated credentials of an app that the login host has heard of."""
    return [row for row in directory.federated[application_id].all(0) if directory.proofs.is_known(row["id"])]
