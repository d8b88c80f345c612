# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of the directory's records that our code relies on, with their types."""

from __future__ import annotations

from .._operation import LIST, OBJECTS, Member


def _needed(*names: str) -> tuple[Member, ...]:
    return tuple(Member(name, needed=True) for name in names)


PASSWORD = (*_needed("keyId", "startDateTime", "endDateTime"), Member("displayName"), Member("hint"), Member("secretText"))
KEY = (*_needed("keyId", "startDateTime", "endDateTime"), Member("displayName"), Member("customKeyIdentifier"))
WISH = (*_needed("resourceAppId"), Member("resourceAccess", OBJECTS, within=_needed("id", "type")))
APPLICATION = (
    *_needed("id", "appId", "displayName"),
    Member("signInAudience"),
    Member("createdDateTime"),
    Member("serviceManagementReference"),
    Member("requiredResourceAccess", OBJECTS, within=WISH),
    Member("passwordCredentials", OBJECTS, within=PASSWORD),
    Member("keyCredentials", OBJECTS, within=KEY),
)
ROLE = (*_needed("id"), Member("value"), Member("displayName"), Member("isEnabled", "bool"), Member("allowedMemberTypes", LIST))
PRINCIPAL = (*_needed("id"), Member("appId"), Member("appRoles", OBJECTS, within=ROLE))
ASSIGNMENT = (*_needed("id", "appRoleId", "principalId", "resourceId"), Member("resourceDisplayName"))
FEDERATED = (*_needed("id", "name", "issuer", "subject"), Member("audiences", LIST), Member("description"))
OWNER = _needed("id")
