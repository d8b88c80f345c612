# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A responder's client on the simulator, and the isolation module's work with its own defaults."""

from __future__ import annotations

import time
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.modules.machine_isolation import SHAPE


class Clock:
    """The clock of the client; tests put it forward together with the simulator's."""

    ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_client(simulator, clock) -> t.Callable[..., Client]:
    def opened(app: str = "responder", *, dry: bool = False, **options: t.Any) -> Client:
        connection = {
            "tenant_id": simulator.tenant_id,
            "client_id": simulator.apps[app]["client_id"],
            "client_secret": simulator.apps[app]["client_secret"],
            "login_url": simulator.url,
            "api_url": simulator.url,
            "graph_url": simulator.url,
            "ca_path": simulator.ca_path,
            "token_cache": False,
            "rate_budget": False,
            **options,
        }
        return Client(settings_from(connection, {}), dry=dry, clock=clock)

    return opened


@pytest.fixture
def isolate(simulator, open_client) -> t.Callable[..., dict[str, t.Any]]:
    """Run the module's work; the simulator's actions end at once unless a test says otherwise."""
    simulator.settings(action_seconds=0.2)

    def run(*machines: str, dry: bool = False, app: str = "responder", **options: t.Any) -> dict[str, t.Any]:
        given = {"state": "isolated", "comment": "Incident 1126093", "poll_interval": 1, **options}
        if machines:
            given["machines"] = list(machines)
        validated = ArgumentSpecValidator(SHAPE.argument_spec, **SHAPE.rules).validate(given)
        assert not validated.error_messages
        return SHAPE.work(open_client(app, dry=dry), validated.validated_parameters)

    return run


@pytest.fixture
def attack(simulator):
    """The company under attack, whose actions end at once."""
    simulator.load("under_attack")
    simulator.settings(action_seconds=0.2)
    return simulator
