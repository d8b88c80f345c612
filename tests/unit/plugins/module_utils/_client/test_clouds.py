# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts, scopes and audiences belong together in every cloud and region, as the contract has them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import (
    CLOUDS,
    REGIONS,
    bare,
    endpoints,
    for_graph,
    resource_of,
)
from unit.plugins.module_utils._client.identity import some_settings

ROOT = next(parent for parent in Path(__file__).resolve().parents if (parent / "tests" / "simulator").is_dir())
CONTRACT = yaml.safe_load((ROOT / "tests/simulator/contract/clouds.yaml").read_text(encoding="utf-8"))
SERVED = [row for row in CONTRACT["clouds"] if row["mde_api"]]
REGIONAL = {row["region"]: row["mde_host"] for row in CONTRACT["regions"] if not row["region"].startswith("none")}
APIS = {
    "WindowsDefenderATP": "Defender for Endpoint (WindowsDefenderATP)",
    "Microsoft Threat Protection": "Defender XDR (Microsoft Threat Protection)",
    "Microsoft Graph": "Microsoft Graph",
}


def test_every_cloud_that_has_the_service_is_known():
    assert list(CLOUDS) == [row["cloud"] for row in SERVED]
    assert set(REGIONS) == set(REGIONAL)


@pytest.mark.parametrize("row", SERVED, ids=[row["cloud"] for row in SERVED])
def test_a_cloud_sets_login_host_api_host_and_scope_together(row):
    there = endpoints(some_settings(cloud=row["cloud"]))
    assert (there.login_url, there.api_url, there.scope) == (row["login_authority"], row["mde_api"], row["mde_scope"])
    assert f"{there.audiences[0]}/.default" == there.scope


@pytest.mark.parametrize("row", SERVED, ids=[row["cloud"] for row in SERVED])
def test_a_cloud_knows_its_issuers_and_its_graph(row):
    cloud = CLOUDS[row["cloud"]]
    assert (cloud.v1_issuer, cloud.v2_issuer, cloud.graph) == (row["v1_issuer"], row["v2_issuer"], row["graph"])


@pytest.mark.parametrize("name, audience", [("commercial", ""), ("gcc", ""), ("gcc_high", "USGov"), ("dod", "USGov")])
def test_tokens_of_other_providers_name_the_cloud(name, audience):
    assert CLOUDS[name].federated_audience == f"api://AzureADTokenExchange{audience}"


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_changes_the_host_and_nothing_else(region):
    there, plain = endpoints(some_settings(region=region)), endpoints(some_settings())
    assert there.api_url == REGIONAL[region]
    assert (there.login_url, there.scope, there.audiences) == (plain.login_url, plain.scope, plain.audiences)


@pytest.mark.parametrize("row", SERVED, ids=[row["cloud"] for row in SERVED])
def test_graph_has_a_host_and_a_scope_in_every_cloud(row):
    there = endpoints(for_graph(some_settings(cloud=row["cloud"])))
    assert (there.login_url, there.api_url, there.scope) == (row["login_authority"], row["graph"], row["graph_scope"])


def test_graph_has_no_regions_and_no_part_in_the_scope_of_the_other():
    there = endpoints(for_graph(some_settings(region="eu", scope="https://api.securitycenter.microsoft.com/.default")))
    assert (there.api_url, there.scope) == ("https://graph.microsoft.com", "https://graph.microsoft.com/.default")


def test_a_host_of_its_own_leaves_graphs_scope_as_it_is():
    there = endpoints(for_graph(some_settings(graph_url="https://gate.example.com")))
    assert (there.api_url, there.scope) == ("https://gate.example.com", "https://graph.microsoft.com/.default")


def test_what_is_given_by_hand_wins_over_the_cloud():
    there = endpoints(some_settings(login_url="https://login.example.com", api_url="https://gate.example.com", region="eu"))
    assert (there.login_url, there.api_url) == ("https://login.example.com", "https://gate.example.com")
    assert there.scope == "https://api.securitycenter.microsoft.com/.default"


def test_an_older_name_of_the_service_as_scope_is_the_same_audience():
    older = endpoints(some_settings(scope="https://securitycenter.onmicrosoft.com/windowsatpservice/.default"))
    assert older.audiences == endpoints(some_settings()).audiences


def test_a_scope_of_one_s_own_is_its_own_audience():
    assert endpoints(some_settings(scope="api://gate.example.com/.default")).audiences == ("api://gate.example.com",)


@pytest.mark.parametrize("row", [row for row in CONTRACT["audiences"] if row["resource_app"] in APIS], ids=lambda row: row["scope"])
def test_an_audience_is_told_from_that_of_another_api(row):
    scope = row["scope"].partition(" ")[0]
    assert resource_of(scope).title == APIS[row["resource_app"]]
    assert resource_of(scope.replace("/.default", "/")).title == APIS[row["resource_app"]]


def test_one_closing_slash_makes_no_difference():
    assert bare("https://api.securitycenter.microsoft.com/") == bare("https://API.securitycenter.microsoft.com")
    assert bare("https://api.securitycenter.microsoft.com//") != bare("https://api.securitycenter.microsoft.com")
