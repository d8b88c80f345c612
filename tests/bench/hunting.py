# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a hunting query that finds as many rows as one answer holds."""

from __future__ import annotations

import typing as t

from figures import Figure
from stage import Stage

ROWS = 100_000
QUERY = "DeviceNetworkEvents | project Timestamp, DeviceId, DeviceName, RemoteIP, RemotePort, RemoteUrl, InitiatingProcessFileName, ReportId"
GRAPH = "https://graph.microsoft.com/.default"
OPERATION = "hunting.graph_run"


def hunting(stage: Stage) -> t.Iterator[Figure]:
    """All rows of one answer to a file: calls, peak memory, and wall time of the play over that of uri and copy."""
    command = "make bench ARGS='--only hunting'"
    stage.simulator.load("large:500")
    dest = str(stage.folder / "rows.ndjson")
    commander = {name: stage.simulator.apps["commander"][name] for name in ("client_id", "client_secret")}
    given = {"dest": dest, "question": QUERY, "connection": {**stage.given()["connection"], **commander}, "bearer": stage.simulator.token("commander", GRAPH)}
    stage.play("hunt", **given)
    stage.simulator.clear_journal()
    ours = stage.play("hunt", **given)
    calls = [row for row in stage.simulator.journal() if row["operation"] == OPERATION]
    with open(dest, encoding="utf-8") as written:
        rows = sum(1 for _line in written)
    if rows != ROWS:
        raise RuntimeError(f"{rows} rows were written")
    yield Figure(f"calls to hunt {ROWS} rows", len(calls), "calls", "<= 1", "one answer", command)

    python, record = stage.interpreter_with_peak()
    stage.play("hunt", **given, ansible_python_interpreter=str(python))
    peak = max(int(line) for line in record.read_text(encoding="utf-8").split()) / 1000
    yield Figure(f"peak memory of the module for {ROWS} hunted rows", round(peak, 1), "MB", "<= 80", "the packaged module's process", command)

    theirs = stage.play("hunt_uri", **given, url=stage.simulator.url)
    yield Figure(
        f"hunting {ROWS} rows to a file, times faster", round(theirs / ours, 1), "x", ">= 2",
        f"uri and copy ({theirs:.0f} s against {ours:.1f} s)", command,
    )
