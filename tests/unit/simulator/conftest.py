# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator is imported as ``simulator``, as its users run it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from unit.simulator.tenant import Tenant  # noqa: E402 - not before the path is set


@pytest.fixture
def quiet() -> Tenant:
    return Tenant("five_machines")


@pytest.fixture
def attacked() -> Tenant:
    return Tenant("under_attack")
