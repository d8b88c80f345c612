# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role says what it takes: no variable is read that its argument specs do not name."""

from __future__ import annotations

import typing as t

import jinja2
import jinja2.nodes
import pytest
from unit.house.building import ROOT, name_of, read_yaml, roles
from unit.house.pages import mappings, strings

EXPRESSIONS = ("when", "until", "failed_when", "changed_when", "that", "var")
OF_ANSIBLE = {
    "ansible_check_mode", "ansible_diff_mode", "ansible_facts", "ansible_loop", "ansible_play_hosts", "ansible_play_hosts_all", "ansible_role_name", "groups",
    "dict", "hostvars", "inventory_hostname", "item", "lookup", "loop", "namespace", "now", "omit", "playbook_dir", "q", "query", "range", "role_path", "undef",
}

every_role = pytest.mark.parametrize("role", roles(), ids=name_of)


def options_of(role) -> dict[str, dict[str, dict[str, t.Any]]]:
    """Entry point -> its options."""
    specs = read_yaml(role / "meta" / "argument_specs.yml")
    return {entry: spec.get("options", {}) for entry, spec in specs["argument_specs"].items()}


def taken(role) -> set[str]:
    return {name for options in options_of(role).values() for name in options}


def work_of(role) -> list[t.Any]:
    """All YAML of the role that is carried out or read by what is."""
    return [content for folder in ("tasks", "handlers", "defaults", "vars") for path in sorted(role.glob(f"{folder}/*.y*ml")) if (content := read_yaml(path))]


def read_in(template: str) -> set[str]:
    names = list(jinja2.Environment().parse(template).find_all(jinja2.nodes.Name))
    return {name.name for name in names if name.ctx == "load"} - {name.name for name in names if name.ctx == "store"}


def variables_read(role) -> set[str]:
    """Every name that a template or an expression of the role asks for."""
    found: set[str] = set()
    for content in work_of(role):
        for text in strings(content):
            found |= read_in(text)
        for _key, mapping in mappings(content):
            for expression in (text for key in EXPRESSIONS for text in strings(mapping.get(key)) if "{{" not in text):
                found |= read_in(f"{{{{ {expression} }}}}")
    for path in role.glob("templates/**/*.j2"):
        found |= read_in(path.read_text(encoding="utf-8"))
    return found


def variables_made(role) -> set[str]:
    """Every name the role gives a value itself."""
    made = {name for path in role.glob("vars/*.y*ml") for name in (read_yaml(path) or {})}
    for content in work_of(role):
        for key, mapping in mappings(content):
            made |= {value for name in ("register", "loop_var", "index_var") if isinstance(value := mapping.get(name), str)}
            made |= set(mapping) if key in ("vars", "set_fact", "ansible.builtin.set_fact") else set()
    return made


@every_role
def test_a_role_says_what_it_takes(role):
    assert "main" in options_of(role)


@every_role
def test_a_role_reads_nothing_that_it_does_not_name(role):
    assert variables_read(role) - variables_made(role) - OF_ANSIBLE <= taken(role)


@every_role
def test_a_role_takes_nothing_that_it_does_not_read(role):
    assert taken(role) <= variables_read(role)


@every_role
def test_the_defaults_are_those_that_are_documented(role):
    documented = {name: option["default"] for options in options_of(role).values() for name, option in options.items() if "default" in option}
    assert (read_yaml(role / "defaults" / "main.yml") or {}) == documented


@every_role
def test_what_a_role_takes_bears_its_name(role):
    assert [name for name in taken(role) if not name.startswith((f"{role.name}_", "defender_"))] == []


@every_role
def test_a_role_has_a_page(role):
    assert (role / "README.md").is_file()


@every_role
def test_a_role_has_an_integration_target(role):
    assert (ROOT / "tests" / "integration" / "targets" / f"role_{role.name}").is_dir()
