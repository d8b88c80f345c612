# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the login host tells of itself: its addresses, issuers and keys."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from . import entra_token
from .asked import Asked
from .entra_errors import Refused
from .entra_tokens import V2_ISSUER, Mint


def _configuration(mint: Mint, asked: Asked) -> dict[str, t.Any]:
    check_query(asked)
    return _facts(mint, asked, issuer=V2_ISSUER.replace("{tenantid}", _realm(mint, asked, "{tenantid}")), version="v2.0/")


def _configuration_v1(mint: Mint, asked: Asked) -> dict[str, t.Any]:
    check_query(asked, "appid")
    issuer = mint.tenant.issuer.replace(mint.tenant.id, _realm(mint, asked, "{tenantid}"))
    return _facts(mint, asked, issuer=issuer, version="")


def _keys(mint: Mint, asked: Asked) -> dict[str, t.Any]:
    check_query(asked)
    _realm(mint, asked, "")
    return mint.keys(2)


def _keys_v1(mint: Mint, asked: Asked) -> dict[str, t.Any]:
    check_query(asked)
    _realm(mint, asked, "")
    return mint.keys(1)


def _instance(mint: Mint, asked: Asked) -> dict[str, t.Any]:
    query = check_query(asked, "api-version", "authorization_endpoint")
    for name in ("api-version", "authorization_endpoint"):
        if not query.get(name):
            raise Refused("AADSTS900144", f"The request must contain the following parameter: '{name}'.")
    host = asked.origin.partition("://")[2]
    tenant = query["authorization_endpoint"].partition("://")[2].split("/")[1:2] or [mint.tenant.id]
    return {
        "tenant_discovery_endpoint": f"{asked.origin}/{tenant[0]}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


ANSWERS: dict[str, Callable[[Mint, Asked], dict[str, t.Any]]] = {
    "token.openid_configuration": _configuration,
    "token.openid_configuration_v1": _configuration_v1,
    "token.jwks": _keys,
    "token.jwks_v1": _keys_v1,
    "token.instance_discovery": _instance,
}


def _realm(mint: Mint, asked: Asked, shared: str) -> str:
    """The tenant's id, or ``shared`` for the endpoints of all tenants."""
    tenant = asked.segments[0]
    if tenant in entra_token.SHARED_TENANTS:
        return shared
    try:
        entra_token.check_tenant(tenant, mint.tenant)
    except Refused as refused:
        # Discovery has a word of its own for it (identity reference: token.openid_configuration).
        raise Refused(refused.number, refused.message, error="invalid_tenant") from refused
    return mint.tenant.id


def check_query(asked: Asked, *known: str) -> dict[str, str]:
    query = dict(asked.query)
    if len(query) < len(asked.query) or not set(known).issuperset(query):
        raise Refused("AADSTS90013", "Invalid input received from the user.")
    return query


def _facts(mint: Mint, asked: Asked, *, issuer: str, version: str) -> dict[str, t.Any]:
    """OpenIdConfiguration of the reference, with this simulator's addresses."""
    base = f"{asked.origin}/{_realm(mint, asked, asked.segments[0])}"
    return {
        "token_endpoint": f"{base}/oauth2/{version}token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery/{version}keys",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "authorization_endpoint": f"{base}/oauth2/{version}authorize",
        "device_authorization_endpoint": f"{base}/oauth2/{version}devicecode",
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    }
