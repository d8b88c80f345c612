# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App registrations of the tenant's directory, and who owns them."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, NONE, PAGE, WRITE, Field, Operation
from .directory_records import APPLICATION, OWNER

APPLICATION_READ = (("Application.ReadWrite.OwnedBy", "Application.Read.All", "Application.ReadWrite.All"),)
"""The first may read every registration and change those that its app owns."""
APPLICATION_WRITE = (("Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"),)
OBJECT_ID = Field("object_id", "id", required=True)
"""Not the client id, which the service calls appId."""
SELECT = Field("select", "$select")
OWNED_HINT = (
    (
        "Authorization_RequestDenied",
        "Application.ReadWrite.OwnedBy changes only what this app made itself or owns; have an owner add it, or let Application.ReadWrite.All do it",
    ),
)
"""For what the smaller role may do to some objects alone."""

AUDIENCES = ("AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount")
UNIQUE_NAME = Field("unique_name", "uniqueName")
DISPLAY_NAME = Field("display_name", "displayName", required=True)
# Lists take the place of those before.
DESCRIBED = (
    Field("sign_in_audience", "signInAudience", choices=AUDIENCES),
    # A wish list for the consent page; it grants nothing.
    Field("required_resource_access", "requiredResourceAccess", type="list", max_items=50),
    # Those that shall stay must be in it, their key may be null.
    Field("key_credentials", "keyCredentials", type="list"),
    Field("web", "web", type="object"),
    Field("public_client", "publicClient", type="object"),
    Field("is_fallback_public_client", "isFallbackPublicClient", type="bool"),
    Field("api", "api", type="object"),
    Field("identifier_uris", "identifierUris", type="list"),
    Field("tags", "tags", type="list"),
    Field("notes", "notes"),
    Field("description", "description"),
    Field("service_management_reference", "serviceManagementReference"),
)

LIST = Operation(
    id="application.list",
    method="GET",
    path="/v1.0/applications",
    source="application-list.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    reply=PAGE,
    query_fields=(SELECT,),
    page_size=100,
    filterable=("appId", "displayName", "identifierUris", "uniqueName", "tags", "createdDateTime", "signInAudience", "publisherDomain"),
    expandable=("owners", "federatedIdentityCredentials", "appManagementPolicies"),
    record=APPLICATION,
    rate=NO_RATE_GIVEN,
)

GET = Operation(
    id="application.get",
    method="GET",
    path="/v1.0/applications/{id}",
    source="application-get.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    path_fields=(OBJECT_ID,),
    query_fields=(SELECT, Field("expand", "$expand", choices=("owners", "federatedIdentityCredentials"))),
    record=APPLICATION,
    rate=NO_RATE_GIVEN,
)

GET_BY_APP_ID = Operation(
    id="application.get_by_app_id",
    method="GET",
    path="/v1.0/applications(appId='{appId}')",
    source="application-get.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    path_fields=(Field("app_id", "appId", required=True),),
    query_fields=(SELECT, Field("expand", "$expand", choices=("owners",))),
    record=APPLICATION,
    rate=NO_RATE_GIVEN,
)

# Whoever creates with the smaller role owns what was made. There is no service principal yet.
CREATE = Operation(
    id="application.create",
    method="POST",
    path="/v1.0/applications",
    source="application-post-applications.md; resources/application.md; SDK 1.65 models",
    service=GRAPH,
    roles=(("Application.ReadWrite.OwnedBy", "AppRegistration.Create", "Application.ReadWrite.All"),),
    effect=WRITE,
    body_fields=(DISPLAY_NAME, UNIQUE_NAME, *DESCRIBED),
    success=(201,),
    record=APPLICATION,
    rate=NO_RATE_GIVEN,
)

UPSERT = Operation(
    id="application.upsert",
    method="PATCH",
    path="/v1.0/applications(uniqueName='{uniqueName}')",
    source="application-upsert.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    headers=(("Prefer", "create-if-missing"),),
    path_fields=(Field("unique_name", "uniqueName", required=True),),
    body_fields=(DISPLAY_NAME, *DESCRIBED),
    # The second, and nothing with it, when it was there.
    success=(201, 204),
    rate=NO_RATE_GIVEN,
)

UPDATE = Operation(
    id="application.update",
    method="PATCH",
    path="/v1.0/applications/{id}",
    source="application-update.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    body_fields=(Field("display_name", "displayName"), UNIQUE_NAME, *DESCRIBED),
    success=(204,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

# It can be restored for 30 days; its service principal in the same tenant goes with it.
DELETE = Operation(
    id="application.delete",
    method="DELETE",
    path="/v1.0/applications/{id}",
    source="application-delete.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    success=(204,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

LIST_DELETED = Operation(
    id="application.list_deleted",
    method="GET",
    path="/v1.0/directory/deletedItems/microsoft.graph.application",
    source="directory-deleteditems-list.md",
    service=GRAPH,
    roles=(("Application.Read.All",),),
    reply=PAGE,
    query_fields=(SELECT,),
    page_size=100,
    filterable=LIST.filterable,
    record=APPLICATION,
    rate=NO_RATE_GIVEN,
)

RESTORE = Operation(
    id="application.restore",
    method="POST",
    path="/v1.0/directory/deletedItems/{id}/restore",
    source="directory-deleteditems-restore.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

LIST_OWNERS = Operation(
    id="application.list_owners",
    method="GET",
    path="/v1.0/applications/{id}/owners",
    source="application-list-owners.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    reply=PAGE,
    path_fields=(OBJECT_ID,),
    record=OWNER,
    rate=NO_RATE_GIVEN,
)

ADD_OWNER = Operation(
    id="application.add_owner",
    method="POST",
    path="/v1.0/applications/{id}/owners/$ref",
    source="application-post-owners.md",
    service=GRAPH,
    roles=(*APPLICATION_WRITE, ("Directory.Read.All",)),
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    # The address of a user or a service principal: https://graph.microsoft.com/v1.0/directoryObjects/ and its id.
    body_fields=(Field("owner_url", "@odata.id", required=True),),
    success=(204,),
    rate=NO_RATE_GIVEN,
)

# Without the $ref at its end it would delete the owner.
REMOVE_OWNER = Operation(
    id="application.remove_owner",
    method="DELETE",
    path="/v1.0/applications/{id}/owners/{ownerId}/$ref",
    source="application-delete-owners.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID, Field("owner_id", "ownerId", required=True)),
    success=(204,),
    rate=NO_RATE_GIVEN,
)
