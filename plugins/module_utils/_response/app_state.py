# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is of an app in the directory: its registration, its service principal, its grants and its owners."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._api import applications, service_principals
from .._client.errors import NotFound
from .app_find import Name, Record, find_app, find_deleted
from .app_roles import Catalogue, Permission


@dataclass(frozen=True)
class Present:
    """``assignments`` are the ids of grants by what they grant; ``deleted`` is a registration that can be restored."""

    application: Record | None = None
    principal: Record | None = None
    assignments: t.Mapping[Permission, tuple[str, str]] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    deleted: Record | None = None

    @property
    def granted(self) -> frozenset[Permission]:
        return frozenset(self.assignments)


def read_present(client, name: Name, catalogue: Catalogue, *, owners: bool = False, deleted: bool = False) -> Present:
    """All of it; ``owners`` and ``deleted`` say whether those are of interest.

    :raises BadInput: the name is not that of one registration alone
    """
    application = find_app(client, name)
    if application is None:
        return Present(deleted=find_deleted(client, name) if deleted else None)
    held = read_owners(client, application["id"]) if owners else ()
    principal = find_principal(client, application["appId"])
    assignments = read_assignments(client, principal["id"], catalogue) if principal else {}
    return Present(application, principal, assignments, held)


def find_principal(client, app_id: str) -> Record | None:
    """The app's service principal in this tenant."""
    try:
        return client.call(service_principals.GET_BY_APP_ID, app_id=app_id, select="id,appId,displayName")
    except NotFound:
        return None


def read_owners(client, application_id: str) -> tuple[str, ...]:
    """The object ids of those who own the registration; none of one that is not known everywhere yet."""
    try:
        return tuple(str(row["id"]) for row in client.list(applications.LIST_OWNERS, object_id=application_id))
    except NotFound:
        return ()


def read_assignments(client, principal_id: str, catalogue: Catalogue) -> dict[Permission, tuple[str, str]]:
    """What is granted to the service principal -> the id of the API's service principal, and that of the grant. As with owners."""
    try:
        rows = list(client.list(service_principals.LIST_ROLES, object_id=principal_id))
    except NotFound:
        return {}
    return {catalogue.of_assignment(row): (row["resourceId"], row["id"]) for row in rows}
