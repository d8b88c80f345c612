# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app proves itself with: secrets, certificates, and tokens of other issuers that it trusts."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, NONE, PAGE, WRITE, Field, Operation
from .applications import APPLICATION_READ, APPLICATION_WRITE, OBJECT_ID, OWNED_HINT, SELECT
from .directory_records import FEDERATED, PASSWORD

KEY_ID = Field("key_id", "keyId", required=True)
PROOF = Field("proof", "proof", required=True, secret=True)
"""A token of ten minutes at most, signed with a certificate that the app has already."""

EXCHANGE_AUDIENCES = ("api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov", "api://AzureADTokenExchangeChina")
"""What a foreign token must be for, by cloud."""
FEDERATED_ID = Field("credential_id", "federatedIdentityCredentialId", required=True)

# Every call adds a secret.
ADD_PASSWORD = Operation(
    id="application.add_password",
    method="POST",
    path="/v1.0/applications/{id}/addPassword",
    source="application-addpassword.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    # displayName, startDateTime, endDateTime; without an end it lasts two years.
    body_fields=(Field("password_credential", "passwordCredential", type="object", required=True),),
    # Here and nowhere else the secret can be read.
    answers_secret=True,
    hints=(
        *OWNED_HINT,
        ("Request_BadRequest", "A policy of the tenant may forbid secrets, or limit how long they last; give fewer valid_days, or take a certificate"),
    ),
    record=PASSWORD,
    rate=NO_RATE_GIVEN,
)

REMOVE_PASSWORD = Operation(
    id="application.remove_password",
    method="POST",
    path="/v1.0/applications/{id}/removePassword",
    source="application-removepassword.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    body_fields=(KEY_ID,),
    success=(204,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

# The first certificate of an app comes by application.update, as there is none to prove it with.
ADD_KEY = Operation(
    id="application.add_key",
    method="POST",
    path="/v1.0/applications/{id}/addKey",
    source="application-addkey.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    body_fields=(
        # Of type X509CertAndPassword it holds a private key, and the other its password.
        Field("key_credential", "keyCredential", type="object", required=True, secret=True),
        Field("password_credential", "passwordCredential", type="object", secret=True),
        PROOF,
    ),
    rate=NO_RATE_GIVEN,
)

REMOVE_KEY = Operation(
    id="application.remove_key",
    method="POST",
    path="/v1.0/applications/{id}/removeKey",
    source="application-removekey.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID,),
    body_fields=(KEY_ID, PROOF),
    success=(204,),
    rate=NO_RATE_GIVEN,
)

LIST_FEDERATED = Operation(
    id="application.list_federated_credentials",
    method="GET",
    path="/v1.0/applications/{id}/federatedIdentityCredentials",
    source="application-list-federatedidentitycredentials.md",
    service=GRAPH,
    roles=APPLICATION_READ,
    reply=PAGE,
    path_fields=(OBJECT_ID,),
    query_fields=(SELECT,),
    filterable=("name", "issuer", "subject"),
    record=FEDERATED,
    rate=NO_RATE_GIVEN,
)

CREATE_FEDERATED = Operation(
    id="application.create_federated_credential",
    method="POST",
    path="/v1.0/applications/{id}/federatedIdentityCredentials",
    source="application-post-federatedidentitycredentials.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    path_fields=(OBJECT_ID,),
    body_fields=(
        Field("name", "name", required=True),
        Field("issuer", "issuer", required=True),
        Field("subject", "subject", required=True),
        Field("audiences", "audiences", type="list", required=True, choices=EXCHANGE_AUDIENCES, max_items=1),
        Field("description", "description"),
    ),
    success=(201,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

UPDATE_FEDERATED = Operation(
    id="application.update_federated_credential",
    method="PATCH",
    path="/v1.0/applications/{id}/federatedIdentityCredentials/{federatedIdentityCredentialId}",
    source="federatedidentitycredential-update.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID, FEDERATED_ID),
    # Its name stays.
    body_fields=(
        Field("issuer", "issuer"),
        Field("subject", "subject"),
        Field("audiences", "audiences", type="list", choices=EXCHANGE_AUDIENCES, max_items=1),
        Field("description", "description"),
    ),
    success=(204,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)

DELETE_FEDERATED = Operation(
    id="application.delete_federated_credential",
    method="DELETE",
    path="/v1.0/applications/{id}/federatedIdentityCredentials/{federatedIdentityCredentialId}",
    source="federatedidentitycredential-delete.md",
    service=GRAPH,
    roles=APPLICATION_WRITE,
    effect=WRITE,
    reply=NONE,
    path_fields=(OBJECT_ID, FEDERATED_ID),
    success=(204,),
    hints=OWNED_HINT,
    rate=NO_RATE_GIVEN,
)
