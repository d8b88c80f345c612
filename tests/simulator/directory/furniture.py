# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the directory when a world begins: the resources, the tenant's people, identities and apps."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import typing as t
import uuid
from collections.abc import Iterable

from cryptography.hazmat.primitives.serialization import Encoding

from ..clock import stamp
from ..contract import area
from ..tenants import APP_IDS, NAMES, TENANT_ID, App, Identity
from .model import MANAGED_IDENTITY, MICROSOFT, Directory
from .proofs import key_credential
from .shelf import Row

GITHUB = "https://token.actions.githubusercontent.com"
LONG_AGO = dt.timedelta(days=400)
PEOPLE = {"analyst@contoso.com": "a1100000-0000-4000-8000-000000000001", "admin@contoso.com": "a1100000-0000-4000-8000-000000000002"}
"""Name at sign-in -> object id."""


def furnish(directory: Directory, apps: Iterable[App] = (), identities: Iterable[Identity] = ()) -> None:
    """Put all that there is from the beginning into an empty directory."""
    resources = {name: directory.add_principal(_resource(name), long_ago=True) for name in APP_IDS}
    for name, id_ in PEOPLE.items():
        directory.users.put({"id": id_, "userPrincipalName": name, "displayName": name.partition("@")[0]}, long_ago=True)
    for identity in identities:
        principal = directory.add_principal(_identity(identity), long_ago=True)
        _grant(directory, principal, identity, resources)
    for app in apps:
        application = _application(directory, app)
        facts = principal_of(application) | {"id": app.object_id, "accountEnabled": app.enabled}
        principal = directory.add_principal(facts, long_ago=True)
        _grant(directory, principal, app, resources)
        if app.deleted:
            directory.remove_application(application["id"])


def principal_of(application: Row) -> Row:
    """What a service principal takes over from the registration in the same tenant."""
    names = [application["appId"], *application["identifierUris"]]
    return {
        "appId": application["appId"], "appDisplayName": application["displayName"], "displayName": application["displayName"],
        "appOwnerOrganizationId": TENANT_ID, "appRoles": application["appRoles"],
        "oauth2PermissionScopes": application["api"].get("oauth2PermissionScopes", []), "servicePrincipalNames": names,
    }


@functools.cache
def what_is_granted() -> dict[str, dict[str, t.Any]]:
    """Resource -> its app roles and scopes (roles.yaml)."""
    return {row["name"]: row for row in area("roles")["resources"]}


def _resource(name: str) -> Row:
    facts = what_is_granted()[name]
    return {
        "id": str(uuid.uuid5(uuid.UUID(TENANT_ID), name)), "appId": APP_IDS[name], "appDisplayName": name, "displayName": name,
        "appOwnerOrganizationId": MICROSOFT, "servicePrincipalNames": [one for one, resource in NAMES.items() if resource == name],
        "appRoles": [
            {
                "id": role["id"], "value": role["value"], "displayName": role["displayName"], "description": role["displayName"],
                "allowedMemberTypes": [role["for"]], "isEnabled": True, "origin": "Application",
            }
            for role in facts["app_roles"]
        ],
        "oauth2PermissionScopes": [
            {"id": one["id"], "value": one["value"], "type": "Admin", "adminConsentDisplayName": one["value"], "isEnabled": True}
            for one in facts["scopes"]
        ],
    }


def _identity(identity: Identity) -> Row:
    return {
        "id": identity.object_id, "appId": identity.client_id, "displayName": identity.name, "servicePrincipalType": MANAGED_IDENTITY,
        "servicePrincipalNames": [identity.client_id], "alternativeNames": [f"isExplicit={identity.is_assigned}", identity.resource_id],
    }


def _application(directory: Directory, app: App) -> Row:
    application = directory.add_application(
        {"displayName": app.name, "isFallbackPublicClient": app.public or None, "createdDateTime": stamp(directory.now() - LONG_AGO)},
        created_by=None, long_ago=True, id=app.application_id, appId=app.client_id,
    )
    if app.secret:
        ends = directory.now() + (dt.timedelta(days=-1) if app.expired else LONG_AGO)
        begun = {"startDateTime": stamp(directory.now() - LONG_AGO), "endDateTime": stamp(ends), "displayName": "made by hand"}
        directory.proofs.new_secret(application, begun, text=app.secret)
    if app.certificate:
        key = base64.b64encode(app.certificate.x509.public_bytes(Encoding.DER)).decode()
        application["keyCredentials"].append(key_credential(key, {"type": "AsymmetricX509Cert", "usage": "Verify"}))
    if app.trusts:
        trust = {"name": "github", "issuer": GITHUB, "subject": app.trusts, "audiences": ["api://AzureADTokenExchange"], "description": None}
        directory.federated[application["id"]].put({"id": str(uuid.uuid5(uuid.UUID(app.client_id), GITHUB)), **trust}, long_ago=True)
    return application


def _grant(directory: Directory, principal: Row, holder: App | Identity, resources: dict[str, Row]) -> None:
    for name, resource in resources.items():
        ids = {role["value"]: role["id"] for role in resource["appRoles"]}
        for role in holder.granted(name):
            directory.assign(principal, resource, ids[role], long_ago=True)
