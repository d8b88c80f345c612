# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a reader may copy works: it parses, and names only modules, options, roles and lookups that exist."""

from __future__ import annotations

import importlib
import typing as t

import jinja2
import jinja2.nodes
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from unit.house.building import COLLECTION, PACKAGE, ROOT, literal, modules, read_yaml, roles, shape_of
from unit.house.pages import Page, every_page, mappings, strings

GROUP = f"group/{COLLECTION}.all"
LOOKUPS = ("lookup", "query", "q")
ROLE_KEYS = ("include_role", "import_role", "ansible.builtin.include_role", "ansible.builtin.import_role")
SAMPLES = {"list": [], "dict": {}, "int": 1, "float": 1.0, "bool": True}

every = pytest.mark.parametrize("page", every_page(), ids=lambda page: page.place)


def own(name: t.Any) -> str | None:
    """The short name of something of ours."""
    return name[len(COLLECTION) + 1:] if isinstance(name, str) and name.startswith(f"{COLLECTION}.") else None


def connection() -> dict[str, t.Any]:
    return importlib.import_module(f"{PACKAGE}.module_utils._module.spec").CONNECTION


def spec_of(module: str) -> dict[str, t.Any]:
    return {**connection(), **shape_of(module).argument_spec}


def without_templates(value: t.Any, argument: dict[str, t.Any]) -> t.Any:
    """The value, with something of the right kind where only a run can tell it."""
    if isinstance(value, list):
        return [without_templates(entry, {**argument, "type": argument.get("elements", "str")}) for entry in value]
    if not (isinstance(value, str) and "{{" in value):
        return value
    if argument.get("choices"):
        return argument["choices"][0]
    return SAMPLES.get(argument.get("type", "str"), "sample")


def complaints(module: str, given: dict[str, t.Any]) -> list[str]:
    """What the module's own argument spec says of these arguments."""
    spec = spec_of(module)
    # What may be left out is left out, so that a required option that may be missing is a complaint.
    named = {name: value for name, value in given.items() if not (isinstance(value, str) and "{{" in value and "omit" in value)}
    filled = {name: without_templates(value, spec.get(name, {})) for name, value in named.items()}
    # Which of several were left out only a run can tell.
    rules = shape_of(module).rules if len(named) == len(given) else {}
    return ArgumentSpecValidator(spec, **rules).validate(filled).error_messages


def parsed(page: Page) -> t.Iterator[jinja2.nodes.Template]:
    """Every template and bare expression of the page."""
    for text in strings(page.read()):
        if "{{" in text or "{%" in text:
            yield jinja2.Environment().parse(text)
        elif any(f"{word}('{COLLECTION}." in text for word in LOOKUPS):
            yield jinja2.Environment().parse(f"{{{{ {text} }}}}")


def calls_of_lookups(page: Page) -> t.Iterator[tuple[str, set[str]]]:
    """Name and options of each of our lookups that the page calls."""
    for call in (call for template in parsed(page) for call in template.find_all(jinja2.nodes.Call)):
        first = call.args[0] if call.args else None
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name in LOOKUPS and isinstance(first, jinja2.nodes.Const):
            if name := own(first.value):
                yield name, {option.key for option in call.kwargs}


@every
def test_it_parses(page):
    page.read()


@every
def test_its_templates_parse(page):
    list(parsed(page))


@every
def test_its_modules_take_these_arguments(page):
    wrong = {}
    for under, mapping in mappings(page.read()):
        for name, given in mapping.items():
            module = own(name)
            if module is None or under == "module_defaults":
                continue
            if module not in modules():
                wrong[name] = "there is no such module"
            elif found := complaints(module, given or {}):
                wrong[name] = found
    assert not wrong


@every
def test_its_defaults_are_options(page):
    for under, mapping in mappings(page.read()):
        if under == "module_defaults":
            shared = mapping.get(GROUP) or {}
            assert isinstance(shared, str) or set(shared) <= set(connection())
            assert all(set(given or {}) <= set(spec_of(own(name))) for name, given in mapping.items() if own(name))


@every
def test_its_lookups_take_these_options(page):
    for name, options in calls_of_lookups(page):
        path = ROOT / "plugins" / "lookup" / f"{name}.py"
        assert path.is_file(), f"there is no lookup {name}"
        assert options <= set(yaml.safe_load(literal(path, "DOCUMENTATION"))["options"]) | set(connection())


@every
def test_its_filters_exist(page):
    named = {own(node.name) for template in parsed(page) for node in template.find_all(jinja2.nodes.Filter)}
    assert not [name for name in named if name and not (ROOT / "plugins" / "filter" / f"{name}.py").is_file()]


def uses_of_roles(page: Page) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """Name of each of our roles that the page uses, with the variables given to it."""
    for _under, mapping in mappings(page.read()):
        listed = mapping.get("roles") if isinstance(mapping.get("roles"), list) else []
        given = mapping.get("vars") if isinstance(mapping.get("vars"), dict) else {}
        tasks = [{**mapping[key], **given} for key in ROLE_KEYS if isinstance(mapping.get(key), dict)]
        for use in ({"role": entry} if isinstance(entry, str) else {**entry, **entry.get("vars", {})} for entry in (*listed, *tasks)):
            if name := own(use.get("role") or use.get("name")):
                yield name, use


@every
def test_its_roles_exist_and_take_these_variables(page):
    known = {role.name: role for role in roles()}
    for name, given in uses_of_roles(page):
        assert name in known, f"there is no role {name}"
        options = read_yaml(known[name] / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
        assert {key for key in given if key.startswith(f"{name}_")} <= set(options)


@every
def test_its_playbooks_exist(page):
    imported = [own(mapping.get(key)) for _under, mapping in mappings(page.read()) for key in ("import_playbook", "ansible.builtin.import_playbook")]
    missing = [name for name in imported if name and not (ROOT / "playbooks" / f"{name}.yml").is_file()]
    assert not missing
