# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures one task on 500 machines: its calls over the least possible, in fair weather and in a storm of refusals."""

from __future__ import annotations

import math
import typing as t

from figures import Figure
from stage import Stage

MACHINES = 500
IDS_A_CALL = 40
READS = math.ceil(MACHINES / IDS_A_CALL)
"""Calls to read so many machines by their ids, as many in one filter as a URL takes."""

LEAST = {
    "isolate": MACHINES + READS + 2,
    "scan": MACHINES + READS + 2,
    "tag": 1 + READS,
    "package": MACHINES * 2 + READS + 2,
}
"""A submit each (tags: one for all), a link each for packages, the machines, their record, and one look at the end."""

STORM = {"match": {"service": "defender"}, "share": 1 / 3, "kind": "status", "status": 429, "retry_after": 1}


def fleet(stage: Stage) -> t.Iterator[Figure]:
    """Every kind of action on the whole fleet in one task each."""
    command = "make bench ARGS='--only fleet'"
    for what, least in LEAST.items():
        ids = _begin(stage)
        _play(stage, what, ids)
        calls = len(stage.simulator.journal(service="defender"))
        yield Figure(f"calls for {what} on {MACHINES} machines", round(calls / least, 3), "x", "<= 1.1", f"{least} calls at least", command)

    ids = _begin(stage)
    stage.simulator.faults([STORM])
    _play(stage, "isolate", ids)
    stage.simulator.faults()
    truths = [stage.simulator.machine(machine_id) for machine_id in ids]
    right = sum(1 for truth in truths if truth["isolated"] and truth["actions_asked"] == {"Isolate": 1})
    storm = "a third of all calls refused with 429"
    yield Figure(f"machines of {MACHINES} isolated exactly once in a storm", right, "machines", f">= {MACHINES}", storm, command)


def _begin(stage: Stage) -> list[str]:
    stage.simulator.load(f"large:{MACHINES * 3}")
    stage.simulator.settings(rate_limits=False, action_seconds=1)
    ids = stage.fit_machines(MACHINES)
    stage.simulator.clear_journal()
    return ids


def _play(stage: Stage, what: str, ids: list[str]) -> None:
    commander = {name: stage.simulator.apps["commander"][name] for name in ("client_id", "client_secret")}
    connection = {**stage.given()["connection"], **commander, "rate_budget": False}
    stage.play("fleet_task", what=what, machine_ids=ids, connection=connection, dest=str(stage.folder / "packages"))
