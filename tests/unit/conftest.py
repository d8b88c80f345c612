# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all unit tests: one simulator for the whole run."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest

if t.TYPE_CHECKING:
    from simulator.handle import Handle

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the simulator is imported as its users run it


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Handle]:
    """The process; tests ask for ``simulator``, which is fresh each time."""
    from simulator.handle import Handle  # here, so that pure tests need no requests

    with Handle.start(tmp_path_factory.mktemp("simulator"), "--world", "empty") as handle:
        yield handle


@pytest.fixture
def simulator(running_simulator: Handle) -> t.Iterator[Handle]:
    """A simulator with five machines, no faults, an empty journal, and its clock right.

    A test that locks it fails when anything tried to write meanwhile.
    """
    running_simulator.load("five_machines")
    yield running_simulator
    violations = running_simulator.violations()
    assert not violations, f"written while the simulator was locked: {violations}"
