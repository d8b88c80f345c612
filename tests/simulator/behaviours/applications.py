# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App registrations: listed, made, changed, deleted, brought back."""

from __future__ import annotations

import typing as t

from ..contract import endpoints
from ..directory.model import API, WEB
from ..directory.proofs import key_credential
from ..directory.shelf import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .directory_lists import Expand, listing, single
from .directory_things import application, bad, check_parts, own, taken, to_change, unknown

TYPE = "Application"
WHAT = "applications"
OBJECTS = {
    "web": {*WEB, "redirectUriSettings"},
    "publicClient": {"redirectUris"},
    "api": {*API, "acceptMappedClaims", "knownClientApplications", "preAuthorizedApplications"},
}
"""What may be written, and of what it consists."""
CREATE_IF_MISSING = "create-if-missing"


def expansions(world: World) -> Expand:
    directory = world.directory
    return {
        "owners": lambda row: [thing for thing in map(directory.thing, directory.owners[row["id"]]) if thing],
        "federatedIdentityCredentials": lambda row: list(directory.federated[row["id"]].all()),
    }


@behaviour("application.list")
def list_applications(world: World, call: Call) -> Reply:
    rows = world.directory.applications.all(world.settings.listing_lag)
    return listing(call, "application.list", WHAT, rows, expansions(world))


@behaviour("application.get")
def get(world: World, call: Call) -> Reply:
    return single(call, WHAT, application(world, call), TYPE, expand=expansions(world))


@behaviour("application.get_by_app_id")
def get_by_app_id(world: World, call: Call) -> Reply:
    row = world.directory.application_of(call.values["appId"])
    if row is None:
        raise unknown(call.values["appId"])
    return single(call, WHAT, row, TYPE, expand=expansions(world))


@behaviour("application.create")
def create(world: World, call: Call) -> Reply:
    return single(call, WHAT, _created(world, call, call.body), TYPE, status=201)


@behaviour("application.upsert")
def upsert(world: World, call: Call) -> Reply:
    """Creates under the header that says so, and changes without a word what is there."""
    name = call.values["uniqueName"]
    row = next((one for one in world.directory.applications.all(0) if one["uniqueName"] == name), None)
    if row is not None:
        _change(world, to_change(world, call, row), call.body)
        return Reply(204)
    if CREATE_IF_MISSING not in call.headers.get("prefer", ""):
        raise unknown(name)
    return single(call, WHAT, _created(world, call, {**call.body, "uniqueName": name}), TYPE, status=201)


@behaviour("application.update")
def update(world: World, call: Call) -> Reply:
    _change(world, to_change(world, call, application(world, call)), call.body)
    return Reply(204)


@behaviour("application.delete")
def delete(world: World, call: Call) -> Reply:
    world.directory.remove_application(to_change(world, call, application(world, call))["id"])
    return Reply(204)


@behaviour("application.list_deleted")
def list_deleted(world: World, call: Call) -> Reply:
    return listing(call, "application.list_deleted", WHAT, world.directory.deleted())


@behaviour("application.restore")
def restore(world: World, call: Call) -> Reply:
    """Its service principal, and with it what was granted, does not come back: no page says that it would."""
    id_ = call.values["id"]
    row = next((one for one in world.directory.deleted() if one["id"] == id_), None)
    if row is None:
        raise unknown(id_)
    to_change(world, call, row)
    world.directory.restore(id_)
    return single(call, "directoryObjects", {"@odata.type": "#microsoft.graph.application", **row}, TYPE)


def _created(world: World, call: Call, facts: t.Mapping[str, t.Any]) -> Row:
    directory, settings = world.directory, world.settings
    if settings.directory_quota and directory.size() >= settings.directory_quota:
        raise Problem(403, "Directory_QuotaExceeded", "The directory object quota limit for the Tenant has been exceeded.")
    if settings.management_reference_needed and not facts.get("serviceManagementReference"):
        raise bad("ServiceManagementReference field is required for Create, but is missing in the request.")
    row = directory.add_application({}, created_by=call.app.client_id)
    try:
        _change(world, row, facts)
    except Problem:
        directory.applications.take(row["id"])
        raise
    own(world, call, row)
    return row


def _change(world: World, row: Row, facts: t.Mapping[str, t.Any]) -> None:
    """Lists take the place of those before; of an object what is sent."""
    _check(world, row, facts)
    keys = None if facts.get("keyCredentials") is None else _keys(world, row, facts["keyCredentials"])
    for name, value in facts.items():
        if name in OBJECTS:
            row[name] = {**row[name], **(value or {})}
        elif name != "keyCredentials":
            row[name] = [] if value is None and isinstance(row[name], list) else value
    if keys is not None:
        row["keyCredentials"] = keys


def _check(world: World, row: Row, facts: t.Mapping[str, t.Any]) -> None:
    for name, known in OBJECTS.items():
        strange = set(facts.get(name) or {}) - known - {"@odata.type"}
        if strange:
            raise bad(f"Invalid property '{min(strange)}' in '{name}'.")
    unique = facts.get("uniqueName")
    if row["uniqueName"] and "uniqueName" in facts and unique != row["uniqueName"]:
        raise bad("Property uniqueName is immutable once set.")
    if unique and unique != row["uniqueName"] and world.directory.applications.holds(uniqueName=unique):
        raise taken("Another object with the same value for property uniqueName already exists.")
    others = {uri for one in world.directory.applications.all(0) if one is not row for uri in one["identifierUris"]}
    if others.intersection(facts.get("identifierUris") or ()):
        raise taken("Another object with the same value for property identifierUris already exists.")
    _check_wishes(world, facts.get("requiredResourceAccess") or [])


def _check_wishes(world: World, wishes: list[Row]) -> None:
    limits = endpoints()["application.create"]["body"]["requiredResourceAccess"]
    check_parts(wishes, limits["of"], "requiredResourceAccess")
    if len(wishes) > limits["max_items"] or sum(len(one.get("resourceAccess") or []) for one in wishes) > limits["permissions"]:
        raise bad("The application has more required resources or permissions than are allowed.")
    for one in wishes:
        if world.directory.principal_of(one.get("resourceAppId") or "") is None:
            raise bad(f"The resource application '{one.get('resourceAppId')}' was not found.")


def _keys(world: World, row: Row, sent: list[Row]) -> list[Row]:
    """Those that were there come back with their key or without; the others are new."""
    check_parts(sent, "KeyCredential", "keyCredentials")
    there = {one["keyId"]: one for one in row["keyCredentials"]}
    kept = []
    for one in sent:
        known = there.get(one.get("keyId") or "")
        if known is not None and one.get("key") in (None, known["key"]):
            kept.append(known)
            continue
        kept.append(new_key(world, one))
    return kept


def new_key(world: World, sent: Row) -> Row:
    if not sent.get("key") or sent.get("type") != "AsymmetricX509Cert" or sent.get("usage") != "Verify":
        raise bad("A key credential takes type AsymmetricX509Cert, usage Verify and the certificate as key.")
    try:
        made = key_credential(sent["key"], sent)
        natural = key_credential(sent["key"], {"type": made["type"], "usage": made["usage"]})
    except ValueError as error:
        raise bad("Key credential value is invalid: it is no certificate.") from error
    if not natural["startDateTime"] <= made["startDateTime"] < made["endDateTime"] <= natural["endDateTime"]:
        raise bad("Key credential end date or start date is invalid: the certificate is not valid then.")
    world.directory.proofs.begin(made["keyId"])
    return made
