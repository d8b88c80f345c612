# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module is whole: grouped, documented, and run in both kinds of tests."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from ansible_collections.secops.defender.plugins.module_utils._module.covered import COVERED
from unit.house.building import COLLECTION, ROOT, literal, modules, read_yaml, shape_of

ROLE = re.compile(r"V\(([A-Z]\w*(?:\.[A-Z]\w*)+)\)")

every_module = pytest.mark.parametrize("module", modules())


def documented(module: str) -> dict:
    """The documentation with its fragments in it."""
    return get_docstring(str(ROOT / "plugins" / "modules" / f"{module}.py"), fragment_loader, collection_name=COLLECTION, plugin_type="module")[0]


def test_the_action_group_holds_every_module_and_nothing_else():
    assert read_yaml(ROOT / "meta" / "runtime.yml")["action_groups"]["all"] == sorted(modules())


@every_module
def test_a_module_has_an_integration_target(module):
    target = ROOT / "tests" / "integration" / "targets" / module
    assert (target / "tasks" / "main.yml").is_file() or (target / "runme.sh").is_file()


@every_module
def test_a_module_has_unit_tests(module):
    assert (ROOT / "tests" / "unit" / "plugins" / "modules" / f"test_{module}.py").is_file()


@every_module
def test_a_module_shares_the_connection_and_the_computed_permissions(module):
    asked_for = yaml.safe_load(literal(ROOT / "plugins" / "modules" / f"{module}.py", "DOCUMENTATION"))["extends_documentation_fragment"]
    assert {f"{COLLECTION}._connection", f"{COLLECTION}._permissions.{module}"} <= set(asked_for)


@every_module
def test_the_roles_documented_are_those_of_the_operations_used(module):
    shape = shape_of(module)
    used = [*shape.operations, *(operation for operations in shape.operations_for.values() for operation in operations)]
    needed = {role for operation in used for group in operation.roles for role in group}
    assert set(ROLE.findall("\n".join(documented(module).get("notes", [])))) == needed


def test_what_a_module_writes_is_refused_as_a_plain_request():
    """Whoever asks for it by api_request is sent to the module, which looks before it acts."""
    writers: dict[str, set[str]] = {}
    for module in modules():
        shape = shape_of(module)
        for operation in (*shape.operations, *(operation for operations in shape.operations_for.values() for operation in operations)):
            if operation.writes:
                writers.setdefault(operation.id, set()).add(module)
    assert set(COVERED) == set(writers)
    assert all(module in writers[operation] for operation, module in COVERED.items())


@every_module
def test_an_option_that_needs_further_operations_exists(module):
    shape = shape_of(module)
    for use in shape.operations_for:
        option, _equals, value = use.partition("=")
        assert option in shape.argument_spec and (not value or value in shape.argument_spec[option]["choices"])
