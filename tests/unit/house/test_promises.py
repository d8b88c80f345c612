# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module promises on its page, and in check mode, is what it does to the tenant."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from unit.house.building import ROOT, literal, modules, shape_of
from unit.house.runs import RUNS, Run, outcome

CALLS_WHAT_IT_IS_TOLD_TO = {"api_request"}
ALWAYS_THERE = {"changed", "failed", "msg", "diff", "warnings"}
"""Keys that Ansible itself documents."""


def declared(module: str) -> list:
    """All operations that a module may call."""
    shape = shape_of(module)
    return [operation for operations in (shape.operations, *shape.operations_for.values()) for operation in operations]


WRITERS = [module for module in modules() if any(operation.writes for operation in declared(module))]
WRITES = {operation.id for operation in every_operation() if operation.writes}
ALL = [(module, run) for module, runs in RUNS.items() for run in runs]
of_every_module = pytest.mark.parametrize("module", sorted(RUNS))
every_run = pytest.mark.parametrize(("module", "run"), ALL, ids=str)
every_run_of_a_writer = pytest.mark.parametrize(("module", "run"), [(module, run) for module, run in ALL if module in WRITERS], ids=str)


class Seen(t.NamedTuple):
    """What one run returned, and the operations that the service saw of it."""

    module: str
    run: Run
    result: dict[str, t.Any]
    operations: set[str]


def fresh(simulator):
    """A company under attack whose machines obey at once."""
    simulator.load("under_attack")
    simulator.settings(action_seconds=0.1)
    return simulator


@pytest.fixture
def tenant(running_simulator, tmp_path, monkeypatch):
    """A fresh tenant; files that are named land in a folder of the test."""
    monkeypatch.chdir(tmp_path)
    return fresh(running_simulator)


def called(simulator) -> set[str]:
    """The operations of either service that were asked for."""
    return {row["operation"] for row in simulator.journal() if row["service"] in ("defender", "graph")}


@pytest.fixture(scope="module")
def seen(running_simulator, tmp_path_factory):
    """Every run, done once, each on a fresh tenant."""
    done = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("files"))
        for module, run in ALL:
            simulator = fresh(running_simulator)
            result = outcome(simulator, module, run)
            done.append(Seen(module, run, result, called(simulator)))
    return done


def results_of(module: str, seen: list[Seen]) -> list[dict[str, t.Any]]:
    return [entry.result for entry in seen if entry.module == module]


def page_of(module: str) -> dict:
    return yaml.safe_load(literal(ROOT / "plugins" / "modules" / f"{module}.py", "RETURN"))


def promised(page: dict, results: list) -> set[str]:
    """Dotted names on the page of what none of the results holds, however deep."""
    unseen = set()
    for name, entry in page.items():
        values = [result[name] for result in results if name in result]
        if not values:
            unseen.add(name)
            continue
        inner = [value for value in values for value in (value if isinstance(value, list) else [value]) if isinstance(value, dict)]
        unseen |= {f"{name}.{deeper}" for deeper in promised(entry.get("contains", {}), inner)} if inner or entry.get("contains") else set()
    return unseen


def test_every_module_is_run_here():
    assert sorted(RUNS) == modules()


@of_every_module
def test_whatever_is_returned_is_documented(module, seen):
    keys = {key for result in results_of(module, seen) for key in result}
    assert keys - ALWAYS_THERE - set(page_of(module)) == set()


@of_every_module
def test_whatever_is_documented_is_returned(module, seen):
    assert promised(page_of(module), results_of(module, seen)) == set()


def used(use: str, given: dict[str, t.Any]) -> bool:
    """Whether the options hold this one, or this value of it."""
    option, _equals, value = use.partition("=")
    return value in (given[option] or ()) if value else bool(given[option])


@of_every_module
def test_no_operation_is_used_that_is_not_declared(module, seen):
    shape = shape_of(module)
    for entry in (entry for entry in seen if entry.module == module and module not in CALLS_WHAT_IT_IS_TOLD_TO):
        given = {**{name: argument.get("default") for name, argument in shape.argument_spec.items()}, **entry.run.options}
        further = (operation for use, operations in shape.operations_for.items() if used(use, given) for operation in operations)
        assert entry.operations <= {operation.id for operation in (*shape.operations, *further)}, entry.run


@of_every_module
def test_no_operation_is_declared_that_is_not_used(module, seen):
    assert {operation.id for operation in declared(module)} - {operation for entry in seen if entry.module == module for operation in entry.operations} == set()


@every_run
def test_in_check_mode_nothing_is_written(module, run, tenant, tmp_path):
    tenant.lock()
    outcome(tenant, module, run, dry=True)
    assert tenant.violations() == []
    assert called(tenant) & WRITES == set()
    assert list(tmp_path.iterdir()) == []


@every_run_of_a_writer
def test_check_mode_foretells_the_run_and_a_second_run_changes_nothing(module, run, tenant):
    foretold = outcome(tenant, module, run, dry=True)
    done = outcome(tenant, module, run)
    again = outcome(tenant, module, run)
    if done.get("failed") and not done["changed"]:
        # Refused: check mode refuses for the same reasons. What a machine makes of an action nobody can foretell.
        assert foretold.get("refused") == done.get("refused")
        return
    assert (foretold["changed"], foretold.get("diff")) == (done["changed"], done.get("diff"))
    assert again["changed"] == run.anew
