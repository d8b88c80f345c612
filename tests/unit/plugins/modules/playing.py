# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules against the simulator, as a process of their own or in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time as real_time
import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._module import needs
from ansible_collections.secops.defender.plugins.module_utils._module.spec import CONNECTION

PACKAGE = "ansible_collections.secops.defender.plugins"
COLLECTIONS = Path(needs.__file__).parents[6]


class Clock:
    """The time, so many seconds ahead of the simulator's."""

    monotonic = staticmethod(real_time.monotonic)
    sleep = staticmethod(real_time.sleep)

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead

    def time(self) -> float:
        return real_time.time() + self._ahead


def connection(simulator, app: str | None = "responder") -> dict[str, t.Any]:
    """The options that lead to the simulator; without an app the caller brings a way to sign in."""
    hosts = dict.fromkeys(("login_url", "api_url", "graph_url"), simulator.url)
    places = {**hosts, "ca_path": simulator.ca_path, "token_cache": False, "rate_budget": False, "retry_time": 5}
    if app is None:
        return places
    identity = {name: simulator.apps[app][name] for name in ("client_id", "client_secret")}
    return {**places, "tenant_id": simulator.tenant_id, **identity}


def work(
    simulator, module: str, *, app: str | None = "responder", dry: bool = False, ahead: float = 0, clock: t.Any = None, **options: t.Any
) -> dict[str, t.Any]:
    """What the module would return, done in this process by this clock, or by one that is so far ahead.

    :raises DefenderError: what the module would fail with
    """
    shape = needs.shape_of(module)
    spec = ArgumentSpecValidator({**CONNECTION, **shape.argument_spec}, **shape.rules)
    checked = spec.validate({**connection(simulator, app), **options})
    assert not checked.error_messages, checked.error_messages
    client = Client(settings_from(checked.validated_parameters), dry=dry, clock=clock or Clock(ahead))
    return shape.work(client, checked.validated_parameters)


class Ended(t.NamedTuple):
    """How a module's process ended; ``text`` is everything it wrote."""

    result: dict[str, t.Any]
    text: str


def run(module: str, options: dict[str, t.Any], *, check_mode: bool = False, first: str = "", environ: t.Mapping[str, str] | None = None) -> Ended:
    """Run the module as Ansible does, after the statement ``first``."""
    code = f"{first}\nimport runpy\nrunpy.run_module('{PACKAGE}.modules.{module}', run_name='__main__')"
    own = {name: value for name, value in os.environ.items() if not name.startswith("DEFENDER_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {**options, "_ansible_check_mode": check_mode}}),
        env={**own, "PYTHONPATH": str(COLLECTIONS), **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip(), done.stderr
    return Ended(json.loads(done.stdout), done.stdout + done.stderr)
