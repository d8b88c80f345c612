# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of the directory: rows as Microsoft Graph shows them, with the secrets kept beside them."""

from __future__ import annotations

import datetime as dt
import secrets
import typing as t
import uuid

from ..clock import Clock, moment, stamp
from .proofs import Proofs
from .shelf import Row, Shelf

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
MANAGED_IDENTITY = "ManagedIdentity"
DOMAIN = "contoso.onmicrosoft.com"
NO_ROLE = "00000000-0000-0000-0000-000000000000"
"""Default access, which grants nothing."""
KEPT = dt.timedelta(days=30)
"""How long what was deleted can be restored."""


WEB = {"homePageUrl": None, "logoutUrl": None, "redirectUris": [], "implicitGrantSettings": {}}
API = {"requestedAccessTokenVersion": None, "oauth2PermissionScopes": []}


class Lags(t.Protocol):
    """Seconds until what was written is known; no page gives numbers, people report up to minutes."""

    directory_lag: float
    listing_lag: float
    credential_lag: float
    grant_lag: float


class Directory:
    def __init__(self, clock: Clock, lags: Lags) -> None:
        self._clock = clock
        self.lags = lags
        self.applications = self._shelf()
        self.principals = self._shelf()
        self.assignments = self._shelf()
        self.grants = self._shelf()
        self.users = self._shelf()
        self.federated: dict[str, Shelf] = {}
        """By object id of the application."""
        self.owners: dict[str, list[str]] = {}
        """Object ids of owners, by that of what they own."""
        self.proofs = Proofs(clock, lags)
        self._deleted: dict[str, Row] = {}

    def _shelf(self) -> Shelf:
        return Shelf(self.now, lambda: self.lags.directory_lag)

    def now(self) -> dt.datetime:
        return self._clock.now()

    # what there is

    def principal_of(self, app_id: str) -> Row | None:
        return self.principals.find(appId=app_id.lower())

    def application_of(self, app_id: str) -> Row | None:
        return self.applications.find(appId=app_id.lower())

    def resource(self, identifier: str) -> Row | None:
        """The service principal that goes by that name, which is registered with and without one closing slash."""
        name = identifier.removesuffix("/")
        for row in self.principals.all():
            if name.lower() == (row["appId"] or "").lower() or name in row["servicePrincipalNames"]:
                return row
        return None

    def thing(self, id_: str) -> Row | None:
        """What may own something: a user or a service principal, as a directory object."""
        user = self.users.get(id_)
        if user is not None:
            return {"@odata.type": "#microsoft.graph.user", "id": id_}
        if self.principals.get(id_) is not None:
            return {"@odata.type": "#microsoft.graph.servicePrincipal", "id": id_}
        return None

    def roles(self, principal_id: str, resource: Row, *, at_once: bool = False) -> list[str]:
        """What a token for the resource carries, in the order it was granted; a grant takes its time to get there."""
        lag = 0 if at_once else self.lags.grant_lag
        names = {role["id"]: role["value"] for role in resource["appRoles"]}
        held = (
            row for row in self.assignments.all(lag)
            if (row["principalId"], row["resourceId"]) == (principal_id, resource["id"])
        )
        return [names[row["appRoleId"]] for row in held if row["appRoleId"] in names]

    def scopes(self, client_id: str, resource_id: str, user_id: str) -> list[str]:
        """What the app of that service principal may do at the resource for the user."""
        found: dict[str, None] = {}
        for row in self.grants.all():
            same = (row["clientId"], row["resourceId"]) == (client_id, resource_id)
            if same and row["principalId"] in (None, user_id):
                found.update(dict.fromkeys(row["scope"].split()))
        return list(found)

    def deleted(self) -> list[Row]:
        """Applications that can still be restored."""
        now = self.now()
        self._deleted = {id_: row for id_, row in self._deleted.items() if moment(row["deletedDateTime"]) > now - KEPT}
        return list(self._deleted.values())

    def size(self) -> int:
        """What counts against the quota."""
        return len(self.applications) + len(self.principals) + len(self.deleted())

    # what is done to it

    def add_application(self, facts: Row, *, created_by: str | None, long_ago: bool = False, **ids: str) -> Row:
        """A registration with these facts and without credentials."""
        row = {
            "id": str(uuid.uuid4()), "deletedDateTime": None, "appId": str(uuid.uuid4()), "displayName": None, "uniqueName": None,
            "signInAudience": "AzureADMyOrg", "requiredResourceAccess": [], "passwordCredentials": [], "keyCredentials": [],
            "identifierUris": [], "web": dict(WEB), "spa": {"redirectUris": []}, "publicClient": {"redirectUris": []},
            "isFallbackPublicClient": None, "isDisabled": None, "disabledByMicrosoftStatus": None, "publisherDomain": DOMAIN,
            "createdDateTime": stamp(self.now()), "createdByAppId": created_by, "tags": [], "notes": None, "description": None,
            "serviceManagementReference": None, "appRoles": [], "api": dict(API), "optionalClaims": None,
            "servicePrincipalLockConfiguration": None, **ids, **facts,
        }
        self.federated[row["id"]] = self._shelf()
        self.owners[row["id"]] = []
        return self.applications.put(row, long_ago=long_ago)

    def add_principal(self, facts: Row, *, long_ago: bool = False) -> Row:
        row = {
            "id": str(uuid.uuid4()), "deletedDateTime": None, "appId": None, "appDisplayName": None, "displayName": None, "accountEnabled": True,
            "appOwnerOrganizationId": None, "appRoleAssignmentRequired": False, "appRoles": [], "oauth2PermissionScopes": [],
            "servicePrincipalNames": [], "servicePrincipalType": "Application", "alternativeNames": [], "tags": [], "notes": None, **facts,
        }
        self.owners[row["id"]] = []
        return self.principals.put(row, long_ago=long_ago)

    def assign(self, principal: Row, resource: Row, role_id: str, *, long_ago: bool = False) -> Row:
        return self.assignments.put(
            {
                "id": secrets.token_urlsafe(32), "deletedDateTime": None, "appRoleId": role_id, "createdDateTime": stamp(self.now()),
                "principalDisplayName": principal["displayName"], "principalId": principal["id"], "principalType": "ServicePrincipal",
                "resourceDisplayName": resource["displayName"], "resourceId": resource["id"],
            },
            long_ago=long_ago,
        )

    def consent(self, facts: Row, *, long_ago: bool = False) -> Row:
        """To delegated permissions."""
        return self.grants.put({"id": secrets.token_urlsafe(32), "principalId": None, **facts}, long_ago=long_ago)

    def remove_principal(self, id_: str) -> None:
        """With all that was granted to it and on it."""
        self.principals.take(id_)
        self.owners.pop(id_)
        for shelf, sides in ((self.assignments, ("principalId", "resourceId")), (self.grants, ("clientId", "resourceId"))):
            for row in list(shelf.all(0)):
                if id_ in (row[side] for side in sides):
                    shelf.take(row["id"])

    def remove_application(self, id_: str) -> None:
        """To where it can be restored from for a while. Its service principal does not come back with it."""
        row = self.applications.take(id_)
        row["deletedDateTime"] = stamp(self.now())
        self._deleted[id_] = row
        principal = next((one for one in self.principals.all(0) if one["appId"] == row["appId"]), None)
        if principal is not None:
            self.remove_principal(principal["id"])

    def restore(self, id_: str) -> Row | None:
        if id_ not in {row["id"] for row in self.deleted()}:
            return None
        row = self._deleted.pop(id_)
        row["deletedDateTime"] = None
        return self.applications.put(row)
