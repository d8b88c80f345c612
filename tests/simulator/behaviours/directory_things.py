# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operations on the directory share: finding an object, whose it is, and whether what was sent fits its type."""

from __future__ import annotations

import typing as t

from ..checks import fits
from ..contract import types
from ..directory.shelf import Row
from ..seam import Call, Problem
from ..world import World

EVERY = "Application.ReadWrite.All"
OWNED = "Application.ReadWrite.OwnedBy"


def bad(message: str) -> Problem:
    return Problem(400, "Request_BadRequest", message)


def taken(message: str) -> Problem:
    return Problem(409, "Request_MultipleObjectsWithSameKeyValue", message)


def unknown(id_: str) -> Problem:
    return Problem(
        404, "Request_ResourceNotFound", f"Resource '{id_}' does not exist or one of its queried reference-property objects are not present.",
    )


def denied() -> Problem:
    return Problem(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def application(world: World, call: Call) -> Row:
    """The application of the path, by object id or by another key of it."""
    return _by_key(world.directory.applications, call.values["id"])


def principal(world: World, call: Call) -> Row:
    """The service principal of the path."""
    return _by_key(world.directory.principals, call.values["id"])


def _by_key(shelf: t.Any, key: str) -> Row:
    name, is_named, value = key.partition("=")
    row = shelf.find(**{name: value.lower() if name == "appId" else value}) if is_named else shelf.get(key.lower())
    if row is None:
        raise unknown(value if is_named else key)
    return row


def to_change(world: World, call: Call, row: Row) -> Row:
    """The same row, when the caller may change it: with the smaller role only what it owns, and with none its own keys."""
    if row["appId"] == call.app.client_id and not {EVERY, OWNED}.intersection(call.app.roles):
        return row
    if EVERY not in call.app.roles and call.app.object_id not in world.directory.owners.get(row["id"], ()):
        raise denied()
    return row


def own(world: World, call: Call, row: Row) -> None:
    """What an app makes with the smaller role is its own (application-post-applications.md)."""
    if EVERY not in call.app.roles:
        world.directory.owners[row["id"]].append(call.app.object_id)


def check_parts(value: t.Any, type_: str, where: str) -> None:
    """An object in the body, or each in a list, holds what its type in the contract has and nothing else."""
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            raise bad(f"A value without a type name was found in '{where}', where an object was expected.")
        fields = types()[type_]["fields"]
        for name, part in one.items():
            if name == "@odata.type":
                continue
            if name not in fields or not fits(part, fields[name]):
                raise bad(f"Invalid property '{name}' in '{where}'.")
            inner = fields[name].get("of", "")
            if inner in types() and part is not None:
                check_parts(part, inner, f"{where}.{name}")
