# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""However often the writers of a ledger are killed, it verifies, and nothing is missing that somebody had been told of."""

from __future__ import annotations

import os
import random
import signal
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.secops.defender.plugins.module_utils._response.case_deeds import CUT_SHORT
from ansible_collections.secops.defender.plugins.module_utils._response.case_story import tell
from unit.plugins.module_utils._response.a_case import a_step, accepted, begin, chain_of, opened, scan

CRASHES = 20
SEED = 4711


class Job(t.NamedTuple):
    """A process at work on the case; what it says it had been promised is on disk."""

    pid: int
    says: t.BinaryIO

    def first_word(self) -> tuple[str, ...]:
        return tuple(self.says.readline().decode().split())

    def killed(self) -> set[tuple[str, ...]]:
        """Run and machine in each whole line that it said before it died."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        with self.says:
            *lines, _torn = self.says.read().decode().split("\n")
        return {tuple(line.split()) for line in lines}


def start(folder) -> Job:
    """A job in a child of this process, which spares it the imports."""
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            work(folder, there)
        finally:
            os._exit(1)
    os.close(there)
    return Job(pid, os.fdopen(here, "rb"))


def work(folder, says: int) -> None:
    ledger = opened(folder)
    steps = [a_step(number) for number in range(300)]
    order = begin(ledger, scan(), steps)

    def ask(step):
        ledger.sending(order, step)
        os.write(says, f"{ledger.run} {step.machine_id}\n".encode())
        ledger.answered(order, accepted(order, step, f"action-{step.machine_id}", "Pending"))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(ask, steps))


def test_killed_at_random_points_in_pairs_it_verifies_and_lacks_nothing(tmp_path):
    keeper = opened(tmp_path)  # imports what the jobs would import each
    moment, told = random.Random(SEED), set()
    for _crash in range(CRASHES // 2):
        pair = [start(tmp_path), start(tmp_path)]
        told |= {job.first_word() for job in pair}
        time.sleep(moment.uniform(0, 0.15))
        for job in pair:
            told |= job.killed()
    chain = chain_of(keeper)
    assert chain.faults == []
    dispatched = {(entry["run"], entry["machine_id"]) for entry in chain.entries if entry["kind"] == "dispatch"}
    assert told <= dispatched and len(told) > CRASHES
    states = {run.describe(lambda _run: False)["state"] for run in tell(chain.entries).runs.values()}
    assert states == {CUT_SHORT}
    assert set(keeper.earlier(scan())) == {machine_id for _run, machine_id in dispatched}
