# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is declared is also simulated and witnessed."""

from __future__ import annotations

import collections
import importlib

import pytest
from unit.house.building import PACKAGE

OPERATIONS = importlib.import_module(f"{PACKAGE}.module_utils._api").every_operation()


@pytest.fixture(scope="module")
def behaviours():
    importlib.import_module("simulator.behaviours")
    return importlib.import_module("simulator.seam").BEHAVIOURS


@pytest.fixture(scope="module")
def witness():
    return importlib.import_module("simulator.contract").endpoints()


def test_an_operation_has_an_id_of_its_own():
    counted = collections.Counter(operation.id for operation in OPERATIONS)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_an_operation_has_a_behaviour(operation, behaviours):
    assert operation.id in behaviours


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_an_operation_is_witnessed(operation, witness):
    assert operation.id in witness


def test_the_simulator_behaves_for_nothing_that_is_not_declared(behaviours):
    assert set(behaviours) <= {operation.id for operation in OPERATIONS}
