# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for those who sign in and call, at the simulator, at a desk or at a host in its place."""

from __future__ import annotations

import time

import pytest
import trustme
from ansible_collections.secops.defender.plugins.module_utils._client import transport
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from unit.plugins.module_utils._client.cache_desk import Desk
from unit.plugins.module_utils._client.identity import some_settings
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import MACHINES

ENTRA = {"service": "entra"}


@pytest.fixture
def settings_of(simulator):
    """Settings that sign in as one of the simulator's apps, by secret unless told otherwise."""

    def make(name="responder", by="client_secret", **changes):
        app = simulator.apps[name]
        by_secret = {"client_secret": app["client_secret"]} if by == "client_secret" else {}
        there = {"login_url": simulator.url, "api_url": simulator.url, "graph_url": simulator.url, "ca_path": simulator.ca_path}
        return settings_from({"tenant_id": simulator.tenant_id, "client_id": app["client_id"], **by_secret, **there, **changes})

    return make


@pytest.fixture
def calls(simulator):
    """The operations that Entra ID was asked for so far, in order."""
    return lambda: [row["operation"] for row in simulator.journal(**ENTRA)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "tokens"


@pytest.fixture
def settings(folder):
    return some_settings(token_cache_path=str(folder))


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def client_of(settings_of):
    """A client of the simulator; it sleeps on a clock of its own, so that no test waits."""

    def make(name="responder", *, dry=False, clock=None, **changes):
        return Client(settings_of(name, **{"token_cache": False, "rate_budget": False, **changes}), dry=dry, clock=clock or MovingClock(time.time()))

    return make


@pytest.fixture
def machine_ids(simulator, client_of):
    found = [row["id"] for row in client_of().list(MACHINES)]
    simulator.clear_journal()
    return found


@pytest.fixture(scope="session")
def ca():
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_path(ca, tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def plain_environment(monkeypatch):
    """No proxy and no CA but those that the test names."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", *transport.CA_VARIABLES):
        monkeypatch.delenv(name, raising=False)
