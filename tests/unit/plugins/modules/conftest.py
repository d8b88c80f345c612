# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of modules: the tenant with an incident under way."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response import submit


@pytest.fixture
def tenant(running_simulator):
    """A simulator of the company under attack, no faults, an empty journal."""
    running_simulator.load("under_attack")
    return running_simulator


@pytest.fixture(autouse=True)
def no_lag(monkeypatch):
    """The record of the simulator shows an action at once; that it may come late is the subject of other tests."""
    monkeypatch.setattr(submit, "LAG", 0.1)
