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

from .._operation import roles_missing
from . import moments
from .audience import wrong_audience
from .clouds import bare, resource_of
from .errors import NoRoles, RoleMissing, TokenExpired, TokenRejected
from .settings import GUID
from .text import plain
from .words import and_list, span

ALL = ".All"
END_OF_THE_CALENDAR = 253_402_300_800
# appidacr and azpacr (access-token-claims-reference.md).
CREDENTIALS = {"0": "none", "1": "secret", "2": "certificate"}
WHERE_TO_GRANT = "Entra admin center, App registrations, the app, API permissions, APIs my organization uses, then Grant admin consent"


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


def require_roles(token: Token, needed: t.Iterable[t.Sequence[str]]) -> None:
    """Refuse a token that lacks a role; of each group in ``needed`` any one role is enough.

    :raises NoRoles: it carries none at all
    :raises RoleMissing: it carries some, but not all that are needed
    """
    groups = tuple(tuple(group) for group in needed)
    missing = roles_missing(groups, _held(token))
    if not missing:
        return
    grant = tuple(group[0] for group in missing)
    resource = resource_of(token.audience)
    held = sorted(token.roles or token.scopes)
    details = {
        "roles_held": held,
        "roles_missing": [list(group) for group in missing],
        "roles_to_grant": list(grant),
    }
    app = f"app {token.app_name} ({token.app_id})" if token.app_name else f"app {token.app_id}"
    to_grant = f"{and_list(grant)} of {resource.title if resource else token.audience}"
    if not token.is_app_only:
        raise RoleMissing(
            f"The user's token lacks {and_list(_any_of(group) for group in missing)}; it holds {and_list(held)}",
            hint=f"Sign in as the app instead, or consent to the delegated permissions that match {to_grant}",
            details=details,
        )
    if not token.roles:
        raise NoRoles(
            f"The token carries no application roles: nobody has consented for {app}",
            hint=f"Add the application permissions {to_grant} and let an administrator consent: {WHERE_TO_GRANT}",
            details=details,
        )
    raise RoleMissing(
        f"The token lacks {and_list(_any_of(group) for group in missing)}; it holds {and_list(held)}",
        hint=f"Grant {to_grant} to {app} as application permission with admin consent: {WHERE_TO_GRANT}. "
        "A token that is out already keeps its old roles until it expires",
        details=details,
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
        "object_id": _text(token.claims.get("oid")) or None,
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


def _held(token: Token) -> set[str]:
    """Roles of the app, or what the scopes of a user stand for: Machine.Read there is Machine.Read.All here."""
    if token.is_app_only:
        return set(token.roles)
    return {name for scope in token.scopes for name in (scope, scope + ALL)}


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


def _any_of(group: t.Sequence[str]) -> str:
    return group[0] if len(group) == 1 else f"{group[0]} (or {' or '.join(group[1:])})"
