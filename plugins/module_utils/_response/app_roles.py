# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application permissions by name, with the ids that they have in this tenant."""

from __future__ import annotations

import difflib
import typing as t
from dataclasses import dataclass

from .._api import service_principals
from .._client.clouds import DEFENDER_APP_ID, GRAPH_APP_ID, XDR_APP_ID
from .._client.errors import BadInput, NotFound
from .._client.words import and_list

DEFENDER = "WindowsDefenderATP"
XDR = "Microsoft Threat Protection"
GRAPH = "Microsoft Graph"
APP_IDS = {DEFENDER: DEFENDER_APP_ID, XDR: XDR_APP_ID, GRAPH: GRAPH_APP_ID}
"""API, by its name where one adds a permission -> its app id, which is the same in every tenant."""
READ = "id,appId,displayName,appRoles"
FOR_APPS = "Application"


class Permission(t.NamedTuple):
    """An application permission; ``role`` is as it stands in a token."""

    resource: str
    role: str


class Role(t.NamedTuple):
    """``about`` is what an administrator is shown."""

    id: str
    about: str


@dataclass(frozen=True)
class Resource:
    """An API as it is in this tenant; ``roles`` are those that apps can hold, by name."""

    name: str
    app_id: str
    object_id: str
    roles: t.Mapping[str, Role]


class Catalogue:
    """The permissions of all three APIs, as far as the tenant has them."""

    def __init__(self, resources: t.Iterable[Resource]) -> None:
        self._resources = {resource.name: resource for resource in resources}

    def resource(self, name: str) -> Resource:
        """:raises NotFound: the tenant has no such API"""
        if name not in self._resources:
            raise NotFound(
                f"The tenant has no {name}, so nothing of it can be granted",
                hint="It comes with the licence, and with the first visit of an administrator to the portal of Defender",
            )
        return self._resources[name]

    def permission(self, resource: str, role: str) -> Permission:
        """The permission of that name; capitals are those of the API, as pages differ in some.

        :raises BadInput: there is none that an app can hold
        :raises NotFound: the tenant has no such API
        """
        known = self.resource(resource).roles
        found = next((name for name in known if name.lower() == role.lower()), None)
        if found is None:
            near = difflib.get_close_matches(role, known, n=3)
            hint = f"Perhaps {and_list(near)}" if near else "Names such as Machine.Read are for people; those for apps mostly end in .All"
            raise BadInput(f"{resource} has no application permission {role!r}", hint=hint)
        return Permission(resource, found)

    def role(self, permission: Permission) -> Role:
        return self.resource(permission.resource).roles[permission.role]

    def of_assignment(self, assignment: t.Mapping[str, t.Any]) -> Permission:
        """What an assignment grants; of an API that is not among the three its id stands for its name."""
        return self.of_ids(assignment.get("resourceId"), assignment.get("appRoleId")) or Permission(
            str(assignment.get("resourceDisplayName")), str(assignment.get("appRoleId"))
        )

    def of_ids(self, resource_id: t.Any, role_id: t.Any) -> Permission | None:
        """``resource_id`` is the object id or the app id of the API."""
        for resource in self._resources.values():
            if resource_id in (resource.object_id, resource.app_id):
                return next((Permission(resource.name, name) for name, role in resource.roles.items() if role.id == role_id), None)
        return None


def read_catalogue(client) -> Catalogue:
    """The permissions there are; an API that the tenant lacks is left out.

    :raises DefenderError: they could not be read
    """
    return Catalogue(filter(None, (_read(client, name, app_id) for name, app_id in APP_IDS.items())))


def _read(client, name: str, app_id: str) -> Resource | None:
    try:
        row = client.call(service_principals.GET_BY_APP_ID, app_id=app_id, select=READ)
    except NotFound:
        return None
    # The same name may stand there for users and for apps (resources/approle.md).
    held = [role for role in row.get("appRoles", ()) if role.get("isEnabled") and FOR_APPS in role.get("allowedMemberTypes", ())]
    return Resource(name, app_id, row["id"], {role["value"]: Role(role["id"], str(role.get("displayName") or "")) for role in held if role.get("value")})
