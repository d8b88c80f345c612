# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many threads share one client: nothing is given up and nothing done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from unit.plugins.module_utils._client.moving_clock import TenantClock
from unit.plugins.module_utils._client.operations import ISOLATE, ISOLATION, MACHINE, MACHINES, calls_of

WRITE = {"operation": ISOLATE.id}
THREADS = 10


def isolate_all(client, machine_ids) -> list[dict]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda machine_id: client.call(ISOLATE, machine_id=machine_id, **ISOLATION), machine_ids))


def isolated_by_us(simulator) -> list[str]:
    return sorted(action["machineId"] for action in simulator.actions() if action["requestorComment"] == ISOLATION["comment"])


@pytest.mark.parametrize("status", [429, 503])
def test_a_storm_of_refusals_gives_up_nothing_and_does_nothing_twice(simulator, client_of, status):
    simulator.load("large:60")
    simulator.faults([{"match": WRITE, "share": 0.4, "kind": "status", "status": status, "retry_after": 1}])
    client = client_of(clock=TenantClock(simulator))
    wanted = [row["id"] for row in client.list(MACHINES)]
    assert [action["machineId"] for action in isolate_all(client, wanted)] == wanted
    assert isolated_by_us(simulator) == sorted(wanted)


def test_more_than_the_rate_allows_takes_its_time_and_few_calls_more(simulator, client_of):
    simulator.load("large:230")
    clock = TenantClock(simulator)
    client = client_of(clock=clock)
    wanted = [row["id"] for row in client.list(MACHINES)]
    isolate_all(client, wanted)
    assert isolated_by_us(simulator) == sorted(wanted)
    assert clock.slept > 100, "100 a minute: the third hundred may begin after two minutes"
    assert calls_of(simulator, ISOLATE) <= 230 + 2 * THREADS, "one refusal holds back all who are not yet on their way"


def test_threads_share_the_connections_and_the_count_of_calls(simulator, client_of, machine_ids):
    client = client_of()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda turn: client.call(MACHINE, machine_id=machine_ids[turn % len(machine_ids)]), range(50)))
    assert client.calls == calls_of(simulator, MACHINE) == 50
