# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls an API, and whether the call is theirs to make."""

from __future__ import annotations

import typing as t

from . import tenants
from .asked import Asked
from .declared import Operation, roles_missing
from .entra import Entra
from .seam import Problem


class Caller(t.NamedTuple):
    app: tenants.App
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
    app = entra.apps[claims["appid"]]
    asked.app_id = app.client_id
    roles = claims.get("roles", ()) if resource == own else ()
    return Caller(app, tuple(roles))


def check_roles(operation: Operation, held: t.Sequence[str]) -> None:
    """403 in the service's machine-readable words (DefenderError of the reference)."""
    missing = roles_missing(operation.roles, held)
    if missing:
        wanted = ",".join(role for group in missing for role in group)
        message = f"Missing application roles. API required roles: {wanted}, application roles: {','.join(held)}."
        raise Problem(403, "Forbidden", message)
