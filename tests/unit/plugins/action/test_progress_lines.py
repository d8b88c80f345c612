# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the terminal sees how far long work is, and nobody sees more than that."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from pathlib import Path

import pytest

LINE = r"\[{host}\] isolated: \d of 1 (asked|ended)[a-z0-9, ]*; waits (up to \d+ minutes?|up to a minute|less than a minute) more\..*"


def isolation(**differing):
    options = {"state": "isolated", "machines": ["{{ machine }}"], "comment": "drill", "poll_interval": 1, "wait_timeout": 60, **differing}
    return {"name": "isolate", "secops.defender.machine_isolation": options, "no_log": "{{ hidden | default(false) }}"}


def processes_with(variable: str) -> list[str]:
    """Processes whose environment has it, those that have left their session too."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it is not ours, or has just ended
            if variable.encode() in environ.read_bytes().split(b"\0"):
                found.append(environ.parent.name)
    return found


@pytest.mark.parametrize(
    ("environ", "silent_when"),
    [
        ({}, {"loud": {}, "quiet": {"defender_progress": "{{ 'off' }}"}, "packaged": {"defender_in_process": False}, "hidden": {"hidden": True}}),
        ({"DEFENDER_PROGRESS": "no"}, {"loud": {"defender_progress": True}, "quiet": {}}),
    ],
    ids=["variable", "environment"],
)
def test_lines_come_while_one_waits_unless_they_are_not_wanted(stage, environ, silent_when):
    stage.tenant.settings(action_seconds=7)
    machines = stage.machines()
    hosts = {name: {**facts, "machine": machine} for (name, facts), machine in zip(silent_when.items(), machines)}
    done = stage.play([isolation()], "--forks", "4", hosts=hosts, environ=environ)
    assert done.status == 0, done.output + done.errors
    lines = [line for line in done.errors.splitlines() if "isolated:" in line]
    assert lines and all(re.fullmatch(LINE.format(host="loud"), line) for line in lines), done.errors
    assert "isolated:" not in done.output


def test_in_check_mode_and_when_it_is_soon_done_nothing_is_said(stage):
    stage.tenant.settings(action_seconds=0.1)
    tasks = [{**isolation(), "check_mode": True, "diff": True}, isolation()]
    done = stage.play(tasks, hosts={"localhost": {"machine": stage.machines()[0]}})
    assert done.status == 0, done.output + done.errors
    assert "+" in done.output and "isolated:" not in done.errors


def test_a_task_whose_time_is_over_ends_then_and_asks_for_nothing_more(stage):
    stage.tenant.load("large:300")
    machines = stage.machines()[:120]
    task = {**isolation(machines=machines, confirm=len(machines)), "timeout": 4}
    began = time.monotonic()
    done = stage.play([task])
    # The rate lets 100 go at once; the others wait for a minute.
    assert time.monotonic() - began < 30
    assert done.status == 2
    assert re.search("Timed out after 4|expected time frame .4.", done.output), done.output
    asked = stage.tenant.journal(service="defender", method="POST")
    assert len(asked) <= 100


def test_after_ctrl_c_nothing_hangs_and_the_line_before_has_said_what_to_do(stage):
    stage.tenant.settings(action_seconds=60)
    play = stage.start([isolation()], hosts={"localhost": {"machine": stage.machines()[0]}}, environ={"OF_THIS_TEST": str(stage.folder)})
    seen = ""
    while "isolated:" not in seen:
        seen = play.stderr.readline()
        assert seen, "ended before a line came"
    os.killpg(play.pid, signal.SIGINT)
    began = time.monotonic()
    output, errors = play.communicate(timeout=30)
    assert time.monotonic() - began < 15
    assert play.returncode != 0
    assert processes_with(f"OF_THIS_TEST={stage.folder}") == []
    assert "interrupted" in output + errors
    assert seen.rstrip().endswith("Safe to stop: run the task again, and it takes up what is under way.")
