# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a token carries the roles that are needed, and what to grant to whom when it does not."""

from __future__ import annotations

import typing as t

from .._operation import roles_missing
from .clouds import GRAPH_APP_ID, resource_of
from .errors import NoRoles, RoleMissing
from .token import Token
from .words import and_list

ALL = ".All"
WHERE_TO_GRANT = "Entra admin center, App registrations, the app, API permissions, APIs my organization uses, then Grant admin consent"


def require_roles(token: Token, needed: t.Iterable[t.Sequence[str]]) -> None:
    """Refuse a token that lacks a role; of each group in ``needed`` any one role is enough.

    :raises NoRoles: it carries none at all
    :raises RoleMissing: it carries some, but not all that are needed
    """
    groups = tuple(tuple(group) for group in needed)
    missing = roles_missing(groups, _held(token))
    if not missing:
        return
    resource = resource_of(token.audience)
    held = sorted(token.scopes or token.roles)
    details = {
        "roles_held": held,
        "roles_missing": [list(group) for group in missing],
        "roles_to_grant": [group[0] for group in missing],
    }
    lacks = f"lacks {and_list(_any_of(group) for group in missing)}; it holds {and_list(held)}"
    to_grant = f"{and_list(group[0] for group in missing)} of {resource.title if resource else token.audience}"
    if not token.is_app_only:
        raise RoleMissing(
            f"The user's token {lacks}",
            hint=f"Sign in as the app instead, or consent to the delegated permissions that match {to_grant}",
            details=details,
        )
    if token.machine:
        # serviceprincipal-post-approleassignedto.md. Azure hands out the token of a machine until it ends.
        raise (RoleMissing if held else NoRoles)(
            f"The token of the managed identity {lacks}",
            hint=f"Assign {to_grant} to its service principal {token.object_id} through Microsoft Graph, as the portal has no page for that. "
            "Azure keeps tokens of managed identities for up to a day, so a role may show late",
            details=details,
        )
    app = f"app {token.app_name} ({token.app_id})" if token.app_name else f"app {token.app_id}"
    if not held:
        raise NoRoles(
            f"The token carries no application roles: nobody has consented for {app}",
            hint=f"Add the application permissions {to_grant} and let an administrator consent: {WHERE_TO_GRANT}",
            details=details,
        )
    raise RoleMissing(
        f"The token {lacks}",
        hint=f"Grant {to_grant} to {app} as application permission with admin consent: {WHERE_TO_GRANT}. "
        "A token that is out already keeps its old roles until it expires",
        details=details,
    )


def _held(token: Token) -> set[str]:
    """Roles of the app, or what the scopes of a user stand for.

    At Defender Machine.Read of a user is Machine.Read.All of an app; Graph calls both alike, and its User.Read is
    far less than User.Read.All (reference: WindowsDefenderAtpRoles, GraphRoles).
    """
    if token.is_app_only:
        return set(token.roles)
    resource = resource_of(token.audience)
    endings = ("",) if resource and resource.app_id == GRAPH_APP_ID else ("", ALL)
    return {scope + ending for scope in token.scopes for ending in endings}


def _any_of(group: t.Sequence[str]) -> str:
    return group[0] if len(group) == 1 else f"{group[0]} (or {' or '.join(group[1:])})"
