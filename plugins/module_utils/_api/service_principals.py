# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service principals: what an app is in this tenant, and what is granted to it."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, NONE, PAGE, WRITE, Field, Operation
from .applications import APPLICATION_READ, APPLICATION_WRITE, OBJECT_ID, OWNED_HINT, SELECT
from .directory_records import ASSIGNMENT as GRANTED
from .directory_records import PRINCIPAL

SET = (
    Field("account_enabled", "accountEnabled", type="bool"),
    Field("app_role_assignment_required", "appRoleAssignmentRequired", type="bool"),
    Field("tags", "tags", type="list"),
    Field("notes", "notes"),
)

GRANT = (("AppRoleAssignment.ReadWrite.All",), ("Application.Read.All",))
REVOKE = (("AppRoleAssignment.ReadWrite.All",),)
ASSIGNMENT_ID = Field("assignment_id", "assignmentId", required=True)
ASSIGNMENT = (
    # The two are object ids of service principals, of the app and of the resource; the third is of the resource's appRoles.
    Field("principal_id", "principalId", required=True),
    Field("resource_id", "resourceId", required=True),
    Field("app_role_id", "appRoleId", required=True),
)

LIST = Operation(
    id="service_principal.list",
    method="GET",
    path="/v1.0/servicePrincipals",
    source="serviceprincipal-list.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    reply=PAGE,
    query_fields=(SELECT,),
    page_size=100,
    filterable=(
        "appId", "displayName", "servicePrincipalType", "servicePrincipalNames", "tags", "accountEnabled", "appRoleAssignmentRequired",
    ),
    expandable=("owners", "appRoleAssignments", "appRoleAssignedTo"),
    record=PRINCIPAL,
    rate=NO_RATE_GIVEN,
)

GET_BY_APP_ID = Operation(
    id="service_principal.get_by_app_id",
    method="GET",
    path="/v1.0/servicePrincipals(appId='{appId}')",
    source="serviceprincipal-get.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    path_fields=(Field("app_id", "appId", required=True),),
    query_fields=(SELECT, Field("expand", "$expand", choices=("appRoleAssignments",))),
    record=PRINCIPAL,
    rate=NO_RATE_GIVEN,
)

CREATE = Operation(
    id="service_principal.create",
    method="POST",
    path="/v1.0/servicePrincipals",
    source="serviceprincipal-post-serviceprincipals.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    body_fields=(Field("app_id", "appId", required=True), *SET),
    success=(201,),
    hints=OWNED_HINT,
    record=PRINCIPAL,
    rate=NO_RATE_GIVEN,
)

UPDATE = Operation(
    id="service_principal.update",
    method="PATCH",
    path="/v1.0/servicePrincipals/{id}",
    source="serviceprincipal-update.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    body_fields=SET,
    success=(204,),
    rate=NO_RATE_GIVEN,
)

# All that was granted to it goes with it.
DELETE = Operation(
    id="service_principal.delete",
    method="DELETE",
    path="/v1.0/servicePrincipals/{id}",
    source="serviceprincipal-delete.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    success=(204,),
    rate=NO_RATE_GIVEN,
)

LIST_ROLES = Operation(
    id="service_principal.list_app_role_assignments",
    method="GET",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignments",
    source="serviceprincipal-list-approleassignments.md",
    service=GRAPH,
    # The first is no more than whoever asks this needs to make the app at all.
    roles=(("Application.ReadWrite.OwnedBy", "Application.Read.All", "Directory.Read.All"),),
    reply=PAGE,
    path_fields=(OBJECT_ID,),
    query_fields=(SELECT,),
    page_size=100,
    filterable=("resourceId", "appRoleId"),
    record=GRANTED,
    rate=NO_RATE_GIVEN,
)

# The pages recommend GRANT_ROLE_ON, which does the same.
GRANT_ROLE = Operation(
    id="service_principal.create_app_role_assignment",
    method="POST",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignments",
    source="serviceprincipal-post-approleassignments.md",
    service=GRAPH,
    roles=GRANT,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    body_fields=ASSIGNMENT,
    success=(201,),
    rate=NO_RATE_GIVEN,
)

REVOKE_ROLE = Operation(
    id="service_principal.delete_app_role_assignment",
    method="DELETE",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignments/{assignmentId}",
    source="serviceprincipal-delete-approleassignments.md",
    service=GRAPH,
    roles=REVOKE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID, ASSIGNMENT_ID),
    success=(204,),
    rate=NO_RATE_GIVEN,
)

LIST_ROLES_ON = Operation(
    id="service_principal.list_app_role_assigned_to",
    method="GET",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignedTo",
    source="serviceprincipal-list-approleassignedto.md",
    service=GRAPH,
    roles=(("Application.Read.All", "Application.ReadWrite.OwnedBy"),),
    reply=PAGE,
    path_fields=(OBJECT_ID,),
    query_fields=(SELECT,),
    page_size=100,
    filterable=("principalDisplayName",),
    record=GRANTED,
    rate=NO_RATE_GIVEN,
)

# This is what an administrator's consent consists of: one call a role. The id in the path is the resource's.
GRANT_ROLE_ON = Operation(
    id="service_principal.create_app_role_assigned_to",
    method="POST",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignedTo",
    source="serviceprincipal-post-approleassignedto.md",
    service=GRAPH,
    roles=GRANT,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    body_fields=ASSIGNMENT,
    success=(201,),
    record=GRANTED,
    rate=NO_RATE_GIVEN,
)

REVOKE_ROLE_ON = Operation(
    id="service_principal.delete_app_role_assigned_to",
    method="DELETE",
    path="/v1.0/servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
    source="serviceprincipal-delete-approleassignedto.md",
    service=GRAPH,
    roles=REVOKE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID, ASSIGNMENT_ID),
    success=(204,),
    rate=NO_RATE_GIVEN,
)
