# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hosts, scopes and audiences belong together, cloud by cloud."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .errors import BadInput

if t.TYPE_CHECKING:
    from .settings import Settings

COMMERCIAL = "commercial"
DEFAULT_SUFFIX = "/.default"


@dataclass(frozen=True)
class Cloud:
    """One cloud of Microsoft. ``audiences`` are the names its Defender for Endpoint goes by in a token.

    ``v1_issuer`` and ``v2_issuer`` hold ``{tid}`` where the tenant's id stands. ``federated_audience`` is what tokens
    of other identity providers name there.
    """

    name: str
    login_url: str
    v1_issuer: str
    v2_issuer: str
    api_url: str
    scope: str
    audiences: tuple[str, ...]
    xdr: str
    graph: str
    federated_audience: str = "api://AzureADTokenExchange"


@dataclass(frozen=True)
class Resource:
    """An API that tokens are issued for; ``names`` are its identifiers in every cloud, without a closing slash."""

    title: str
    app_id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Endpoints:
    """Where one run goes: the hosts, the scope to ask a token for and the audiences such a token may name."""

    login_url: str
    api_url: str
    scope: str
    audiences: tuple[str, ...]


def _united_states(name: str, graph: str) -> Cloud:
    # The government's scopes are printed nowhere; they are API host plus /.default in two other clients (reference: Clouds).
    return Cloud(
        name=name,
        login_url="https://login.microsoftonline.us",
        v1_issuer="https://sts.windows.net/{tid}/",
        v2_issuer="https://login.microsoftonline.us/{tid}/v2.0",
        api_url="https://api-gov.securitycenter.microsoft.us",
        scope="https://api-gov.securitycenter.microsoft.us/.default",
        audiences=("https://api-gov.securitycenter.microsoft.us",),
        xdr="https://api-gov.security.microsoft.us",
        graph=graph,
        federated_audience="api://AzureADTokenExchangeUSGov",
    )


# gov.md, apis-intro.md. In the commercial cloud host and audience differ on purpose: a token for
# https://api.security.microsoft.com carries the roles of Defender XDR (exposed-apis-create-app-webapp.md).
CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            name=COMMERCIAL,
            login_url="https://login.microsoftonline.com",
            v1_issuer="https://sts.windows.net/{tid}/",
            v2_issuer="https://login.microsoftonline.com/{tid}/v2.0",
            api_url="https://api.security.microsoft.com",
            scope="https://api.securitycenter.microsoft.com/.default",
            audiences=(
                "https://api.securitycenter.microsoft.com",
                "https://api.securitycenter.windows.com",
                "https://securitycenter.onmicrosoft.com/windowsatpservice",
                "https://api-us.securitycenter.microsoft.com",
                "https://api-eu.securitycenter.microsoft.com",
                "https://api-uk.securitycenter.microsoft.com",
            ),
            xdr="https://api.security.microsoft.com",
            graph="https://graph.microsoft.com",
        ),
        Cloud(
            name="gcc",
            login_url="https://login.microsoftonline.com",
            v1_issuer="https://sts.windows.net/{tid}/",
            v2_issuer="https://login.microsoftonline.com/{tid}/v2.0",
            api_url="https://api-gcc.securitycenter.microsoft.us",
            scope="https://api-gcc.securitycenter.microsoft.us/.default",
            audiences=("https://api-gcc.securitycenter.microsoft.us",),
            xdr="https://api-gcc.security.microsoft.us",
            graph="https://graph.microsoft.com",
        ),
        _united_states("gcc_high", graph="https://graph.microsoft.us"),
        _united_states("dod", graph="https://dod-graph.microsoft.us"),
    )
}

# A region shortens the way to the API and changes nothing else: the audience stays (apis-intro.md).
REGION_HOST = "https://{region}.api.security.microsoft.com"
REGIONS = ("us", "eu", "uk", "au", "swa", "ina", "aea")

DEFENDER_APP_ID = "fc780465-2017-40d4-a0c5-307022471b92"
XDR_APP_ID = "8ee8fdad-f234-4243-8f3b-15c294843740"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
RESOURCES = (
    Resource(
        title="Defender for Endpoint (WindowsDefenderATP)",
        app_id=DEFENDER_APP_ID,
        names=tuple(dict.fromkeys(name for cloud in CLOUDS.values() for name in cloud.audiences)),
    ),
    Resource(
        title="Defender XDR (Microsoft Threat Protection)",
        app_id=XDR_APP_ID,
        names=tuple(dict.fromkeys(cloud.xdr for cloud in CLOUDS.values())),
    ),
    Resource(
        title="Microsoft Graph",
        app_id=GRAPH_APP_ID,
        names=tuple(dict.fromkeys(cloud.graph for cloud in CLOUDS.values())),
    ),
    Resource(
        title="Azure AD Graph, which is switched off",
        app_id="00000002-0000-0000-c000-000000000000",
        names=("https://graph.windows.net",),
    ),
)


def bare(audience: str) -> str:
    """The audience as it is compared: each is registered with and without one closing slash (reference: Audiences)."""
    return (audience[:-1] if audience.endswith("/") else audience).lower()


def resource_of(audience: str) -> Resource | None:
    """The API that this audience or scope belongs to, or ``None`` for one we do not know."""
    name = bare(audience[: -len(DEFAULT_SUFFIX)] if audience.endswith(DEFAULT_SUFFIX) else audience)
    return next((resource for resource in RESOURCES if name == resource.app_id or name in resource.names), None)


def endpoints(settings: Settings) -> Endpoints:
    """Where these settings lead: what the cloud says, with what is given by hand put over it.

    :raises BadInput: no such cloud
    """
    cloud = _cloud(settings)
    regional = REGION_HOST.format(region=settings.region) if settings.region else cloud.api_url
    scope = settings.scope or cloud.scope
    return Endpoints(
        login_url=settings.login_url or cloud.login_url,
        api_url=settings.api_url or regional,
        scope=scope,
        audiences=_audiences(scope, cloud),
    )


def for_graph(settings: Settings) -> Settings:
    """The same settings with Microsoft Graph as the API that they lead to; it has no regions, and a scope of its own.

    :raises BadInput: no such cloud
    """
    cloud = _cloud(settings)
    return replace(settings, api_url=settings.graph_url or cloud.graph, scope=cloud.graph + DEFAULT_SUFFIX, region=None)


def _cloud(settings: Settings) -> Cloud:
    cloud = CLOUDS.get(settings.cloud)
    if cloud is None:
        raise BadInput(f"cloud is {settings.cloud!r}", hint=f"Choose one of: {', '.join(CLOUDS)}")
    return cloud


def _audiences(scope: str, cloud: Cloud) -> tuple[str, ...]:
    """What a token for ``scope`` may call its audience: the name asked for, and other names of the same API here."""
    asked = bare(scope[: -len(DEFAULT_SUFFIX)])
    if asked == DEFENDER_APP_ID or asked in cloud.audiences:
        return (*cloud.audiences, DEFENDER_APP_ID)
    resource = resource_of(asked)
    return (asked, resource.app_id) if resource else (asked,)
