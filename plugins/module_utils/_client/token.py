# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an access token says, and whether it is good for what is asked.

Microsoft calls access tokens opaque to clients: what is read here spares a call that would be refused, and
proves nothing. The service judges; ``signature.py`` is for those who want proof.
"""

from __future__ import annotations

import base64
import binascii
import json
import typing as t
from dataclasses import dataclass, field

from . import moments
from .audience import wrong_audience
from .clouds import bare, resource_of
from .errors import TokenExpired, TokenRejected
from .settings import GUID
from .text import plain
from .words import span

END_OF_THE_CALENDAR = 253_402_300_800
# appidacr and azpacr (access-token-claims-reference.md).
CREDENTIALS = {"0": "none", "1": "secret", "2": "certificate"}


@dataclass(frozen=True)
class Token:
    """An access token: ``value`` is secret, ``claims`` are what stands in it. Times are seconds since 1970."""

    value: str = field(repr=False)
    claims: t.Mapping[str, t.Any] = field(repr=False)
    header: t.Mapping[str, t.Any] = field(repr=False, default_factory=dict)

    @property
    def audience(self) -> str:
        return _text(self.claims.get("aud"))

    @property
    def issuer(self) -> str:
        return _text(self.claims.get("iss"))

    @property
    def tenant_id(self) -> str:
        return _text(self.claims.get("tid"))

    @property
    def app_id(self) -> str:
        """The client: ``appid`` in version 1.0, ``azp`` in version 2.0."""
        return _text(self.claims.get("appid") or self.claims.get("azp"))

    @property
    def app_name(self) -> str:
        return _text(self.claims.get("app_displayname"))

    @property
    def object_id(self) -> str:
        """The id of the service principal, or of the user, in the directory."""
        return _text(self.claims.get("oid"))

    @property
    def user(self) -> str:
        """The name by which the user signed in; empty in a token of the app itself."""
        names = (_text(self.claims.get(name)) for name in ("upn", "preferred_username", "unique_name"))
        return next(filter(None, names), "") if self.scopes else ""

    @property
    def machine(self) -> str:
        """The resource whose managed identity this is; empty for an app that is registered."""
        return _text(self.claims.get("xms_mirid"))

    @property
    def roles(self) -> tuple[str, ...]:
        roles = self.claims.get("roles")
        return tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """What a user has handed to the app; empty in a token of the app itself."""
        return tuple(_text(self.claims.get("scp")).split())

    @property
    def is_app_only(self) -> bool:
        """Whether no user stands behind the token. ``idtyp`` is absent from real ones, so ``scp`` decides."""
        return not self.scopes

    @property
    def issued_at(self) -> float | None:
        return _time(self.claims.get("iat"))

    @property
    def valid_from(self) -> float | None:
        return _time(self.claims.get("nbf"))

    @property
    def expires_at(self) -> float:
        """When it ends; 0 for a token that does not say."""
        return _time(self.claims.get("exp")) or 0.0


def decode(value: str) -> Token:
    """Read a token without judging it.

    :raises TokenRejected: it is not a JSON Web Token in the clear
    """
    parts = value.split(".")
    if len(parts) != 3:
        raise TokenRejected(
            f"The access token is not a JSON Web Token: three parts with dots between are wanted, {len(parts)} found",
            hint="Give the access token alone, whole, without the word Bearer and without quotes",
        )
    try:
        header_text, claims_text, _signature = map(_unpack, parts)
        header, claims = json.loads(header_text), json.loads(claims_text)
    except (ValueError, RecursionError):
        header = claims = None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TokenRejected("The access token cannot be read", hint="It may have been cut off on the way; get it again and give it whole")
    return Token(value=value, claims=claims, header=header)


def judge(token: Token, *, audiences: t.Sequence[str], tenant_id: str | None = None, now: float, skew: int = 300) -> None:
    """Refuse a token that is for another API or tenant, has expired or is not valid yet.

    ``skew`` is how many seconds the token's start may lie ahead of our clock; its end gets no such grace.

    :raises WrongAudience: it is for another API
    :raises TokenExpired: its time is over or has not come
    :raises TokenRejected: it is for another tenant
    """
    if bare(token.audience) not in {bare(name) for name in audiences}:
        raise wrong_audience(token.audience, audiences)
    # A tenant given by its domain cannot be told from its id without asking.
    if tenant_id and GUID.fullmatch(tenant_id) and token.tenant_id.lower() != tenant_id.lower():
        raise TokenRejected(
            f"The token is for tenant {token.tenant_id or 'unknown'}, not for {tenant_id}",
            hint="Get a token from the right tenant, or correct tenant_id",
        )
    if not token.expires_at:
        raise TokenRejected("The token does not say when it expires", hint="Get a new one; this was hardly made by Entra ID")
    if now >= token.expires_at:
        raise TokenExpired(
            f"The token expired at {iso(token.expires_at)}, {span(now - token.expires_at)} ago",
            hint=f"Get a new one: a token lives 60 to 90 minutes. The clock here says {iso(now)}; if that is wrong, set it right first",
            details={"expires_at": iso(token.expires_at)},
        )
    if token.valid_from is not None and token.valid_from > now + skew:
        raise TokenExpired(
            f"The token is not valid before {iso(token.valid_from)}, in {span(token.valid_from - now)}",
            hint=f"The clock here says {iso(now)} and seems to be slow; set it right (chronyc makestep, timedatectl)",
        )


def describe(token: Token, now: float) -> dict[str, t.Any]:
    """What may be shown of a token: who, for what, with which roles, until when."""
    credential = _text(token.claims.get("appidacr") or token.claims.get("azpacr"))
    resource = resource_of(token.audience)
    return {
        "audience": token.audience,
        "resource": resource.title if resource else None,
        "issuer": token.issuer,
        "tenant_id": token.tenant_id,
        "app_id": token.app_id,
        "app_name": token.app_name or None,
        "object_id": token.object_id or None,
        "user": token.user or None,
        "app_only": token.is_app_only,
        "credential": CREDENTIALS.get(credential),
        "roles": sorted(token.roles),
        "scopes": sorted(token.scopes),
        "version": _text(token.claims.get("ver")) or None,
        "issued_at": iso(token.issued_at),
        "expires_at": iso(token.expires_at),
        "expires_in": max(0, int(token.expires_at - now)),
    }


def iso(seconds: float | None) -> str | None:
    """The moment as ``2026-11-25T10:00:00Z``, for those who read it."""
    return None if seconds is None else moments.spell(moments.from_epoch(seconds))


def _unpack(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _text(value: t.Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def _time(value: t.Any) -> float | None:
    """Seconds since 1970 as a number, or ``None`` for what is no moment of the calendar."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < END_OF_THE_CALENDAR else None
