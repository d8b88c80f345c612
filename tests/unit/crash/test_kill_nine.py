# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bulk isolation killed at any moment and run again isolates every machine exactly once, and its ledger verifies."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_file import read_ledger
from unit.plugins.modules.playing import COLLECTIONS, PACKAGE, connection

MACHINES = 40
KILLS = 20
MODULE = f"import runpy; runpy.run_module('{PACKAGE}.modules.machine_isolation', run_name='__main__')"


class Job:
    """One run of the module as a process of its own."""

    def __init__(self, options: dict) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DEFENDER_")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, "PYTHONPATH": str(COLLECTIONS)},
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode())
        self._process.stdin.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def result(self) -> dict:
        assert self._process.stdout is not None
        text = self._process.stdout.read().decode()
        self._process.wait(60)
        return json.loads(text)


@pytest.fixture
def fleet(running_simulator):
    """Begins anew with a large tenant; tells machines in it that the guard has nothing against. Answers take a moment."""

    def begin() -> list[str]:
        running_simulator.load("large:200")
        running_simulator.settings(action_seconds=0.1, latency_ms=40, rate_limits=False)
        bearer = {"Authorization": f"Bearer {running_simulator.token()}"}
        rows = running_simulator.session.get(f"{running_simulator.url}/api/machines", headers=bearer, timeout=30).json()["value"]
        fit = [row["id"] for row in rows if row["onboardingStatus"] == "Onboarded" and row["deviceValue"] == "Normal" and row["osPlatform"] != "Linux"]
        return fit[:MACHINES]

    return begin


def isolations(simulator) -> int:
    return sum(action["type"] == "Isolate" for action in simulator.actions())


def test_killed_at_random_points_every_machine_is_isolated_exactly_once(fleet, running_simulator, tmp_path):
    simulator = running_simulator
    chance = random.Random(20261125)
    cut_short = 0
    for number in range(KILLS):
        machines = fleet()
        options = {
            **connection(simulator), "state": "isolated", "machines": machines, "confirm": len(machines), "comment": "Drill", "wait": False,
            "case": f"drill-{number}", "ledger": str(tmp_path), "rate_budget": False,
        }
        before, after_so_many = isolations(simulator), chance.randrange(MACHINES)
        job = Job(options)
        while isolations(simulator) - before < after_so_many:
            time.sleep(0.003)
        time.sleep(chance.uniform(0, 0.03))
        job.kill()
        cut_short += isolations(simulator) - before < MACHINES

        done = Job(options).result()
        assert not done.get("failed"), done
        time.sleep(0.2)
        for machine_id in machines:
            truth = simulator.machine(machine_id)
            assert (truth["isolated"], truth["actions_asked"]) == (True, {"Isolate": 1}), f"kill {number} after {after_so_many}"
        chain = read_ledger(done["ledger"]["path"])
        assert not chain.faults
        assert chain.entries[-1]["kind"] == "end"
    assert cut_short > KILLS / 2
