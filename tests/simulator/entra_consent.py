# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages on which an administrator lets an app have what its registration asks for; here the administrator is quick to say yes."""

from __future__ import annotations

import typing as t
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from .directory import Directory
from .directory.furniture import principal_of
from .directory.shelf import Row
from .entra_errors import Refused

FOR_ALL = "AllPrincipals"
MANY_TENANTS = ("AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount")


def admin_consent(tenant_id: str, directory: Directory, query: t.Mapping[str, str], *, agrees: bool) -> Response:
    """v2-oauth2-client-creds-grant-flow.md: the browser comes back to an address that the registration names to the letter."""
    application = _application(directory, query.get("client_id"))
    if query.get("redirect_uri") not in application["web"]["redirectUris"]:
        raise Refused("AADSTS90013", "The redirect URI specified in the request does not match the redirect URIs configured for the application.")
    return _decided(tenant_id, directory, application, query["redirect_uri"], query.get("state"), agrees)


def partner_authorize(tenant_id: str, directory: Directory, query: t.Mapping[str, str], *, agrees: bool) -> Response:
    """exposed-apis-create-app-partners.md: the link that a partner's customer opens."""
    application = _application(directory, query.get("client_id"))
    if (query.get("prompt"), query.get("response_type")) != ("consent", "code"):
        raise Refused("AADSTS90013", "Invalid input received from the user.")
    if application["signInAudience"] not in MANY_TENANTS or not application["web"]["redirectUris"]:
        raise Refused("AADSTS650056", "Misconfigured application: it is not for many tenants, or has no address to come back to.")
    return _decided(tenant_id, directory, application, application["web"]["redirectUris"][0], None, agrees)


def _application(directory: Directory, client_id: str | None) -> Row:
    application = directory.application_of(client_id or "")
    if application is None:
        raise Refused("AADSTS700016", f"Application with identifier '{client_id}' was not found in the directory.")
    return application


def _decided(tenant_id: str, directory: Directory, application: Row, back: str, state: str | None, agrees: bool) -> Response:
    told = {"tenant": tenant_id, **({"state": state} if state else {})}
    if not agrees:
        return RedirectResponse(f"{back}?{urlencode({**told, 'error': 'permission_denied'})}", 302)
    _consent(directory, application)
    return RedirectResponse(f"{back}?{urlencode({**told, 'admin_consent': 'True'})}", 302)


def _consent(directory: Directory, application: Row) -> None:
    """All that the registration asks for, and a service principal to hold it; what was granted besides stays."""
    there = (one for one in directory.principals.all(0) if one["appId"] == application["appId"])
    principal = next(there, None) or directory.add_principal(principal_of(application))
    for wish in application["requiredResourceAccess"]:
        resource = directory.principal_of(wish["resourceAppId"])
        if resource is None:
            raise Refused("AADSTS650052", "The app needs access to a service that your organization has not subscribed to or enabled.")
        for role_id in (one["id"] for one in wish["resourceAccess"] if one["type"] == "Role"):
            if not directory.assignments.holds(principalId=principal["id"], resourceId=resource["id"], appRoleId=role_id):
                directory.assign(principal, resource, role_id)
        names = {one["id"]: one["value"] for one in resource["oauth2PermissionScopes"]}
        scopes = [names[one["id"]] for one in wish["resourceAccess"] if one["type"] == "Scope" and one["id"] in names]
        pair = {"clientId": principal["id"], "consentType": FOR_ALL, "resourceId": resource["id"]}
        if scopes and not directory.grants.holds(**pair):
            directory.consent({**pair, "scope": " ".join(scopes)})
