# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an administrator goes to consent, and what is consented to there."""

from __future__ import annotations

from urllib.parse import urlencode

from .._client.clouds import endpoints
from .._operation import GRAPH
from .app_find import Record
from .app_plan import MULTIPLE, redirect_uris_of


def consent_url(client, application: Record, audience: str) -> str | None:
    """The page of consent; ``None`` while the registration has no redirect URI for it to end at.

    An app for many tenants has the link that Defender's page for partners prints, which works in each customer's tenant
    (exposed-apis-create-app-partners.md).
    """
    login_url, app_id = endpoints(client.settings).login_url, application["appId"]
    if audience == MULTIPLE:
        query = {"prompt": "consent", "client_id": app_id, "response_type": "code", "sso_reload": "true"}
        return f"{login_url}/common/oauth2/authorize?{urlencode(query)}"
    uris = sorted(redirect_uris_of(application))
    if not uris:
        return None
    query = {"client_id": app_id, "redirect_uri": uris[0]}
    return f"{login_url}/{tenant_of(client)}/adminconsent?{urlencode(query)}"


def tenant_of(client) -> str:
    """The tenant that the client signs in to, which whoever signs in as a machine need not name."""
    return client.settings.tenant_id or client.line(GRAPH).token.tenant_id
