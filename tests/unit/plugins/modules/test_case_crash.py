# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bulk task that is killed at any point and run again asks for every action exactly once, and its ledger verifies."""

from __future__ import annotations

import collections
import os
import random
import signal
import time

import pytest
from unit.plugins.modules.playing import work

MACHINES = 40
WORLD = f"large:{2 * MACHINES}"
LASTS = 30
"""Seconds that an action takes."""

CRASHES = 20
SEED = 4711


@pytest.fixture
def tenant(running_simulator):
    """A service that takes its time to answer."""
    running_simulator.load(WORLD)
    running_simulator.settings(latency_ms=25, rate_limits=False, action_seconds=LASTS)
    yield running_simulator
    running_simulator.settings(latency_ms=0, rate_limits=True)


def fit(tenant) -> list[str]:
    """Machines that any action can be asked of."""
    found = work(tenant, "machine_info", app="commander", health=["Active"], onboarding=["Onboarded"])["machines"]
    return [machine["id"] for machine in found if machine["osPlatform"].startswith("Windows")][:MACHINES]


def in_a_child(task, case: str) -> int:
    """Begin the task in a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            task(case)
            os._exit(0)
        finally:
            os._exit(1)
    return pid


def seconds_of(tenant, task, case: str) -> float:
    """How long it takes."""
    tenant.load(WORLD)
    began = time.monotonic()
    task(case)
    return time.monotonic() - began


def killed(pid: int, after: float) -> bool:
    """Whether the process was still at work when it was killed."""
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    ("module", "options", "action"),
    [("machine_isolation", {"state": "isolated", "protected_values": []}, "Isolate"), ("machine_scan", {}, "RunAntiVirusScan")],
    ids=["a lasting state", "an action that leaves none"],
)
def test_killed_at_random_points_and_run_again_every_action_is_asked_for_once(tenant, tmp_path, module, options, action):
    moment, cut_short = random.Random(SEED), 0
    machines = fit(tenant)
    common = {"machines": machines, "comment": "A drill", "ledger": str(tmp_path), "confirm": len(machines), "wait": False, **options}

    def task(case):
        return work(tenant, module, app="commander", case=case, **common)

    whole = min(seconds_of(tenant, task, f"whole-{number}") for number in range(3))
    while cut_short < CRASHES:
        case = f"crash-{cut_short}"
        tenant.load(WORLD)
        if not killed(in_a_child(task, case), moment.uniform(0.1, 0.9) * whole):
            whole *= 0.9
            continue
        cut_short += 1
        # What was on its way arrives, and all of it has ended when the task is run again.
        time.sleep(0.1)
        tenant.advance(2 * LASTS)
        task(case)
        asked = collections.Counter(done["machineId"] for done in tenant.actions() if done["type"] == action)
        assert asked == dict.fromkeys(machines, 1), case
        told = work(tenant, "case_ledger_info", case=case, ledger=str(tmp_path))
        assert told["ledger"]["valid"]
        assert told["to_undo"]["isolated"] == (sorted(machines) if action == "Isolate" else [])
