# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a feed of indicators: calls for thousands, from nothing and a second time, and time against a loop of uri."""

from __future__ import annotations

import typing as t
from pathlib import Path

from figures import Figure
from stage import Stage

MANY = 5000
IN_A_LOOP = 200
LATENCY_MS = 60
LIST, IMPORT = "indicator.list", "indicator.import"


def feed(stage: Stage) -> t.Iterator[Figure]:
    """The same feed twice, and a shorter one both ways in full."""
    command = "make bench ARGS='--only feed'"
    _begin(stage)
    for what, goal in (("from nothing", "<= 10"), ("the second time", "<= 0")):
        stage.simulator.clear_journal()
        _keep(stage, MANY)
        calls = [row["operation"] for row in stage.simulator.journal(service="defender")]
        writes = len(calls) - calls.count(LIST)
        if what == "from nothing" and calls.count(IMPORT) != writes:
            raise RuntimeError(f"unexpected calls: {sorted(set(calls))}")
        yield Figure(f"writing calls to keep {MANY} indicators, {what}", writes, "calls", goal, "500 a call, counted by the simulator", command)

    _begin(stage)
    ours = _keep(stage, IN_A_LOOP)
    _begin(stage)
    theirs = stage.play("feed_uri_loop", values=_values(IN_A_LOOP), bearer=stage.simulator.token("commander"))
    yield Figure(
        f"keeping {IN_A_LOOP} indicators at {LATENCY_MS} ms, times faster", round(theirs / ours, 1), "x", ">= 20",
        f"a loop of uri over the same {IN_A_LOOP} ({theirs:.0f} s against {ours:.1f} s), both without a rate limit", command,
    )


def _begin(stage: Stage) -> None:
    stage.simulator.load("empty")
    stage.simulator.settings(rate_limits=False, latency_ms=LATENCY_MS)


def _keep(stage: Stage, count: int) -> float:
    source = Path(stage.folder) / "feed.csv"
    source.write_text("\n".join(["value", *_values(count)]), encoding="utf-8")
    commander = {name: stage.simulator.apps["commander"][name] for name in ("client_id", "client_secret")}
    return stage.play("feed_one_task", src=str(source), connection={**stage.given()["connection"], **commander, "rate_budget": False})


def _values(count: int) -> list[str]:
    return [f"{number:064x}" for number in range(1, count + 1)]
