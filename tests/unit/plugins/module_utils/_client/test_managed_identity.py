# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine signs in as itself, at a host beside it and at no other."""

from __future__ import annotations

import functools
import inspect
import sys
import time

import msal
import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import endpoints
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, SignInFailed, TokenRejected
from ansible_collections.secops.defender.plugins.module_utils._client.identity_host import NOWHERE, check_nearby
from ansible_collections.secops.defender.plugins.module_utils._client.managed_identity import of_the_identity
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.token import judge
from unit.plugins.module_utils._client.identity import APP, a_token, refused
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.signing_in import hosts_of, stand_on

RESOURCE = "/subscriptions/5a1f0e4c/resourcegroups/soc/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-soc"


@pytest.fixture
def here(plain_environment, monkeypatch):
    return functools.partial(stand_on, monkeypatch)


@pytest.fixture
def arc_keys(simulator, tmp_path, monkeypatch):
    """Where the agent of Azure Arc writes and MSAL looks for its keys: not in /var for once."""
    keys = tmp_path / "keys"
    monkeypatch.setitem(msal.managed_identity._supported_arc_platforms_and_their_prefixes, sys.platform, str(keys))
    simulator.settings(arc_tokens=str(keys), arc_agent_is_old=False)
    yield keys
    simulator.settings(arc_tokens="", arc_agent_is_old=False)


