# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for those who sign in, at the simulator or at a desk in its place."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from unit.plugins.module_utils._client.cache_desk import Desk
from unit.plugins.module_utils._client.identity import some_settings

ENTRA = {"service": "entra"}


@pytest.fixture
def settings_of(simulator):
    """Settings that sign in as one of the simulator's apps, by secret unless told otherwise."""

    def make(name="responder", by="client_secret", **changes):
        app = simulator.apps[name]
        by_secret = {"client_secret": app["client_secret"]} if by == "client_secret" else {}
        there = {"login_url": simulator.url, "api_url": simulator.url, "ca_path": simulator.ca_path}
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
