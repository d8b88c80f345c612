# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the page that lists every application permission with the modules that need it, from the modules themselves.

    python tests/unit/house/permissions_page.py > docs/docsite/rst/every_permission.rst
"""

from __future__ import annotations

import importlib
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":
    # As pytest does it: the collection and the tests are importable then.
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    importlib.import_module("conftest")

from ansible_collections.secops.defender.plugins.module_utils._module.needs import RESOURCES, Groups, without_implied  # noqa: E402
from ansible_collections.secops.defender.plugins.module_utils._operation import roles_needed  # noqa: E402
from unit.house.building import modules, read_yaml, shape_of  # noqa: E402

SERVICES = {resource: service for service, resource in RESOURCES.items()}
HEAD = """\
..
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.secops.defender.docsite.every_permission:

Every permission, and what needs it
===================================

This page is written from the modules themselves. The other way round, what each module and each playbook needs, stands in
:ref:`Permissions <ansible_collections.secops.defender.docsite.roles_and_permissions>`; how an app gets it, in
:ref:`Create the app <ansible_collections.secops.defender.docsite.create_app>`.

*Needed by* names the modules for which it is the least that will do. *Would also do for* names those that need less: an app that holds it for them alone holds
too much. With an option in brackets, only that option needs it.

.. contents::
   :local:
   :depth: 1
"""
TABLE = """\
.. list-table::
   :header-rows: 1
   :widths: 32 34 34

   * - Permission, and its name in the portal
     - Needed by
     - Would also do for
"""
NOTHING = "nothing here"
Uses = dict[tuple[str, str], dict[str, dict[str, set[str]]]]
"""Service and role -> ``first`` or ``other`` -> module -> the uses that need it; an empty text stands for any use."""


def page() -> str:
    uses = _uses()
    return "\n".join((HEAD, *(_section(resource, uses) for resource in read_yaml(ROOT / "tests/simulator/contract/roles.yaml")["resources"])))


def _section(resource: dict[str, t.Any], uses: Uses) -> str:
    rows = [_row(role, uses.get((SERVICES.get(resource["name"], ""), role["value"]), {})) for role in _of_apps(resource)]
    return "\n".join((resource["name"], "-" * len(resource["name"]), "", TABLE + "".join(rows)))


def _of_apps(resource: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    return sorted((role for role in resource["app_roles"] if role["for"] == "Application"), key=lambda role: str(role["value"]).lower())


def _row(role: dict[str, t.Any], uses: dict[str, dict[str, set[str]]]) -> str:
    needed, other = (_named(uses.get(kind, {})) for kind in ("first", "other"))
    cells = (f"``{role['value']}`` {role['displayName']}", needed or NOTHING, other)
    return "".join(f"   {'* -' if number == 0 else '  -'} {cell}".rstrip() + "\n" for number, cell in enumerate(cells))


def _named(held: dict[str, set[str]]) -> str:
    """The modules, each with the options for which it needs it, unless it always does."""
    named = []
    for module, ways in sorted(held.items()):
        options = "" if "" in ways else f" ({', '.join(f'``{way}``' for way in sorted(ways))})"
        named.append(f":ansplugin:`{module} <secops.defender.{module}#module>`{options}")
    return ",\n       ".join(named)


def _uses() -> Uses:
    found: Uses = {}
    for module in modules():
        shape = shape_of(module)
        for service in SERVICES.values():
            always = _groups(shape.operations, service)
            for way, operations in {"": (), **shape.operations_for}.items():
                groups = _groups((*shape.operations, *operations), service) if way else always
                for group in groups if not way else [group for group in groups if group not in always]:
                    for number, role in enumerate(group):
                        kinds = found.setdefault((service, role), {})
                        kinds.setdefault("other" if number else "first", {}).setdefault(module, set()).add(way)
    return found


def _groups(operations: t.Iterable[t.Any], service: str) -> Groups:
    return without_implied(roles_needed(operation for operation in operations if operation.service == service))


if __name__ == "__main__":
    sys.stdout.write(page())
