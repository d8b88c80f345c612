# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The value of an expression of Jinja before the run, as far as it can be known."""

from __future__ import annotations

import enum
import operator
import typing as t

from jinja2 import nodes


class Mark(enum.Enum):
    """What stands where there is no value."""

    UNKNOWN = "unknown"
    UNDEFINED = "undefined"
    OMITTED = "omitted"


UNKNOWN, UNDEFINED, OMITTED = Mark.UNKNOWN, Mark.UNDEFINED, Mark.OMITTED

Look = t.Callable[[str], t.Any]
"""Gives the value of a variable, or a Mark."""

_TRUE = ("yes", "on", "1", "true")
_COMPARE: dict[str, t.Callable[[t.Any, t.Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lteq": operator.le, "gt": operator.gt, "gteq": operator.ge,
    "in": lambda one, many: one in many, "notin": lambda one, many: one not in many,
}


def _truth_of_words(value: t.Any) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


_FILTERS: dict[str, t.Callable[[t.Any], t.Any]] = {
    "bool": _truth_of_words, "ansible.builtin.bool": _truth_of_words, "string": str, "lower": lambda value: str(value).lower(),
    "upper": lambda value: str(value).upper(), "trim": lambda value: str(value).strip(), "int": int, "length": len, "count": len, "list": list,
}
"""Those that ask nobody and take nothing but a value."""


def value_of(node: nodes.Node, look: Look) -> t.Any:
    """The value of an expression. What is not listed here is not known."""
    find = _NODES.get(type(node))
    if find is None:
        return UNKNOWN
    try:
        return find(node, look)
    except (TypeError, ValueError, ArithmeticError, RecursionError):
        return UNKNOWN


def _several(items: t.Iterable[nodes.Node], look: Look) -> t.Any:
    values = [value_of(item, look) for item in items]
    return UNKNOWN if any(isinstance(value, Mark) for value in values) else values


def _filter(node: t.Any, look: Look) -> t.Any:
    value = value_of(node.node, look)
    if node.name in ("default", "d"):
        return _default(node, value, look)
    if isinstance(value, Mark) or node.args or node.kwargs or node.name not in _FILTERS:
        return UNKNOWN
    return _FILTERS[node.name](value)


def _default(node: t.Any, value: t.Any, look: Look) -> t.Any:
    named = {pair.key: pair.value for pair in node.kwargs}
    arguments = dict(zip(("default_value", "boolean"), node.args)) | named
    also_empty = value_of(arguments["boolean"], look) if "boolean" in arguments else False
    if value is UNKNOWN or isinstance(also_empty, Mark):
        return UNKNOWN
    if value is UNDEFINED or (also_empty and value is not OMITTED and not value):
        return value_of(arguments["default_value"], look) if "default_value" in arguments else ""
    return value


def _test(node: t.Any, look: Look) -> t.Any:
    value = value_of(node.node, look)
    if value is UNKNOWN:
        return UNKNOWN
    if node.name in ("defined", "undefined"):
        return (value is UNDEFINED) == (node.name == "undefined")
    if node.name == "none" and not isinstance(value, Mark):
        return value is None
    return UNKNOWN


def _both(node: t.Any, look: Look) -> t.Any:
    """Of ``and`` and ``or``: one side may decide, whatever the other is."""
    decides = isinstance(node, nodes.Or)
    unknown = False
    value: t.Any = UNKNOWN
    for side in (node.left, node.right):
        value = value_of(side, look)
        if isinstance(value, Mark):
            unknown = True
        elif bool(value) == decides:
            return bool(value) if unknown else value
    return UNKNOWN if unknown else value


def _not(node: t.Any, look: Look) -> t.Any:
    value = value_of(node.node, look)
    return UNKNOWN if isinstance(value, Mark) else not value


def _choice(node: t.Any, look: Look) -> t.Any:
    test = value_of(node.test, look)
    if isinstance(test, Mark):
        return UNKNOWN
    if test:
        return value_of(node.expr1, look)
    return value_of(node.expr2, look) if node.expr2 is not None else UNDEFINED


def _compare(node: t.Any, look: Look) -> t.Any:
    if len(node.ops) != 1:
        return UNKNOWN
    sides = _several((node.expr, node.ops[0].expr), look)
    return UNKNOWN if sides is UNKNOWN else _COMPARE[node.ops[0].op](*sides)


def _concat(node: t.Any, look: Look) -> t.Any:
    values = _several(node.nodes, look)
    return UNKNOWN if values is UNKNOWN else "".join(map(str, values))


def _sum(node: t.Any, look: Look) -> t.Any:
    values = _several((node.left, node.right), look)
    return UNKNOWN if values is UNKNOWN else values[0] + values[1]


def _member(node: t.Any, look: Look) -> t.Any:
    """Of a mapping that is known; an attribute of anything else is for the run to say."""
    holder = value_of(node.node, look)
    name = node.attr if isinstance(node, nodes.Getattr) else value_of(node.arg, look)
    if holder is UNDEFINED:
        return UNDEFINED
    if not isinstance(holder, dict) or isinstance(name, Mark):
        return UNKNOWN
    return holder.get(name, UNDEFINED)


_NODES: dict[type, t.Callable[[t.Any, Look], t.Any]] = {
    nodes.Const: lambda node, _look: node.value,
    nodes.Name: lambda node, look: look(node.name),
    nodes.List: lambda node, look: _several(node.items, look),
    nodes.Tuple: lambda node, look: _several(node.items, look),
    nodes.Filter: _filter,
    nodes.Test: _test,
    nodes.And: _both,
    nodes.Or: _both,
    nodes.Not: _not,
    nodes.CondExpr: _choice,
    nodes.Compare: _compare,
    nodes.Concat: _concat,
    nodes.Add: _sum,
    nodes.Getattr: _member,
    nodes.Getitem: _member,
}
