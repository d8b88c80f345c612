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
    """The fewest and least privileged roles that meet all groups; an item is a role, or a list of roles of which any one is enough.

    :raises BadInput: an item is neither a role nor such a list
    """
    sets = [_group(option, item) for item in groups]
    kept = {number: group[0] for number, group in enumerate(sets)}
    for number, group in enumerate(sets):
        if len(group) > 1 and any(role in group for other, role in kept.items() if other != number):
            del kept[number]
    return list(dict.fromkeys(kept.values()))


def _group(option: str, item: t.Any) -> list[str]:
    group = item if isinstance(item, (list, tuple)) else [item]
    if not group or not all(isinstance(role, str) and role.strip() for role in group):
        raise BadInput(f"{option}: {item!r} is no role", hint="Give names such as Machine.Isolate, or what the lookup required_roles gives")
    return [role.strip() for role in group]
