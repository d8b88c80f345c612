# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports only go down."""

from __future__ import annotations

import pytest
from unit.house.building import PACKAGE, imported, name_of, under

FLOORS = {
    "module_utils._operation": 1,
    "module_utils._api": 2,
    "module_utils._client": 2,
    "module_utils._response": 3,
    "module_utils._module": 4,
    "modules": 5,
    "doc_fragments": 5,
    "plugin_utils": 5,
    "lookup": 6,
    "action": 6,
    "filter": 6,
    "inventory": 6,
}
WITHOUT_ANSIBLE = ("module_utils._operation", "module_utils._api", "module_utils._client", "module_utils._response")


def area_of(dotted: str) -> str | None:
    """The room of the house that a dotted name lies in; None for what is not ours."""
    for root in (f"{PACKAGE}.", "plugins."):
        if dotted.startswith(root):
            inside = dotted[len(root):]
            return next((area for area in FLOORS if f"{inside}.".startswith(f"{area}.")), inside)
    return None


def area_of_file(path) -> str | None:
    return area_of(name_of(path).removesuffix(".py").replace("/", "."))


PLUGINS = [path for path in under("plugins") if path.name != "__init__.py"]


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_a_file_lies_on_a_known_floor(path):
    assert area_of_file(path) in FLOORS


@pytest.mark.parametrize("path", PLUGINS, ids=name_of)
def test_a_file_imports_only_its_own_room_and_lower_floors(path):
    here = area_of_file(path)
    upwards = [
        f"line {line}: {dotted}"
        for line, dotted in imported(path)
        if (there := area_of(dotted)) and there != here and FLOORS.get(there, 99) >= FLOORS[here]
    ]
    assert not upwards


@pytest.mark.parametrize("path", [path for path in PLUGINS if area_of_file(path) in WITHOUT_ANSIBLE], ids=name_of)
def test_what_also_works_outside_ansible_does_not_import_it(path):
    assert not [f"line {line}: {dotted}" for line, dotted in imported(path) if dotted.partition(".")[0] == "ansible"]


@pytest.mark.parametrize("path", under("plugins/modules", "plugins/module_utils"), ids=name_of)
def test_our_own_is_imported_relatively(path):
    assert not [f"line {line}: {dotted}" for line, dotted in imported(path) if dotted.startswith("ansible_collections.")]


DOOR = "tests/simulator/declared.py"
OURS = ("ansible", "ansible_collections", "module_utils", "plugins")


@pytest.mark.parametrize("path", [path for path in under("tests/simulator") if name_of(path) != DOOR], ids=name_of)
def test_the_simulator_knows_the_collection_only_through_one_door(path):
    assert not [f"line {line}: {dotted}" for line, dotted in imported(path) if dotted.partition(".")[0] in OURS]


@pytest.mark.parametrize("path", [path for path in under("tests/simulator") if name_of(path) == DOOR], ids=name_of)
def test_through_the_door_come_declarations_only(path):
    taken = {dotted.split(".")[1] for _line, dotted in imported(path) if dotted.startswith("module_utils.")}
    assert taken and taken <= {"_api", "_operation"}


@pytest.mark.parametrize("path", under("tests/simulator/contract"), ids=name_of)
def test_the_witness_has_not_seen_our_declarations(path):
    ours = ("simulator.", "tests.simulator.", *(f"{name}." for name in OURS))
    beside = [dotted.removeprefix("tests.") for _line, dotted in imported(path) if dotted.startswith(ours)]
    assert not [dotted for dotted in beside if not dotted.startswith("simulator.contract")]
