# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures jobs that run at once on one node, against a tenant that counts every call."""

from __future__ import annotations

import bisect
import typing as t
from concurrent.futures import ThreadPoolExecutor

from figures import Figure
from simulator.clock import moment
from stage import Stage

JOBS, FORKS = 2, 4
MACHINES = 160
A_MINUTE = 60
ISOLATE = "machine.isolate"


def many_jobs(stage: Stage) -> t.Iterator[Figure]:
    """Two jobs of four forks each, more calls than a minute allows: what the service refuses, and what pacing costs."""
    command = "make bench ARGS='--only many_jobs'"
    stage.simulator.load(f"large:{MACHINES * 3}")
    ids = stage.fit_machines(MACHINES)
    stage.simulator.clear_journal()
    connection = {**stage.given()["connection"], "rate_budget_path": str(stage.folder / "rates")}
    with ThreadPoolExecutor(JOBS) as jobs:
        running = [
            jobs.submit(Stage(stage.simulator, stage.folder / f"job{number}").play, "isolate_four_forks", machine_ids=ids[number::JOBS], connection=connection)
            for number in range(JOBS)
        ]
        for job in running:
            job.result()
    journal = stage.simulator.journal(service="defender")
    refused = sum(1 for row in journal if row["status"] == 429)
    by_kind: dict[str, list[float]] = {}
    for row in journal:
        by_kind.setdefault(row["operation"], []).append(moment(row["time"]).timestamp())
    isolations = by_kind[ISOLATE]
    if len(isolations) - refused != MACHINES:
        raise RuntimeError(f"{len(isolations)} isolations were asked for, {refused} calls refused")
    what = f"{JOBS} jobs of {FORKS} forks at once"
    yield Figure(f"calls refused for their rate, {what}", refused, "calls", "<= 0", f"{MACHINES} isolations at 100 a minute, counted by the simulator", command)
    yield Figure(
        f"most calls of one kind in any minute, {what}", max(_most_in_a_minute(times) for times in by_kind.values()), "calls", "<= 100",
        "the limit of the service", command,
    )
    least = (MACHINES - 1) // 100 * A_MINUTE
    yield Figure(
        f"isolating {MACHINES} machines, {what}", round((max(isolations) - min(isolations)) / least, 3), "x", "<= 1.1",
        f"the least time that the limit leaves, {least} s from the first call to the last", command,
    )


def _most_in_a_minute(times: t.Sequence[float]) -> int:
    """The most of ``times`` in any minute."""
    ordered = sorted(times)
    return max(bisect.bisect_left(ordered, time + A_MINUTE) - place for place, time in enumerate(ordered))
