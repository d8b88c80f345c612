# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in asks the right host for the right API in every cloud, at both services, and the issuer's keys prove it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import REGIONS, endpoints, for_graph
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.signature import verify_signature
from ansible_collections.secops.defender.plugins.module_utils._client.token import judge
from unit.plugins.module_utils._client.leading_proxy import leading_to
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.signing_in import GITHUB, Somebody, hosts_of, stand_on, trust

ROOT = next(parent for parent in Path(__file__).resolve().parents if (parent / "tests" / "simulator").is_dir())
CONTRACT = yaml.safe_load((ROOT / "tests/simulator/contract/clouds.yaml").read_text(encoding="utf-8"))
CLOUDS = {row["cloud"]: row for row in CONTRACT["clouds"] if row["mde_api"]}
SERVICES = {"defender": "mde_scope", "graph": "graph_scope"}
SCOPES = {"defender": ["Machine.Read"], "graph": ["ThreatHunting.Read.All"]}
AUDIENCES = {name: "api://AzureADTokenExchange" + ("USGov" if name in ("gcc_high", "dod") else "") for name in CLOUDS}


@pytest.fixture
def led(simulator, plain_environment):
    with leading_to(urlsplit(simulator.url).port) as led:
        yield led


@pytest.fixture
def ways(simulator, monkeypatch):
    """Way -> the options that sign in by it, made when they are asked for."""
    app, tenant = simulator.apps["responder"], {"tenant_id": simulator.tenant_id}
    ours = {**tenant, "client_id": app["client_id"]}

    def federated(cloud):
        trust(simulator, audience=AUDIENCES[cloud])
        return {**ours, "federated_token": simulator.federated_token(**GITHUB, audience=AUDIENCES[cloud])}

    def machine(_cloud):
        stand_on(monkeypatch, **hosts_of(simulator)["vm"])
        return {**tenant, "managed_identity": "system"}

    return {
        "secret": lambda _cloud: {**ours, "client_secret": app["client_secret"]},
        "certificate": lambda _cloud: {**ours, "certificate_path": app["certificate_path"]},
        "federated": federated,
        "managed identity": machine,
        "person": lambda _cloud: {**tenant, "client_id": simulator.apps["public"]["client_id"], "device_code": True},
    }


def asked_for(simulator) -> set[str]:
    """The scopes, and the resources, that a token was asked for."""
    forms = [row["body"] or {} for row in simulator.journal()] + [row["query"] for row in simulator.journal(service="identity")]
    named = {word for form in forms for word in (form.get("scope") or form.get("resource") or "").split()}
    return named - {"openid", "profile"}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("way", ["secret", "certificate", "federated", "managed identity", "person"])
def test_a_cloud_is_asked_at_its_own_host_for_its_own_api(simulator, led, ways, way, cloud, service):
    row = CLOUDS[cloud]
    # The hosts are not the simulator's by name, so their certificates cannot be checked: it is the names that are tested.
    settings = settings_from({**ways[way](cloud), "cloud": cloud, "proxy": led.proxy, "validate_certs": False})
    settings = for_graph(settings) if service == "graph" else settings
    resource = row[SERVICES[service]].removesuffix("/.default")
    person = Somebody(simulator, resource=resource, scopes=SCOPES[service])
    simulator.clear_journal()
    token = sign_in(settings, tell=person, clock=MovingClock(time.time()))
    assert set(led.asked) == (set() if way == "managed identity" else {urlsplit(row["login_authority"]).hostname})
    assert token.audience == resource and token.is_app_only == (way != "person")
    assert token.issuer == row["v1_issuer"].replace("{tid}", simulator.tenant_id)
    judge(token, audiences=endpoints(settings).audiences, tenant_id=simulator.tenant_id, now=time.time())
    assert asked_for(simulator) == {resource if way == "managed identity" else row[SERVICES[service]]}
    if service == "defender":
        assert verify_signature(token, settings) == token.header["kid"]
        assert set(led.asked) == {urlsplit(row["login_authority"]).hostname}


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_signs_in_where_all_do(led, ways, region):
    settings = settings_from({**ways["secret"]("commercial"), "region": region, "proxy": led.proxy, "validate_certs": False})
    token = sign_in(settings)
    assert (set(led.asked), token.audience) == ({"login.microsoftonline.com"}, "https://api.securitycenter.microsoft.com")
    judge(token, audiences=endpoints(replace(settings, region=None)).audiences, now=time.time())
