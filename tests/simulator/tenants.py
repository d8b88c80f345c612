# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may sign in: the tenant, its apps with their credentials and grants, and the APIs tokens are issued for."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import contract
from .certificates import Certificate, Folder
from .world import TENANT_ID

__all__ = ["TENANT_ID"]

DOMAIN = "contoso.onmicrosoft.com"
ABROAD = "5a1f0e4c-0000-4000-8000-0000000000af"
"""A tenant of another national cloud (AADSTS90038)."""

DEFENDER = "WindowsDefenderATP"
XDR = "Microsoft Threat Protection"
GRAPH = "Microsoft Graph"
APP_IDS = {
    DEFENDER: "fc780465-2017-40d4-a0c5-307022471b92",
    XDR: "8ee8fdad-f234-4243-8f3b-15c294843740",
    GRAPH: "00000003-0000-0000-c000-000000000000",
}
"""Resources of the tenant; each has a service principal under this well-known id."""

ALERTS_AND_MACHINES = ("Alert.Read.All", "Machine.Read.All")
ALL_RESPONSE = (
    *ALERTS_AND_MACHINES, "Machine.ReadWrite.All", "Machine.Isolate", "Machine.RestrictExecution", "Machine.Scan",
    "Machine.StopAndQuarantine", "Machine.CollectForensics", "Machine.LiveResponse", "Machine.Offboard", "Library.Manage",
    "Alert.ReadWrite.All", "File.Read.All", "Ip.Read.All", "Url.Read.All",
    "User.Read.All", "Software.Read.All", "Vulnerability.Read.All", "SecurityRecommendation.Read.All",
    "Ti.ReadWrite.All", "AdvancedQuery.Read.All",
)
GRAPH_READING = ("SecurityAlert.Read.All", "SecurityIncident.Read.All")
HUNTING = "ThreatHunting.Read.All"
ALL_OF_GRAPH = ("SecurityAlert.ReadWrite.All", "SecurityIncident.ReadWrite.All", HUNTING)
BOOTSTRAP = ("Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All")
"""Enough to make apps and to grant them roles; the last can grant anything to anyone."""
DIRECTORY = (
    "Application.ReadWrite.All", "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
)
PFX_PASSPHRASE = "not-a-secret-of-the-pfx"


class Tenant(t.NamedTuple):
    """A directory, and by what names the login host knows it."""

    id: str
    domain: str

    @property
    def issuer(self) -> str:
        """Of tokens of version 1.0."""
        return f"https://sts.windows.net/{self.id}/"


HOME = Tenant(TENANT_ID, DOMAIN)


def neighbour(number: int) -> Tenant:
    """Another tenant, from number 1; it has the same apps, and all else is its own."""
    return Tenant(f"5a1f0e4c-0000-4000-8001-{number:012d}", f"tenant-{number:04d}.onmicrosoft.com")


@dataclass(frozen=True)
class App:
    """An app registration and its service principal."""

    name: str
    client_id: str
    secret: str | None = None
    certificate: Certificate | None = None
    expired: bool = False
    """Whether its secrets have expired; a certificate knows its own end."""
    enabled: bool = True
    deleted: bool = False
    """Whether it was deleted a moment ago, and can be restored."""
    trusts: str | None = None
    """The subject of tokens of GitHub that it takes in place of a secret."""
    public: bool = False
    roles: tuple[str, ...] = ()
    """What is granted on Defender for Endpoint."""
    graph_roles: tuple[str, ...] = ()

    @property
    def object_id(self) -> str:
        """Of the service principal."""
        return self.client_id.replace("-4000-8000-", "-4000-9000-")

    @property
    def application_id(self) -> str:
        """Object id of the registration."""
        return self.client_id.replace("-4000-8000-", "-4000-a000-")

    def granted(self, resource: str) -> tuple[str, ...]:
        return {DEFENDER: self.roles, GRAPH: self.graph_roles}.get(resource, ())


@dataclass(frozen=True)
class Identity:
    """A managed identity: Azure holds its credential, and hands out tokens where it runs."""

    name: str
    client_id: str
    object_id: str
    resource_id: str
    is_assigned: bool = False
    """By a person; otherwise it came with its machine and goes with it."""
    roles: tuple[str, ...] = ()

    def granted(self, resource: str) -> tuple[str, ...]:
        return self.roles if resource == DEFENDER else ()


_AZURE = "/subscriptions/5a1f0e4c-0000-4000-8000-00000000005b/resourcegroups/soc/providers"
IDENTITIES = (
    Identity(
        "vm-soc", "1de00000-0000-4000-8000-000000000001", "1de00000-0000-4000-9000-000000000001",
        f"{_AZURE}/Microsoft.Compute/virtualMachines/vm-soc", roles=(*ALERTS_AND_MACHINES, "Machine.Isolate"),
    ),
    Identity(
        "id-soc", "1de00000-0000-4000-8000-000000000002", "1de00000-0000-4000-9000-000000000002",
        f"{_AZURE}/Microsoft.ManagedIdentity/userAssignedIdentities/id-soc", is_assigned=True, roles=ALERTS_AND_MACHINES,
    ),
)


def apps(folder: Folder) -> dict[str, App]:
    """Client id -> app; their keys live in the folder, so that a restart keeps them."""
    made = (
        _app(
            1, "responder", roles=(*ALERTS_AND_MACHINES, "Machine.Isolate"), graph_roles=(*GRAPH_READING, HUNTING),
            certificate=folder.certificate("responder"),
        ),
        _app(2, "reader", roles=ALERTS_AND_MACHINES, graph_roles=GRAPH_READING, trusts="repo:contoso/soc:ref:refs/heads/main"),
        _app(3, "nobody"),
        _app(4, "expired", roles=ALERTS_AND_MACHINES, expired=True, certificate=folder.certificate("expired", expired=True)),
        _app(5, "disabled", roles=ALERTS_AND_MACHINES, enabled=False),
        _app(6, "public", secret=None, public=True),
        _app(7, "commander", roles=ALL_RESPONSE, graph_roles=ALL_OF_GRAPH, certificate=folder.certificate("commander")),
        _app(8, "feed", roles=("Ti.ReadWrite",)),
        _app(9, "graph_only", graph_roles=ALL_OF_GRAPH),
        _app(10, "bootstrapper", graph_roles=BOOTSTRAP),
        _app(11, "administrator", graph_roles=DIRECTORY),
        _app(12, "retired", roles=ALERTS_AND_MACHINES, deleted=True),
    )
    return {app.client_id: app for app in made}


def _app(number: int, name: str, **facts: t.Any) -> App:
    client_id = f"c11e0000-0000-4000-8000-{number:012d}"
    return App(**{"name": name, "client_id": client_id, "secret": f"not-a-secret-of-{name}", **facts})


def _names() -> dict[str, str]:
    """Identifier without closing slash -> the resource that goes by it."""
    known = {app_id: resource for resource, app_id in APP_IDS.items()}
    for row in contract.area("clouds")["audiences"]:
        name, _space, also = row["scope"].partition(" ")
        name = name.removesuffix("/.default")
        if row["resource_app"] not in APP_IDS:
            continue
        known[name] = row["resource_app"]
        for other in also.removeprefix("(also ").removesuffix(")").split(", "):
            if other:
                known[name.replace("api-us", other)] = row["resource_app"]
    return known


NAMES = _names()


def resource_of(identifier: str) -> str | None:
    """The resource of that identifier, which is registered with and without one closing slash."""
    return NAMES.get(identifier.removesuffix("/"))
