# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apps may do for people who are signed in: delegated permissions."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, NONE, PAGE, WRITE, Field, Operation
from .applications import OBJECT_ID

GRANT_WRITE = (("DelegatedPermissionGrant.ReadWrite.All",),)
CONSENTS = ("AllPrincipals", "Principal")
"""Given for everyone, or by one person for themselves."""

LIST = Operation(
    id="oauth2_permission_grant.list",
    method="GET",
    path="/v1.0/oauth2PermissionGrants",
    source="oauth2permissiongrant-list.md",
    service=GRAPH,
    roles=(("Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All"),),
    reply=PAGE,
    page_size=100,
    filterable=("clientId", "consentType", "principalId", "resourceId"),
    rate=NO_RATE_GIVEN,
)

CREATE = Operation(
    id="oauth2_permission_grant.create",
    method="POST",
    path="/v1.0/oauth2PermissionGrants",
    source="oauth2permissiongrant-post.md",
    service=GRAPH,
    roles=GRANT_WRITE,
    effect=WRITE,
    body_fields=(
        # Object ids of service principals, of the app and of the resource.
        Field("client_object_id", "clientId", required=True),
        Field("consent_type", "consentType", required=True, choices=CONSENTS),
        # The person, when it is not for everyone.
        Field("principal_id", "principalId"),
        Field("resource_id", "resourceId", required=True),
        # Several stand in one text, with blanks between.
        Field("scope", "scope", required=True),
    ),
    success=(201,),
    rate=NO_RATE_GIVEN,
)

UPDATE = Operation(
    id="oauth2_permission_grant.update",
    method="PATCH",
    path="/v1.0/oauth2PermissionGrants/{id}",
    source="oauth2permissiongrant-update.md",
    service=GRAPH,
    roles=GRANT_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    # All scopes of the grant: the text takes the place of the one before.
    body_fields=(Field("scope", "scope", required=True),),
    success=(204,),
    rate=NO_RATE_GIVEN,
)

DELETE = Operation(
    id="oauth2_permission_grant.delete",
    method="DELETE",
    path="/v1.0/oauth2PermissionGrants/{id}",
    source="oauth2permissiongrant-delete.md",
    service=GRAPH,
    roles=GRANT_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    success=(204,),
    rate=NO_RATE_GIVEN,
)
