# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who owns a registration."""

from __future__ import annotations

import re

from ..seam import Call, Reply, behaviour
from ..world import World
from .applications import expansions
from .directory_lists import listing
from .directory_things import application, bad, to_change, unknown

REFERENCE = re.compile(r"https://[^/]+/(?:v1\.0|beta)/(?:directoryObjects|users|servicePrincipals)/([0-9a-fA-F-]{36})")


@behaviour("application.list_owners")
def list_owners(world: World, call: Call) -> Reply:
    return listing(call, "application.list_owners", "directoryObjects", expansions(world)["owners"](application(world, call)))


@behaviour("application.add_owner")
def add_owner(world: World, call: Call) -> Reply:
    row = to_change(world, call, application(world, call))
    found = REFERENCE.fullmatch(call.body["@odata.id"])
    if found is None:
        raise bad("The value of @odata.id is not an address of a directory object.")
    owner = found[1].lower()
    if world.directory.thing(owner) is None:
        raise unknown(owner)
    owners = world.directory.owners[row["id"]]
    if owner in owners:
        raise bad("One or more added object references already exist for the following modified properties: 'owners'.")
    owners.append(owner)
    return Reply(204)


@behaviour("application.remove_owner")
def remove_owner(world: World, call: Call) -> Reply:
    owners = world.directory.owners[to_change(world, call, application(world, call))["id"]]
    owner = call.values["ownerId"].lower()
    if owner not in owners:
        raise unknown(owner)
    owners.remove(owner)
    return Reply(204)
