# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls an API, and whether the call is theirs to make."""

from __future__ import annotations

import typing as t

from . import tenants
from .asked import Asked
from .declared import Operation, roles_missing
from .directory.furniture import what_is_granted
from .entra import Entra
from .seam import Problem


class Caller(t.NamedTuple):
    """An app, by its token; or a person who uses one, whose rights are put as the app roles that do the same."""

    client_id: str
    name: str
    object_id: str
    roles: tuple[str, ...]


def caller(asked: Asked, entra: Entra, own: str, *others: str) -> Caller:
    """The app of the bearer token, which is really verified; 401 without a good one.

    ``own`` is the resource whose roles count. Tokens for ``others`` are good and hold none of them.
    """
    kind, _space, token = asked.headers.get("authorization", "").partition(" ")
    claims = entra.mint.claims(token) if kind.lower() == "bearer" else None
    resource = tenants.resource_of(claims["aud"]) if claims else None
    if claims is None or resource not in (own, *others) or asked.faulty("expired_token"):
        raise Problem(401, "Unauthorized", "Unauthorized")
    asked.app_id = claims["appid"]
    name = claims.get("upn", claims["app_displayname"])
    return Caller(claims["appid"], name, claims["oid"], _roles(claims, own) if resource == own else ())


def _roles(claims: t.Mapping[str, t.Any], resource: str) -> tuple[str, ...]:
    """Of an app the roles; of a person those that do what the scopes allow, so that one check judges both."""
    if "scp" not in claims:
        return tuple(claims.get("roles", ()))
    scopes = claims["scp"].split()
    return tuple(role["value"] for role in what_is_granted()[resource]["app_roles"] if role.get("scope") in scopes)


def check_roles(operation: Operation, held: t.Sequence[str]) -> None:
    """403 in the service's machine-readable words (DefenderError of the reference)."""
    missing = roles_missing(operation.roles, held)
    if missing:
        wanted = ",".join(role for group in missing for role in group)
        message = f"Missing application roles. API required roles: {wanted}, application roles: {','.join(held)}."
        raise Problem(403, "Forbidden", message)
