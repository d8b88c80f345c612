# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's own Python clients, which have never seen our code, sign in at the simulator and work on its Graph.

So the simulator is not only what our client expects. They are not there on every leg.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import typing as t

import jwt
import pytest
from simulator.handle import Handle

pytest.importorskip("azure.identity")
pytest.importorskip("msgraph")

import httpx
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    ManagedIdentityCredential,
)
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import FederatedIdentityCredential
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

GRAPH, DEFENDER = "https://graph.microsoft.com/.default", "https://api.securitycenter.microsoft.com/.default"
DEFENDER_ID = "fc780465-2017-40d4-a0c5-307022471b92"
LAGS = 60

pytestmark = pytest.mark.filterwarnings("ignore:This class is deprecated")  # the SDK calls its own old classes


class Bench:
    """Credentials and clients of Microsoft's, pointed at the simulator."""

    def __init__(self, simulator: Handle) -> None:
        self.simulator = simulator

    @property
    def at(self) -> dict[str, t.Any]:
        return {"authority": self.simulator.url, "disable_instance_discovery": True, "connection_verify": self.simulator.ca_path}

    def secret(self, client_id: str, secret: str) -> ClientSecretCredential:
        return ClientSecretCredential(self.simulator.tenant_id, client_id, secret, **self.at)

    def app(self, name: str) -> ClientSecretCredential:
        known = self.simulator.apps[name]
        return self.secret(known["client_id"], known["client_secret"])

    @contextlib.asynccontextmanager
    async def graph(self, name: str = "administrator") -> t.AsyncIterator[GraphServiceClient]:
        context = ssl.create_default_context(cafile=self.simulator.ca_path)
        provider = AzureIdentityAuthenticationProvider(self.app(name), scopes=[GRAPH], allowed_hosts=["localhost"])
        async with httpx.AsyncClient(verify=context, trust_env=False) as plain:
            adapter = GraphRequestAdapter(provider, GraphClientFactory.create_with_default_middleware(client=plain))
            adapter.base_url = f"{self.simulator.url}/v1.0"
            yield GraphServiceClient(request_adapter=adapter)


@pytest.fixture
def bench(simulator: Handle) -> Bench:
    return Bench(simulator)


def claims(credential: t.Any, scope: str = DEFENDER) -> dict[str, t.Any]:
    return jwt.decode(credential.get_token(scope).token, options={"verify_signature": False})


def test_an_app_is_made_from_nothing_by_the_sdk_and_signs_in(bench: Bench) -> None:
    application, secret = asyncio.run(_made(bench))
    assert claims(bench.secret(application, secret))["roles"] == ["Machine.Isolate"]
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        bench.secret(application, "not-a-secret-and-wrong").get_token(DEFENDER)


async def _made(bench: Bench) -> tuple[str, str]:
    """Client id and secret of a new app with one role."""
    async with bench.graph("bootstrapper") as graph:
        application = await graph.applications.post(Application(display_name="sdk", sign_in_audience="AzureADMyOrg", tags=["drill"]))
        bench.simulator.advance(LAGS)
        principal = await graph.service_principals.post(ServicePrincipal(app_id=application.app_id))
        bench.simulator.advance(LAGS)
        resource = await graph.service_principals_with_app_id(DEFENDER_ID).get()
        role = next(role for role in resource.app_roles if role.value == "Machine.Isolate")
        wanted = AppRoleAssignment(principal_id=principal.id, resource_id=resource.id, app_role_id=role.id)
        await graph.service_principals.by_service_principal_id(resource.id).app_role_assigned_to.post(wanted)
        body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="sdk"))
        password = await graph.applications.by_application_id(application.id).add_password.post(body)
        bench.simulator.advance(LAGS)
        query = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(filter="displayName eq 'sdk'", select=["id", "tags"])
        configuration = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetRequestConfiguration(query_parameters=query)
        found = (await graph.applications.get(request_configuration=configuration)).value
        assert [(row.id, row.tags, row.app_id) for row in found] == [(application.id, ["drill"], None)]
        return application.app_id, password.secret_text


def test_the_sdk_understands_a_refusal(bench: Bench) -> None:
    async def refused() -> ODataError:
        async with bench.graph("reader") as graph:
            with pytest.raises(ODataError) as caught:
                await graph.applications.get()
            return caught.value

    error = asyncio.run(refused())
    assert (error.response_status_code, error.error.code) == (403, "Authorization_RequestDenied")
    assert error.error.inner_error.request_id


def test_a_foreign_token_is_exchanged(bench: Bench) -> None:
    issuer, subject = "https://token.actions.githubusercontent.com", "repo:contoso/soc:environment:drill"
    trusted = FederatedIdentityCredential(name="main", issuer=issuer, subject=subject, audiences=["api://AzureADTokenExchange"])

    async def trust() -> None:
        async with bench.graph() as graph:
            application = await graph.applications_with_app_id(client_id).get()
            await graph.applications.by_application_id(application.id).federated_identity_credentials.post(trusted)

    client_id = bench.simulator.apps["reader"]["client_id"]
    asyncio.run(trust())
    bench.simulator.advance(LAGS)
    credential = ClientAssertionCredential(
        bench.simulator.tenant_id, client_id, lambda: bench.simulator.federated_token(issuer=issuer, subject=subject), **bench.at
    )
    assert claims(credential)["appid"] == client_id


@pytest.mark.parametrize("path", ["certificate_path", "pfx_path"])
def test_a_certificate_signs_in(bench: Bench, path: str) -> None:
    known = bench.simulator.apps["commander"]
    password = {"password": known["pfx_passphrase"]} if path == "pfx_path" else {}
    credential = CertificateCredential(bench.simulator.tenant_id, known["client_id"], known[path], **password, **bench.at)
    assert claims(credential)["app_displayname"] == "commander"


def test_a_person_signs_in_by_device_code(bench: Bench) -> None:
    def shown(_page: str, _code: str, _ends: t.Any) -> None:
        bench.simulator.sign_in_person("analyst@contoso.com", resource=DEFENDER.removesuffix("/.default"), scopes=["Machine.Read"])

    client_id = bench.simulator.apps["public"]["client_id"]
    credential = DeviceCodeCredential(client_id, tenant_id=bench.simulator.tenant_id, prompt_callback=shown, **bench.at)
    assert claims(credential)["scp"] == "Machine.Read"


def test_a_machine_signs_in_as_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", bench.simulator.facts["identity_url"])
    assert claims(ManagedIdentityCredential())["app_displayname"] == "vm-soc"
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{bench.simulator.facts['identity_url']}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", bench.simulator.facts["identity_header"])
    assigned = bench.simulator.facts["identities"]["id-soc"]["client_id"]
    assert claims(ManagedIdentityCredential(client_id=assigned))["appid"] == assigned


def test_the_sdk_reads_alerts_and_incidents(bench: Bench) -> None:
    async def read() -> tuple[t.Any, t.Any]:
        async with bench.graph("commander") as graph:
            return await graph.security.incidents.get(), await graph.security.alerts_v2.get()

    bench.simulator.load("under_attack")
    incidents, alerts = asyncio.run(read())
    assert "1126093" in {incident.id for incident in incidents.value}
    assert {alert.severity.value for alert in alerts.value} <= {"unknown", "informational", "low", "medium", "high"}
    assert any(alert.evidence for alert in alerts.value) and all(alert.created_date_time for alert in alerts.value)
