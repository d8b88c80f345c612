# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: calls as counts, times as ratios of the same work done without the collection."""

from __future__ import annotations

import statistics
import typing as t

from feed import feed
from figures import Figure
from fleet import fleet
from hunting import hunting
from jobs import many_jobs
from stage import Stage
from tenants import tenants

LATENCY_MS = 60
MACHINES = 200
ALL_MACHINES = 100_000
PAIRS = 10


def sign_in(stage: Stage) -> t.Iterator[Figure]:
    """One identity, twenty tasks: token requests, and requests to the authority in all."""
    stage.simulator.load("five_machines")
    machine_id = stage.rows("$top=1")[0]["id"]
    stage.simulator.clear_journal()
    variables = {"machine_id": machine_id}
    # The token for the other modules is asked for by play(), before the playbook starts.
    stage.play("sign_in_once", **variables)
    journal = stage.simulator.journal(service="entra")
    tokens = [row for row in journal if row["path"].endswith("/token")]
    command = "make bench ARGS='--only sign_in'"
    yield Figure("token requests in a play of 20 tasks", len(tokens) - 1, "calls", "<= 1", "one for the whole play", command)
    yield Figure("requests to the authority in a play of 20 tasks", len(journal) - 1, "calls", "<= 2", "discovery and token", command)


def one_read(stage: Stage) -> t.Iterator[Figure]:
    """The same GET by machine_info with a cached token and by uri with a token in hand, in pairs."""
    stage.simulator.load("five_machines")
    machine_id = stage.rows("$top=1")[0]["id"]
    for where, goal in (("in process", "<= 0.2"), ("packaged", "<= 1.1")):
        stage.forget_times()
        stage.play("one_read", machine_id=machine_id, pairs=PAIRS, defender_in_process=where == "in process")
        times = stage.times("BENCH ")
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times["machine_info"], times["uri"]))
        yield Figure(
            f"a read with a cached token, {where}", round(ratio, 3), "x", goal,
            f"ansible.builtin.uri, median of {PAIRS} pairs", "make bench ARGS='--only one_read'",
        )


def isolation(stage: Stage) -> t.Iterator[Figure]:
    """Many machines: calls over the least possible, and wall time of the play over that of a loop."""
    command = "make bench ARGS='--only isolation'"
    # 200 calls of one kind need two minutes of any client that keeps the limit. What is compared here is the cost of the work, so neither side is limited.
    unlimited = {**stage.given()["connection"], "rate_budget": False}
    ids = _fit_machines(stage)
    stage.simulator.settings(action_seconds=1)
    stage.simulator.clear_journal()
    stage.play("isolate_one_task", machine_ids=ids, wait=True, connection=unlimited)
    calls = stage.simulator.journal(service="defender")
    submits = [row for row in calls if row["method"] == "POST"]
    # One submit a machine cannot be spared, nor one read each of the machines, their record and the end of it.
    least = len(ids) + 3
    yield Figure(f"submits to isolate {MACHINES} machines", len(submits), "calls", f"<= {MACHINES}", "one a machine", command)
    yield Figure(f"all calls to isolate {MACHINES} machines and wait", round(len(calls) / least, 3), "x", "<= 1.1", f"{least} calls at least", command)

    ids = _fit_machines(stage)
    ours = stage.play("isolate_one_task", machine_ids=ids, wait=False, connection=unlimited)
    ids = _fit_machines(stage)
    theirs = stage.play("isolate_uri_loop", machine_ids=ids)
    yield Figure(
        f"isolating {MACHINES} machines at {LATENCY_MS} ms, times faster", round(theirs / ours, 1), "x", ">= 30",
        f"a loop of uri ({theirs:.0f} s against {ours:.1f} s), both without a rate limit and with rate_budget: false", command,
    )


def _fit_machines(stage: Stage) -> list[str]:
    """A fresh world with latency, and machines in it to isolate."""
    stage.simulator.load(f"large:{MACHINES * 3}")
    stage.simulator.settings(rate_limits=False, latency_ms=LATENCY_MS)
    return stage.fit_machines(MACHINES)


def all_machines(stage: Stage) -> t.Iterator[Figure]:
    """A large tenant to a file: calls, peak memory, and wall time of the play over that of a loop over pages."""
    command = "make bench ARGS='--only all_machines'"
    stage.simulator.load(f"large:{ALL_MACHINES}")
    stage.simulator.settings(rate_limits=False)
    dest = str(stage.folder / "machines.ndjson")
    stage.play("all_machines", dest=dest)
    stage.simulator.clear_journal()
    ours = stage.play("all_machines", dest=dest)
    calls = stage.simulator.journal(service="defender")
    with open(dest, encoding="utf-8") as written:
        rows = sum(1 for _line in written)
    if rows != ALL_MACHINES:
        raise RuntimeError(f"{rows} rows were written")
    yield Figure(f"calls to read {ALL_MACHINES} machines", len(calls), "calls", "<= 11", "10,000 a page", command)

    python, record = stage.interpreter_with_peak()
    stage.play("all_machines", dest=dest, ansible_python_interpreter=str(python))
    peak = max(int(line) for line in record.read_text(encoding="utf-8").split()) / 1000
    yield Figure(f"peak memory of the module for {ALL_MACHINES} machines", round(peak, 1), "MB", "<= 80", "the packaged module's process", command)

    theirs = stage.play("all_machines_uri_loop", dest=dest, machines=ALL_MACHINES)
    yield Figure(
        f"reading {ALL_MACHINES} machines to a file, times faster", round(theirs / ours, 1), "x", ">= 25",
        f"a loop of uri over pages ({theirs:.0f} s against {ours:.1f} s)", command,
    )


MEASURES: dict[str, t.Callable[[Stage], t.Iterator[Figure]]] = {
    "sign_in": sign_in,
    "one_read": one_read,
    "isolation": isolation,
    "fleet": fleet,
    "feed": feed,
    "many_jobs": many_jobs,
    "all_machines": all_machines,
    "hunting": hunting,
    "tenants": tenants,
}
