# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delegated permissions: what apps may do for people."""

from __future__ import annotations

from ..directory.shelf import Row
from ..seam import Call, Reply, behaviour
from ..world import World
from .directory_lists import listing, single
from .directory_things import bad, taken, unknown

KEYS = ("clientId", "resourceId", "consentType", "principalId")
FOR_ONE = "Principal"


@behaviour("oauth2_permission_grant.list")
def list_grants(world: World, call: Call) -> Reply:
    rows = world.directory.grants.all(world.settings.listing_lag)
    return listing(call, "oauth2_permission_grant.list", "oauth2PermissionGrants", rows)


@behaviour("oauth2_permission_grant.create")
def create(world: World, call: Call) -> Reply:
    directory = world.directory
    facts = {"principalId": None, **call.body}
    for name in ("clientId", "resourceId"):
        if directory.principals.get(facts[name]) is None:
            raise bad(f"The {name} is not the object id of a service principal.")
    if (facts["consentType"] == FOR_ONE) != bool(facts["principalId"]):
        raise bad("The principalId goes with consentType Principal, and with no other.")
    if facts["principalId"] and directory.users.get(facts["principalId"]) is None:
        raise bad("The principalId is not the object id of a user.")
    if directory.grants.holds(**{name: facts[name] for name in KEYS}):
        raise taken("Permission entry already exists.")
    return single(call, "oauth2PermissionGrants", directory.consent(facts), "OAuth2PermissionGrant", status=201)


@behaviour("oauth2_permission_grant.update")
def update(world: World, call: Call) -> Reply:
    _found(world, call)["scope"] = call.body["scope"]
    return Reply(204)


@behaviour("oauth2_permission_grant.delete")
def delete(world: World, call: Call) -> Reply:
    world.directory.grants.take(_found(world, call)["id"])
    return Reply(204)


def _found(world: World, call: Call) -> Row:
    row = world.directory.grants.get(call.values["id"])
    if row is None:
        raise unknown(call.values["id"])
    return row
