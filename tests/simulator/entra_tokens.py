# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens as Entra ID makes them for Defender: version 1.0, app-only, RS256."""

from __future__ import annotations

import hashlib
import secrets
import typing as t
import uuid

import jwt

from .certificates import Certificate, base64url
from .clock import Clock
from .tenants import Tenant

if t.TYPE_CHECKING:
    from jwt.types import Options

V2_ISSUER = "https://login.microsoftonline.com/{tenantid}/v2.0"
BACKDATED = 300
"""Tokens begin five minutes before they are made, which forgives clocks that run late (decoded samples)."""

LATER: Options = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
"""Left out of the check of the signature: time is judged by the simulator's clock."""

PUBLIC, BY_SECRET, BY_CERTIFICATE = "0", "1", "2"


class Subject(t.NamedTuple):
    """Whom a token speaks of: an app, or a person who uses it."""

    app_id: str
    app_name: str
    object_id: str
    person: str | None = None
    """Name at sign-in."""

    @property
    def pairwise(self) -> str:
        """A person's subject, which is another for every app."""
        return hashlib.sha256(f"{self.app_id} {self.person}".encode()).hexdigest()[:43]


class Mint:
    """Makes tokens, shows the key they are signed with, and knows its own work again."""

    def __init__(self, certificate: Certificate, clock: Clock, tenant: Tenant) -> None:
        self.tenant = tenant
        self._certificate = certificate
        self._clock = clock

    def token(self, subject: Subject, *, audience: str, rights: t.Sequence[str], proof: str, lifetime: int, age: int = 0) -> str:
        """A token that holds for ``lifetime`` seconds since it was made, ``age`` seconds ago; ``rights`` are roles, or the scopes of a person."""
        made = int(self._clock.time()) - age
        claims = {
            "aud": audience,
            "iss": self.tenant.issuer,
            "iat": made - BACKDATED,
            "nbf": made - BACKDATED,
            "exp": made + lifetime,
            "aio": secrets.token_urlsafe(24),
            "app_displayname": subject.app_name,
            "appid": subject.app_id,
            "appidacr": proof,
            "idp": self.tenant.issuer,
            "oid": subject.object_id,
            "rh": f"1.{secrets.token_urlsafe(24)}.",
            "sub": subject.object_id,
            "tenant_region_scope": "EU",
            "tid": self.tenant.id,
            "uti": secrets.token_urlsafe(16),
            "ver": "1.0",
        }
        if subject.person:
            claims |= {"sub": subject.pairwise, "scp": " ".join(rights), "upn": subject.person, "unique_name": subject.person}
        elif rights:  # without a grant the claim is absent, not empty (v2-oauth2-client-creds-grant-flow.md)
            claims["roles"] = list(rights)
        return self.signed(claims)

    def signed(self, claims: t.Mapping[str, t.Any]) -> str:
        """These claims as a token of this mint."""
        kid = self._certificate.x5t
        return jwt.encode(dict(claims), self._certificate.key, "RS256", headers={"x5t": kid, "kid": kid})

    def claims(self, token: str) -> dict[str, t.Any] | None:
        """What a token says, when it is of this mint and its time is now by the simulator's clock."""
        try:
            claims = jwt.decode(token, self._certificate.public_key, ["RS256"], options=LATER)
        except jwt.InvalidTokenError:
            return None
        fits = claims["nbf"] <= self._clock.time() < claims["exp"] and claims["tid"] == self.tenant.id
        return claims if fits else None

    def keys(self, version: int) -> dict[str, t.Any]:
        """The signing keys: no ``alg``, and an ``issuer`` that keys elsewhere do not have (access-tokens.md)."""
        numbers = self._certificate.public_key.public_numbers()
        kid = self._certificate.x5t
        key = {
            "kty": "RSA",
            "use": "sig",
            "kid": kid,
            "x5t": kid,
            "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": base64url(numbers.e.to_bytes(3, "big")),
            "x5c": [self._certificate.x5c],
        }
        if version == 1:
            return {"keys": [{**key, "issuer": self.tenant.issuer}]}
        return {"keys": [{**key, "issuer": V2_ISSUER, "cloud_instance_name": "microsoftonline.com"}]}


def correlation(asked: str | None) -> str | None:
    """The caller's own id of the call, when it is one."""
    try:
        return str(uuid.UUID(asked)) if asked else None
    except ValueError:
        return None
