# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a record agrees with its type in the contract."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable

from simulator.clock import moment, stamp
from simulator.contract import types

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_moment(value: t.Any) -> bool:
    """A moment as ``stamp`` writes it, which is what filters compare."""
    return stamp(moment(value)) == value


PLAIN: dict[str, Callable[[t.Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "guid": lambda value: bool(GUID.fullmatch(value)),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "datetime": is_moment,
    "object": lambda value: isinstance(value, dict),
}


def wrong(row: t.Mapping[str, t.Any], type_: str, *, listed: bool = False) -> list[str]:
    """What does not agree with the type, in words."""
    fields = {(facts.get("in_lists", name) if listed else name): facts for name, facts in _fields(type_, row).items()}
    found = [f"{type_}.{name}: only here or only there" for name in set(fields) ^ set(row)]
    for name, facts in fields.items():
        found += _wrong_value(row.get(name), facts, f"{type_}.{name}")
    return found


def _fields(type_: str, row: t.Mapping[str, t.Any]) -> dict[str, dict]:
    """The fields that the row should have: of its own kind too, and without those that come only when they are expanded."""
    described = types()[type_]
    kind = described.get("by_type", {}).get(row.get("@odata.type", "").rpartition(".")[2])
    fields = {**described["fields"], **(types()[kind]["fields"] if kind else {})}
    return {name: facts for name, facts in fields.items() if name in row or not facts.get("expanded")}


def _wrong_value(value: t.Any, facts: dict, where: str) -> list[str]:
    type_ = facts.get("in_samples", facts["type"])
    if value is None:
        return [] if facts.get("nullable") else [f"{where} is null"]
    if type_ == "list":
        item_facts = {**facts, "type": "enum" if "choices" in facts else facts["of"]}
        return [fault for item in value for fault in _wrong_value(item, item_facts, where)]
    if type_ == "enum":
        known = (*facts["choices"], *facts.get("choices_when_asked", ()))
        return [] if value in known or facts.get("open") else [f"{where} is {value}"]
    if type_ in PLAIN:
        return [] if PLAIN[type_](value) else [f"{where} is {value!r}"]
    return wrong(value, type_)
