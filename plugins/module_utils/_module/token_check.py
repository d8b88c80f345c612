# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the token of a connection and tells what it says."""

from __future__ import annotations

import typing as t

from .._client import token as tokens
from .._client.errors import BadInput
from .._client.signature import verify_signature
from .._operation import DEFENDER, GRAPH
from .needs import RESOURCES

OPTIONS = {
    "service": {"type": "str", "choices": list(RESOURCES), "default": DEFENDER},
    "required_roles": {"type": "list", "elements": "raw", "default": []},
    "verify_signature": {"type": "bool", "default": False},
    "return_access_token": {"type": "bool", "default": False, "no_log": False},
}


def check_token(client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the token says, when it is good for the API, the tenant and the roles that are asked for.

    :raises BadInput: the options do not go together
    :raises SignInFailed: there is no token to be had
    :raises TokenRejected: there is one, but it is not good for this
    """
    groups = role_groups(params["required_roles"])
    if params["verify_signature"] and params["service"] == GRAPH:
        # identity reference: their format is private, and the check fails although they are good.
        raise BadInput("verify_signature is true with service graph", hint="Leave it out: only Graph itself can check the signature of its tokens")
    token = client.line(params["service"]).require_roles(groups)
    if params["verify_signature"]:
        verify_signature(token, client.settings)
    result = {"token": tokens.describe(token, client.clock.time()), "signature_verified": params["verify_signature"]}
    return {**result, "access_token": token.value} if params["return_access_token"] else result


def role_groups(wanted: t.Sequence[t.Any], option: str = "required_roles") -> tuple[tuple[str, ...], ...]:
    """All-of groups of any-of roles: a role by itself is a group of one.

    :raises BadInput: an item is neither a role nor a list of roles
    """
    groups = tuple(tuple(item) if isinstance(item, (list, tuple)) else (item,) for item in wanted)
    for group in groups:
        if not group or not all(isinstance(role, str) and role.strip() for role in group):
            raise BadInput(
                f"{option}: {list(group)!r} is not a list of roles",
                hint="Let each item be one role, such as Machine.Isolate, or a list of roles of which any one is enough",
            )
    return groups
