# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of modules: the tenant with an incident under way."""

from __future__ import annotations

import pytest


@pytest.fixture
def tenant(running_simulator):
    """A simulator of the company under attack, no faults, an empty journal."""
    running_simulator.load("under_attack")
    return running_simulator
