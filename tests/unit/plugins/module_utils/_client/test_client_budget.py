# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients in threads and processes stay within the rate of the service together, so that it never has to refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import client as client_module
from ansible_collections.secops.defender.plugins.module_utils._client.errors import Throttled
from unit.plugins.module_utils._client.moving_clock import TenantClock
from unit.plugins.module_utils._client.operations import ISOLATE, ISOLATION, MACHINE, MACHINES, calls_of

COLLECTIONS = Path(client_module.__file__).parents[6]
JOB = Path(__file__).with_name("budget_job.py")
A_MINUTE_IN_SECONDS = 3


@pytest.fixture
def rates(tmp_path):
    return tmp_path / "rates"


@pytest.fixture
def budgeted(client_of, rates):
    """A client with a budget in a folder that it shares with the test's other ones."""
    return lambda *args, **options: client_of(*args, **{"rate_budget": True, "rate_budget_path": str(rates), **options})


def isolate_all(client, machine_ids) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda machine_id: client.call(ISOLATE, machine_id=machine_id, **ISOLATION), machine_ids))


def refused(simulator) -> int:
    return len(simulator.journal(status=429))


def test_more_than_the_rate_allows_takes_its_time_and_hardly_one_call_more(simulator, budgeted):
    simulator.load("large:230")
    clock = TenantClock(simulator)
    clients = [budgeted(clock=clock) for _job in range(2)]
    wanted = [row["id"] for row in clients[0].list(MACHINES)]
    predicted = clients[1].predict(ISOLATE, len(wanted))
    with ThreadPoolExecutor(2) as jobs:
        list(jobs.map(isolate_all, clients, (wanted[:180], wanted[180:])))
    # Time leaps here whenever somebody sleeps, so a thread held up between its turn and its call may come a minute late.
    assert calls_of(simulator, ISOLATE) == 230 + refused(simulator)
    assert refused(simulator) <= 3
    assert predicted == pytest.approx(122)
    assert clock.slept > 120
    assert "100 calls a minute" in (clients[0].warnings + clients[1].warnings)[0]


def test_a_refusal_of_one_client_holds_the_others(simulator, budgeted, machine_ids):
    clock = TenantClock(simulator)
    simulator.faults([{"match": {"operation": MACHINE.id}, "times": 1, "kind": "status", "status": 429, "retry_after": 20}])
    with pytest.raises(Throttled):
        budgeted(clock=clock, retry_time=5).call(MACHINE, machine_id=machine_ids[0])
    assert budgeted(clock=clock).predict(MACHINE, 1) == pytest.approx(20, abs=1)
    budgeted(clock=clock).call(MACHINE, machine_id=machine_ids[0])
    assert calls_of(simulator, MACHINE) == 2 and clock.slept >= 19


def test_a_write_that_is_not_sent_is_not_counted(budgeted, machine_ids):
    client = budgeted(dry=True)
    client.call(ISOLATE, machine_id=machine_ids[0], **ISOLATION)
    assert client.predict(ISOLATE, 100) == 0
    assert client.predict(ISOLATE, 101) > 60


def test_without_a_budget_nothing_is_kept_or_predicted(budgeted, machine_ids, rates):
    client = budgeted(rate_budget=False)
    client.call(MACHINE, machine_id=machine_ids[0])
    assert client.predict(MACHINE, 5000) == 0 and not rates.exists()


def test_a_tenant_is_the_same_under_each_of_its_hosts(budgeted, simulator, machine_ids, rates):
    """What is counted at the simulator is its own; the hosts of one cloud are one."""
    token = simulator.token()
    for place in ({"region": "eu"}, {"region": None}, {"api_url": "https://api.security.microsoft.com"}):
        client = budgeted(access_token=token, client_secret=None, **{"api_url": None, **place})
        client.predict(MACHINE, 1)
    assert len(list(rates.iterdir())) == 1
    budgeted().call(MACHINE, machine_id=machine_ids[0])
    assert len(list(rates.iterdir())) == 2


def test_jobs_at_once_are_never_refused_and_the_small_one_comes_to_its_turn(simulator, budgeted, machine_ids):
    """Real processes with threads, at a simulator whose minute takes three seconds."""
    scale = A_MINUTE_IN_SECONDS / 60
    simulator.settings(rate_scale=scale, latency_ms=5)
    settings = budgeted().settings
    connection = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    environ = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}

    def job(calls: int, threads: int) -> dict:
        asked = {"connection": connection, "scale": scale, "machine_id": machine_ids[0], "calls": calls, "threads": threads}
        done = subprocess.run([sys.executable, str(JOB)], input=json.dumps(asked), env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert not done.returncode, done.stderr
        return json.loads(done.stdout)

    with ThreadPoolExecutor(3) as jobs:
        bulks = [jobs.submit(job, 120, 8) for _bulk in range(2)]
        small = jobs.submit(job, 5, 1).result()
        for bulk in bulks:
            bulk.result()
    assert (calls_of(simulator, MACHINE), refused(simulator)) == (245, 0)
    assert small["longest"] < 100, "not the two minutes that the others take"
