# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that name an app registration, and roles in the forms in which people and lookups give them."""

from __future__ import annotations

import typing as t

from .._client.errors import BadInput
from .._client.settings import GUID
from .._response.app_find import Name
from .._response.app_roles import DEFENDER, GRAPH, XDR

ROLES = {"defender_roles": DEFENDER, "graph_roles": GRAPH, "xdr_roles": XDR}
"""Option -> the API whose permissions it names."""
NAMED = {"app_id": {"type": "str"}, "display_name": {"type": "str"}}
WAIT = {"wait_timeout": {"type": "int", "default": 180}}


def name_of(params: t.Mapping[str, t.Any]) -> Name:
    """What the app is known by; the app id counts more.

    :raises BadInput: it is no id, or no name
    """
    app_id = (params["app_id"] or "").strip().lower() or None
    display_name = (params["display_name"] or "").strip() or None
    if app_id is not None and not GUID.fullmatch(app_id):
        raise BadInput(f"app_id: {app_id} is no GUID", hint="Give the application (client) id, or display_name")
    if app_id is None and display_name is None:
        raise BadInput("Neither app_id nor display_name names an app", hint="Give one of them")
    return Name(app_id, display_name)


def least(option: str, groups: t.Sequence[t.Any]) -> list[str]:
    """A role for each item; of a list of which any one is enough, the first, which is the least privileged.

    :raises BadInput: an item is neither a role nor such a list
    """
    roles = []
    for group in groups:
        first = group[0] if isinstance(group, (list, tuple)) and group else group
        if not isinstance(first, str) or not first.strip():
            raise BadInput(f"{option}: {group!r} is no role", hint="Give names such as Machine.Isolate, or what the lookup required_roles gives")
        roles.append(first.strip())
    return list(dict.fromkeys(roles))
