# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine signs in as itself, at a host beside it and at no other."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, TokenRejected
from ansible_collections.secops.defender.plugins.module_utils._client.identity_host import NOWHERE, check_nearby
from ansible_collections.secops.defender.plugins.module_utils._client.managed_identity import of_the_identity
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from unit.plugins.module_utils._client.identity import APP, a_token, refused

VARIABLES = (
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)
RESOURCE = "/subscriptions/5a1f0e4c/resourcegroups/soc/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-soc"


@pytest.fixture
def here(plain_environment, monkeypatch):
    """Say in the environment where the host of managed identities is, and nowhere else."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def say(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return say


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
