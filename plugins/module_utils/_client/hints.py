# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about an error of the service, by its code (common-errors.md, Graph errors page)."""

from __future__ import annotations

from .._operation import GRAPH, Operation

ALREADY_RUNNING = "ActiveRequestAlreadyExists"
DISABLED = "DisabledFeature"
CLAIMS_WANTED = "insufficient_claims"
"""Stands in WWW-Authenticate where a token has been revoked (claims-challenge.md)."""
REVOKED = (
    "The app or the user was disabled or is thought to be at risk, or a Conditional Access policy minds where this machine is; "
    "ask who keeps the policies, then sign in again"
)
NOT_THERE = "Look at the id or the name; a token sees only what its app may see"

HINTS = {
    "BadRequest": "Look at the values of the task; what the service minds stands above, if it says so",
    "ODataError": "Look at the filter: texts stand in single quotes, times do not, and not every property can be filtered by",
    "InvalidInput": "Look at the values of the task",
    "InvalidRequestBody": "Look at the names and values of the task; this service minds upper and lower case",
    "InvalidHashValue": "Give a SHA-1 with 40 or a SHA-256 with 64 hexadecimal digits",
    "InvalidDomainName": "Give the domain alone, without a scheme and a path",
    "InvalidIpAddress": "Give one IPv4 or IPv6 address",
    "InvalidUrl": "Give the whole address with its scheme",
    "MaximumBatchSizeExceeded": "Split the list",
    "MissingRequiredParameter": "A value is missing, or its name is spelt with other capitals than the service wants",
    "OsPlatformNotSupported": "This action does not exist for the operating system of the machine",
    "ClientVersionNotSupported": "Update the Defender client or Windows on the machine first",
    ALREADY_RUNNING: "Wait for the action that is under way, or take its id and follow it",
    "Unauthorized": "The token was refused; see whether it is for this tenant, this cloud and this API",
    "Forbidden": "The token holds the role; look at device groups, the licence and whether the machine may be acted on",
    DISABLED: "Turn the feature on in the Defender portal: Settings, Endpoints, Advanced features",
    "DisallowedOperation": "The tenant or the machine does not allow it, whatever roles one has; the reason stands above",
    "NotFound": NOT_THERE,
    "ResourceNotFound": NOT_THERE,
    "InternalServerError": "Try again; if it stays, give support the request id",
    "TooManyRequests": "Run fewer tasks of this kind at once, or raise retry_time",
}
# What Graph says besides (reference: GraphError). Its letter case varies, so codes are compared without it.
GRAPH_HINTS = {
    "InvalidAuthenticationToken": "The token was refused; see whether it is for this tenant, this cloud and Microsoft Graph",
    "Authentication_MissingOrMalformed": "Something between here and Graph has taken the token away; look at the proxy",
    "Authentication_MSGraphPermissionMissing": "Grant the app a role on Microsoft Graph, and consent to it",
    "Authorization_RequestDenied": "Grant the app the role on Microsoft Graph, and consent to it",
    "Request_BadRequest": HINTS["BadRequest"],
    "Request_ResourceNotFound": NOT_THERE,
    "Request_MultipleObjectsWithSameKeyValue": "There is one of that name already",
    "Request_UnsupportedQuery": "The directory answers this query only with the header ConsistencyLevel: eventual and $count=true",
    "InvalidFederatedIdentityCredentialValue": "The app trusts that issuer and subject already, under another name",
    "Directory_QuotaExceeded": "The directory is full, deleted apps count for 30 days: purge some, or ask for a larger quota",
    "ServiceNotAvailable": "The service is not available for the moment; see the service health of the tenant",
    "UnknownError": "Try again, with less asked for at once; if it stays, give support the request id",
}
_BY_GRAPH = {code.lower(): hint for code, hint in {**HINTS, **GRAPH_HINTS}.items()}
BY_STATUS = {
    407: "A proxy wants a user and a password; give them in proxy",
    429: HINTS["TooManyRequests"],
    500: HINTS["InternalServerError"],
    502: "A gateway before the service had no answer; try again",
    503: "The service is not available for the moment; see the service health of the tenant",
    504: "A gateway before the service got no answer in time; try again",
}


def hint_for(operation: Operation, status: int, code: str | None) -> str | None:
    """What the declaration of the operation says of the code, else what holds for all; ``None`` when nothing is known."""
    if code == DISABLED and operation.switch:
        return f"Turn on in the Defender portal, under Settings, Endpoints, Advanced features: {operation.switch}"
    general = _BY_GRAPH.get((code or "").lower()) if operation.service == GRAPH else HINTS.get(code or "")
    return dict(operation.hints).get(code or "") or general or BY_STATUS.get(status)
