# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service principals, and the app roles that are granted to them."""

from __future__ import annotations

from ..directory.furniture import principal_of
from ..directory.model import NO_ROLE
from ..directory.shelf import Row
from ..seam import Call, Reply, behaviour
from ..world import World
from .directory_lists import Expand, listing, single
from .directory_things import bad, own, principal, taken, to_change, unknown

TYPE = "ServicePrincipal"
WHAT = "servicePrincipals"


def _expansions(world: World) -> Expand:
    directory = world.directory
    return {
        "owners": lambda row: [thing for thing in map(directory.thing, directory.owners[row["id"]]) if thing],
        "appRoleAssignments": lambda row: _held(world, "principalId", row)[:20],
        "appRoleAssignedTo": lambda row: _held(world, "resourceId", row)[:20],
    }


@behaviour("service_principal.list")
def list_principals(world: World, call: Call) -> Reply:
    rows = world.directory.principals.all(world.settings.listing_lag)
    return listing(call, "service_principal.list", WHAT, rows, _expansions(world))


@behaviour("service_principal.get_by_app_id")
def get_by_app_id(world: World, call: Call) -> Reply:
    row = world.directory.principal_of(call.values["appId"])
    if row is None:
        raise unknown(call.values["appId"])
    return single(call, WHAT, row, TYPE, expand=_expansions(world))


@behaviour("service_principal.create")
def create(world: World, call: Call) -> Reply:
    """Of an app of this tenant: no other tenant is simulated from which one could come."""
    app_id = call.body["appId"].lower()
    application = world.directory.application_of(app_id)
    if application is None:
        raise bad(f"When using this permission, the backing application of the service principal being created must in the local tenant: appId '{app_id}'.")
    to_change(world, call, application)
    if world.directory.principals.holds(appId=app_id):
        raise taken(f"The service principal cannot be created, updated, or restored because the service principal name {app_id} is already in use.")
    facts = {name: value for name, value in call.body.items() if name != "appId" and value is not None}
    row = world.directory.add_principal({**principal_of(application), **facts})
    own(world, call, row)
    return single(call, WHAT, row, TYPE, status=201)


@behaviour("service_principal.update")
def update(world: World, call: Call) -> Reply:
    to_change(world, call, principal(world, call)).update(call.body)
    return Reply(204)


@behaviour("service_principal.delete")
def delete(world: World, call: Call) -> Reply:
    world.directory.remove_principal(to_change(world, call, principal(world, call))["id"])
    return Reply(204)


def _held(world: World, side: str, row: Row) -> list[Row]:
    return [one for one in world.directory.assignments.all(world.settings.listing_lag) if one[side] == row["id"]]


def _list_assignments(world: World, call: Call, operation: str, side: str) -> Reply:
    row = principal(world, call)
    return listing(call, operation, "appRoleAssignments", _held(world, side, row))


@behaviour("service_principal.list_app_role_assignments")
def list_roles(world: World, call: Call) -> Reply:
    return _list_assignments(world, call, "service_principal.list_app_role_assignments", "principalId")


@behaviour("service_principal.list_app_role_assigned_to")
def list_roles_on(world: World, call: Call) -> Reply:
    return _list_assignments(world, call, "service_principal.list_app_role_assigned_to", "resourceId")


@behaviour("service_principal.create_app_role_assignment")
def grant(world: World, call: Call) -> Reply:
    return _grant(world, call, "principalId")


@behaviour("service_principal.create_app_role_assigned_to")
def grant_on(world: World, call: Call) -> Reply:
    return _grant(world, call, "resourceId")


def _grant(world: World, call: Call, side: str) -> Reply:
    """The principal in the path is the one that ``side`` of the body names too."""
    directory = world.directory
    if principal(world, call)["id"] != call.body[side].lower():
        raise bad(f"The {side} of the assignment is not the service principal of the address.")
    holder, resource = (directory.principals.get(call.body[name].lower()) for name in ("principalId", "resourceId"))
    if holder is None or resource is None:
        raise bad("Not a valid reference update.")
    role_id = call.body["appRoleId"].lower()
    grantable = {role["id"] for role in resource["appRoles"] if role["isEnabled"] and "Application" in role["allowedMemberTypes"]}
    if role_id != NO_ROLE and role_id not in grantable:
        raise bad(f"Permission being assigned was not found on application '{resource['appId']}'.")
    if directory.assignments.holds(principalId=holder["id"], resourceId=resource["id"], appRoleId=role_id):
        raise bad("Permission being assigned already exists on the object.")
    return single(call, "appRoleAssignments", directory.assign(holder, resource, role_id), "AppRoleAssignment", status=201)


@behaviour("service_principal.delete_app_role_assignment")
def revoke(world: World, call: Call) -> Reply:
    return _revoke(world, call, "principalId")


@behaviour("service_principal.delete_app_role_assigned_to")
def revoke_on(world: World, call: Call) -> Reply:
    return _revoke(world, call, "resourceId")


def _revoke(world: World, call: Call, side: str) -> Reply:
    row = world.directory.assignments.get(call.values["assignmentId"])
    if row is None or row[side] != principal(world, call)["id"]:
        raise unknown(call.values["assignmentId"])
    world.directory.assignments.take(row["id"])
    return Reply(204)
