# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Literals of a filter and values of a record, made comparable.

Moments compare as text: the world writes them without needless zeros, see ``clock.stamp``.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from odata_query import ast

from .clock import moment, stamp

LITERALS: dict[str, tuple[type, ...]] = {
    "string": (ast.String,),
    "enum": (ast.String,),
    "guid": (ast.GUID, ast.String),
    "integer": (ast.Integer,),
    "number": (ast.Integer, ast.Float),
    "boolean": (ast.Boolean,),
    "datetime": (ast.DateTime, ast.Date),
}


class ODataError(ValueError):
    """The query is refused; the text says why."""


@dataclass(frozen=True)
class Property:
    """A field that may be named, by its name in the JSON and its facts in the contract."""

    name: str
    facts: Mapping[str, t.Any]

    @property
    def type(self) -> str:
        return self.facts["type"]


def literal(node: t.Any, prop: Property) -> t.Any:
    """The literal as ``comparable`` gives values; ODataError when it does not fit the property."""
    if isinstance(node, ast.Null):
        return None
    allowed = LITERALS[prop.type] + ((ast.Integer,) if prop.facts.get("in_samples") == "integer" else ())
    if type(node) not in allowed:
        raise ODataError(f"The value does not fit '{prop.name}', which is of type {prop.type}.")
    if prop.type == "datetime":
        return _moment(node.val)
    if prop.type == "enum":
        return _member(node.val, prop)
    return comparable(node.py_val if prop.type in ("integer", "number", "boolean") else node.val, prop)


def _member(text: str, prop: Property) -> str:
    """Enum words compare without regard to case: machine.md itself spells them both ways. At Graph a wrong case finds nothing."""
    choices = (*prop.facts["choices"], *prop.facts.get("choices_when_asked", ()))
    if not prop.facts.get("open") and text.lower() not in {choice.lower() for choice in choices}:
        raise ODataError(f"The string '{text}' is not a valid value of '{prop.name}'.")
    return text if prop.facts.get("exact") else text.lower()


def _moment(text: str) -> str:
    try:
        when = moment(_with_time(text))
    except ValueError as error:
        raise ODataError(f"'{text}' is not a moment.") from error
    if when.tzinfo is None:
        raise ODataError(f"'{text}' has no time zone.")
    return stamp(when)[:-1]


def _with_time(text: str) -> str:
    """A bare date, with or without its Z, means the start of that day."""
    day = text.removesuffix("Z")
    return f"{day}T00:00:00Z" if len(day) == len("2018-08-01") else text


def comparable(value: t.Any, prop: Property) -> t.Any:
    if value is None:
        return None
    if prop.type == "datetime":
        return value[:-1]
    if prop.facts.get("any_case") or (prop.type in ("enum", "guid") and not prop.facts.get("exact")):
        return value.lower()
    return str(value) if prop.facts.get("in_samples") else value
