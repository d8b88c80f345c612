# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every declaration of ours agrees with the witness, and the witness agrees with itself."""

from __future__ import annotations

import itertools
import string

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from ansible_collections.secops.defender.plugins.module_utils._operation import LIST, NONE, OBJECT, OBJECTS, PAGE, Field, Member, Operation
from simulator import behaviours  # noqa: F401  # pylint: disable=unused-import  # registers them
from simulator.contract import endpoints, missing, types
from simulator.odata import properties
from simulator.seam import BEHAVIOURS

FIELD_TYPES = {"string": "str", "enum": "str", "guid": "str", "integer": "int", "boolean": "bool"}

each_operation = pytest.mark.parametrize("operation", every_operation(), ids=lambda operation: operation.id)


def _witness(operation: Operation) -> dict:
    return endpoints()[operation.id]


def _as_declared(facts: dict) -> dict:
    """Facts of one wire name in the words of Field."""
    return {
        "type": FIELD_TYPES.get(facts["type"], facts["type"]),
        "required": bool(facts.get("required") or facts.get("always_send")),
        "choices": set(facts.get("choices", ())),
        "max_items": facts.get("max_items"),
        "max_bytes": facts.get("max_bytes"),
        "secret": facts.get("secret", False),
    }


def _declared(field: Field) -> dict:
    return {
        "type": field.type, "required": field.required, "choices": set(field.choices), "max_items": field.max_items,
        "max_bytes": field.max_bytes, "secret": field.secret,
    }


def _same_fields(fields: tuple[Field, ...], facts: dict) -> None:
    assert {field.wire: _declared(field) for field in fields} == {wire: _as_declared(one) for wire, one in facts.items()}


@each_operation
def test_method_path_service_and_source_agree(operation):
    facts = _witness(operation)
    assert (operation.service, operation.method, operation.path) == (facts["service"], facts["method"], facts["path"])
    assert operation.source == facts["source"]


@each_operation
def test_roles_agree_to_the_letter(operation):
    ways = {frozenset(way) for way in itertools.product(*operation.roles)}
    assert ways == {frozenset(way.split(" and ")) for way in _witness(operation)["roles"]}


@each_operation
def test_names_in_the_path_agree(operation):
    wanted = {name for _text, name, _spec, _how in string.Formatter().parse(_witness(operation)["path"]) if name}
    assert {field.wire for field in operation.path_fields} == wanted


@each_operation
def test_names_in_body_and_query_agree(operation):
    facts = _witness(operation)
    _same_fields(operation.body_fields, facts.get("body", {}))
    _same_fields(operation.query_fields, facts.get("query", {}))
    assert operation.body_kind == facts.get("body_kind", "json")


@each_operation
def test_answers_agree(operation):
    facts = _witness(operation)
    reply = NONE if "returns" not in facts else PAGE if facts.get("many") else OBJECT
    assert operation.reply == reply
    assert facts["success"] in operation.success


@each_operation
def test_headers_agree(operation):
    assert dict(operation.headers) == _witness(operation).get("headers", {})


@each_operation
def test_an_answer_with_a_secret_in_it_is_declared_as_such(operation):
    returned = types().get(_witness(operation).get("returns"), {"fields": {}})
    if any(field.get("secret") for field in returned["fields"].values()):
        assert operation.answers_secret


@each_operation
def test_limits_agree(operation):
    limits = _witness(operation)["limits"]
    assert (operation.rate.per_minute, operation.rate.per_hour) == (limits.get("per_minute"), limits.get("per_hour"))


@each_operation
def test_list_options_agree(operation):
    facts = _witness(operation)
    assert operation.page_size == facts.get("page_size")
    assert set(operation.filterable) == set(facts.get("filter", ()))
    assert set(operation.expandable) == set(facts.get("expand", ()))


@each_operation
def test_end_dates_agree(operation):
    facts = _witness(operation)
    ends = operation.ends.isoformat() if operation.ends else None
    assert (ends, operation.replacement) == (facts.get("ends"), facts.get("replacement"))


def _agrees(member: Member, facts: dict) -> bool:
    """Whether the type that our code relies on is the witness's."""
    of = facts.get("of") if member.type in (LIST, OBJECTS) else facts["type"]
    described = types().get(of, {}).get("fields")
    if member.type in (OBJECT, OBJECTS):
        return described is not None and all(_agrees(inner, described[inner.name]) for inner in member.within)
    return FIELD_TYPES.get(of, "str" if of in ("string", "datetime") else of) == (FIELD_TYPES["string"] if member.type == LIST else member.type)


@each_operation
def test_what_is_relied_on_in_records_agrees(operation):
    described = types().get(_witness(operation).get("returns"), {}).get("fields", {})
    assert [member.name for member in operation.record if not _agrees(member, described[member.name])] == []


@pytest.mark.parametrize("kind", ["Machine", "MachineAction", "Alert", "GraphAlert", "GraphIncident"])
def test_records_that_tasks_act_by_are_held_against_their_types(kind):
    answering = [operation for operation in every_operation() if _witness(operation).get("returns") == kind]
    assert answering and [operation.id for operation in answering if not operation.record] == []


@each_operation
def test_there_is_a_behaviour(operation):
    assert operation.id in BEHAVIOURS


def test_what_we_do_not_declare_is_listed_with_a_reason():
    declared = {operation.id for operation in every_operation()}
    assert set(missing()) == set(endpoints()) - declared
    assert all(reason.strip() for reason in missing().values())


def test_each_type_that_is_named_is_described():
    named = {facts["returns"] for facts in endpoints().values() if "returns" in facts}
    for described in types().values():
        for facts in described["fields"].values():
            named.add(facts.get("of") if facts["type"] == "list" else facts["type"])
    unknown = {name for name in named if name and name[0].isupper() and " " not in name} - set(types())
    assert unknown == set()


@pytest.mark.parametrize("name", [name for name, facts in types().items() if "sample" in facts])
def test_samples_hold_only_fields_of_their_type(name):
    facts = types()[name]
    parts = {field.partition(".")[0] for field in facts["fields"]}  # header.alg of a client assertion
    assert set(facts["sample"]) <= {*facts["fields"], *parts, "payload"}


@pytest.mark.parametrize("id_", [id_ for id_, facts in endpoints().items() if facts.get("filter") and facts["returns"] in types()])
def test_all_that_can_be_filtered_is_a_field(id_):
    assert set(endpoints()[id_]["filter"]) <= set(properties(endpoints()[id_]))