KINDS = ["vm", "app_service", "arc"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_machine_signs_in_as_itself_at_each_kind_of_host(simulator, here, arc_keys, kind):
    here(**hosts_of(simulator)[kind])
    settings = settings_as(tenant_id=simulator.tenant_id)
    token = sign_in(settings)
    judge(token, audiences=endpoints(settings).audiences, tenant_id=simulator.tenant_id, now=time.time())
    assert token.app_id == simulator.facts["identities"]["vm-soc"]["client_id"] and "Machine.Isolate" in token.roles
    assert {row["operation"] for row in simulator.journal()} == {f"token.managed_identity_{'imds' if kind == 'vm' else kind}"}
    assert not arc_keys.exists() or not list(arc_keys.iterdir())


@pytest.mark.parametrize("named_by", ["client_id", "resource_id"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_identity_that_is_attached_is_chosen_by_either_id(simulator, here, arc_keys, kind, named_by):
    if kind == "arc" and "managed_identity" not in inspect.signature(msal.managed_identity._obtain_token_on_arc).parameters:
        pytest.skip("this msal asks the agent of Azure Arc for the machine's own identity alone")
    here(**hosts_of(simulator)[kind])
    wanted = simulator.facts["identities"]["id-soc"]
    assert sign_in(settings_as(wanted[named_by])).app_id == wanted["client_id"]


@pytest.mark.parametrize("kind", ["vm", "app_service"])
def test_an_identity_that_is_not_attached_is_told(simulator, here, kind):
    here(**hosts_of(simulator)[kind])
    failure = refused(settings_as(APP))
    assert f"the identity {APP} is not attached to this machine" in failure.msg and failure.status == 400
    assert failure.details["entra_message"] == "Identity not found"


def test_an_old_agent_that_gives_another_identity_is_not_believed(simulator, here, arc_keys):
    here(**hosts_of(simulator)["arc"])
    simulator.settings(arc_agent_is_old=True)
    failure = refused(settings_as(simulator.facts["identities"]["id-soc"]["client_id"]))
    assert isinstance(failure, (SignInFailed, TokenRejected)) and "update the agent" in failure.hint.lower()


def test_a_key_of_the_agent_that_may_not_be_read_is_told_with_the_group(simulator, here, arc_keys, tmp_path):
    here(**hosts_of(simulator)["arc"])
    simulator.settings(arc_tokens=str(tmp_path / "elsewhere"))
    failure = refused(settings_as())
    assert "the agent of Azure Arc" in failure.msg and "No such file" in failure.msg and "himds" in failure.hint


def test_an_api_that_the_tenant_does_not_know_is_told_by_its_number(simulator, here):
    here(**hosts_of(simulator)["vm"])
    failure = refused(settings_as(scope="https://api.example.com/.default"))
    assert failure.code == "AADSTS50001" and "does not know the API" in failure.msg


@pytest.mark.parametrize(("kind", "status"), [("vm", 404), ("vm", 410), ("vm", 429), ("vm", 500), ("app_service", 429), ("app_service", 503)])
def test_a_host_that_is_busy_or_being_updated_is_asked_again(simulator, here, kind, status):
    here(**hosts_of(simulator)[kind])
    simulator.faults([{"match": {"service": "identity"}, "times": 2, "kind": "status", "status": status}])
    clock = MovingClock(time.time())
    assert sign_in(settings_as(retry_time=100), clock=clock).roles and clock.slept > 2


def test_a_host_that_stays_busy_is_told(simulator, here):
    here(**hosts_of(simulator)["vm"])
    simulator.faults([{"match": {"service": "identity"}, "kind": "status", "status": 500}])
    failure = refused(settings_as())
    assert failure.status == 500 and "the service is busy" in failure.msg


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_a_host_of_identities_is_told(simulator, here, kind):
    here(**hosts_of(simulator)[kind])
    simulator.faults([{"match": {"service": "identity"}, "kind": "not_json"}])
    assert refused(settings_as()).hint


def test_a_wrong_header_of_the_app_service_stays_hidden(simulator, here):
    here(**{**hosts_of(simulator)["app_service"], "IDENTITY_HEADER": "not-the-secret-header"})
    failure = refused(settings_as())
    assert failure.status == 401 and "not-the-secret-header" not in repr(failure.as_result())


def settings_as(identity="system", **changes):
    return settings_from({"managed_identity": identity, "retry_time": 0, "connect_timeout": 2, **changes})


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/metadata/identity/oauth2/token",
        "http://localhost:40342/metadata/identity/oauth2/token",
        "http://127.0.0.1:41564/msi/token/",
        "http://172.16.0.4:8081/msi/token",
        "http://[::1]:8081/msi/token",
        "https://identity.example.com/token",
    ],
)
def test_plain_http_leads_to_this_machine_or_its_own_network(url):
    check_nearby(url)


@pytest.mark.parametrize("url", ["http://identity.example.com/token", "http://8.8.8.8/token", "ftp://localhost/token", "http:///token", "localhost/token"])
def test_plain_http_to_anywhere_else_is_refused_before_anything_is_sent(here, url):
    with pytest.raises(BadInput, match="in the clear"):
        check_nearby(url)
    here(IDENTITY_ENDPOINT=url, IDENTITY_HEADER="not-a-secret-header")
    failure = refused(settings_as())
    assert "IDENTITY_ENDPOINT" in failure.hint and "not-a-secret-header" not in failure.sentence()


def test_no_proxy_is_asked_on_the_way(here, monkeypatch):
    here(AZURE_POD_IDENTITY_AUTHORITY_HOST="http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    failure = refused(settings_as(proxy="http://proxy.invalid:3128"))
    assert failure.msg == "127.0.0.1:1 refuses the connection" and failure.hint == NOWHERE


def test_where_it_is_not_served_is_told_before_anything_is_sent(here):
    here(IDENTITY_ENDPOINT="https://localhost:1", IDENTITY_HEADER="not-a-secret-header", IDENTITY_SERVER_THUMBPRINT="00" * 20)
    failure = refused(settings_as())
    assert isinstance(failure, BadInput) and "Service Fabric" in failure.msg


@pytest.mark.parametrize(
    "wanted, claims",
    [
        ("system", {}),
        (APP.upper(), {}),
        (RESOURCE, {"xms_mirid": RESOURCE.lower()}),
        (RESOURCE, {}),
    ],
)
def test_the_token_of_the_identity_that_was_asked_for_is_taken(wanted, claims):
    assert of_the_identity(a_token(**claims), settings_as(wanted))


@pytest.mark.parametrize(
    "wanted, claims",
    [
        (APP.replace("a1", "a2"), {}),
        (RESOURCE, {"xms_mirid": RESOURCE.replace("id-soc", "another")}),
        (RESOURCE, {"xms_mirid": "/subscriptions/5a1f0e4c/resourcegroups/soc/providers/Microsoft.Compute/virtualMachines/vm-soc"}),
    ],
)
def test_the_token_of_another_identity_is_refused(wanted, claims):
    with pytest.raises(TokenRejected, match="not of the managed identity"):
        of_the_identity(a_token(**claims), settings_as(wanted))
