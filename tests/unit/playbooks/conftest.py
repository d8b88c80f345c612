# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant under attack for the playbooks, and a way to play them as a user does."""

from __future__ import annotations

import subprocess
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest
import rehearsal
from simulator.handle import Handle

ROLES = ("contain", "release", "collect_evidence", "scan", "quarantine", "offboard")
QUICK = {f"{role}_{option}": value for role in ROLES for option, value in (("wait_timeout", 10), ("poll_interval", 1))}


@dataclass(frozen=True)
class Rehearsal:
    """A simulated tenant, a folder for all that is written, and the credentials of an app in an encrypted file there."""

    tenant: Handle
    folder: Path

    def play(
        self, playbook: str, variables: rehearsal.Variables, *options: str, binaries: Path = rehearsal.BIN, environ: t.Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """The exit status and all output of a playbook."""
        command = rehearsal.command(playbook, {**QUICK, **variables}, self.folder, *options, binaries=binaries)
        environment = {**rehearsal.environment(self.folder), **(environ or {})}
        done = subprocess.run(
            command, env=environment, cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False
        )
        return done.returncode, done.stdout


@pytest.fixture
def under_attack(simulator, tmp_path):
    """The tenant of the incident 1126093; the playbooks sign in as the app that may do everything."""
    return rehearsed(simulator, tmp_path, "responder")


@pytest.fixture
def every_action(simulator, tmp_path):
    """The same for an app that may ask for every action; links to files are given as often as they are wanted."""
    held = rehearsed(simulator, tmp_path, "commander", defender_rate_budget=False)
    simulator.settings(rate_limits=False)
    yield held
    simulator.settings(rate_limits=True)


def rehearsed(simulator: Handle, folder: Path, app: str, **also: t.Any) -> Rehearsal:
    simulator.load("under_attack")
    simulator.settings(action_seconds=2)
    rehearsal.lock_away({**rehearsal.connection(simulator, folder, app), **also}, folder)
    return Rehearsal(simulator, folder)
