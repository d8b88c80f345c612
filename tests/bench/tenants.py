# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures one run over many tenants: that each has its own, what a tenant costs in memory, and that its limits are kept."""

from __future__ import annotations

import collections
import json
import typing as t
from pathlib import Path

from figures import Figure
from simulator.clock import moment
from stage import Stage

FEW, MANY = 20, 200
BUSY = 120
"""Machines that one tenant has to isolate; more than its service takes in a minute. The others have one each."""
BROKEN = 2
"""Tenants whose service answers nothing but errors."""
FORKS = "10"
ISOLATE = "machine.isolate"
COMMAND = "make bench ARGS='--only tenants'"


def tenants(stage: Stage) -> t.Iterator[Figure]:
    """A few tenants first, for the memory; then many, of which some are broken and one has much to do."""
    begun_with, _seconds = _run(stage, FEW, busy=1, broken=0)
    peak, seconds = _run(stage, MANY, busy=BUSY, broken=BROKEN)
    rows = stage.simulator.journal(operation=ISOLATE)
    by_tenant: dict[str, list[float]] = collections.defaultdict(list)
    for row in rows:
        by_tenant[row["tenant"]].append(moment(row["time"]).timestamp())
    outcomes = collections.Counter(row["outcome"] for row in json.loads(_report(stage).read_text(encoding="utf-8")))
    ledgers = len(list((stage.folder / f"ledgers-{MANY}").glob("*.ndjson")))
    right = sum(1 for count in map(len, by_tenant.values()) if count == 1) + (len(by_tenant.get(stage.simulator.tenant_id, ())) == BUSY)
    what = f"in one run over {MANY}, of which {BROKEN} are broken and one has {BUSY} machines"
    yield Figure(f"tenants done {what}", outcomes["done"], "tenants", f">= {MANY - BROKEN}", f"the report; {seconds:.0f} s with {FORKS} forks", COMMAND)
    yield Figure("tenants in which exactly the own machines were isolated", right, "tenants", f">= {MANY - BROKEN}", "the journal of the simulator", COMMAND)
    yield Figure("ledgers, one for each tenant", ledgers, "files", f">= {MANY - BROKEN}", "the same case in all", COMMAND)
    yield Figure("calls refused for their rate, over all tenants", sum(1 for row in rows if row["status"] == 429), "calls", "<= 0",
                 "100 isolations a minute for each tenant, counted by the simulator", COMMAND)
    yield Figure("memory for one more tenant", round((peak - begun_with) / (MANY - FEW), 3), "MB", "<= 0.5",
                 f"largest process: {begun_with:.0f} MB with {FEW} tenants, {peak:.0f} MB with {MANY}", COMMAND)


def _run(stage: Stage, count: int, *, busy: int, broken: int) -> tuple[float, float]:
    """One run; the memory of its largest process in megabytes, and its seconds."""
    stage.simulator.load(f"large:{BUSY * 3}")
    ids = stage.fit_machines(BUSY)
    names = stage.simulator.tenants(count)
    stage.simulator.faults([{"match": {"tenant": name, "service": "defender"}, "kind": "status", "status": 403} for name in names[count - broken:]])
    stage.simulator.clear_journal()
    hosts = {f"tenant{place}": {"defender_tenant_id": name, "machine_ids": ids[:busy if place == 0 else 1]} for place, name in enumerate(names)}
    inventory = stage.folder / "tenants.json"
    inventory.write_text(json.dumps({"tenants": {"hosts": hosts}}), encoding="utf-8")
    python, record = stage.interpreter_with_peak()
    seconds = stage.play("tenants", "-i", str(inventory), "--forks", FORKS, python=python, ledger=str(stage.folder / f"ledgers-{count}"),
                         tenants_dest=str(_report(stage)), tenants_allow_failures=broken)
    return int(record.read_text(encoding="utf-8")) / 1000, seconds


def _report(stage: Stage) -> Path:
    return stage.folder / "tenants-report.json"
