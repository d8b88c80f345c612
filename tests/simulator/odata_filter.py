# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One $filter text as a predicate on records: parsed by odata-query, then checked, then closures.

The library takes ``bad eq eq`` for an expression about a property named ``eq``, so every name is looked up.
"""

from __future__ import annotations

import copy
import operator
import typing as t
from collections.abc import Callable, Iterator, Mapping

from odata_query import ast, exceptions
from odata_query.grammar import ODataLexer, ODataParser

from .odata_values import ODataError, Property, comparable, literal
from .rows import Row

Predicate = Callable[[Row], bool]
Test = Callable[[t.Any], bool]
"""On the value of one property."""

ORDER: dict[type, Callable[[t.Any, t.Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}
TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith, "endswith": str.endswith, "contains": operator.contains,
}
ORDERED = ("string", "integer", "number", "datetime")

Names = Mapping[str, Property]


class Lexer(ODataLexer):
    """The library's, and the date with a Z but no time that exposed-apis-odata-samples.md shows."""

    # sly puts _ into the class body.
    # pylint: disable=disallowed-name,used-before-assignment
    tokens = ODataLexer.tokens
    _: Callable[..., t.Any]

    @_(r"[1-9]\d{3}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])Z?")  # noqa: F821
    def DATE(self, token):  # noqa: N802 - the token's name
        token.value = ast.Date(token.value)
        return token


def predicate(text: str, names: Names) -> Predicate:
    """The filter as a function of a record; ODataError when it is not one."""
    return _condition(_parse(text), names)


def _parse(text: str) -> ast._Node:
    try:
        return ODataParser().parse(iter(_tokens(text)))
    except exceptions.ODataException as error:
        raise ODataError(f"Syntax error in '{text}'.") from error


def _tokens(text: str) -> Iterator[t.Any]:
    """The library's tokens; it wants a comma behind a lone list item, where OData has none."""
    tokens = list(Lexer().tokenize(text))
    before: list[str] = []
    for token in tokens:
        if token.type == ")" and before[-1:] == [","]:
            raise ODataError(f"Syntax error in '{text}'.")
        if token.type == ")" and before[-3:-1] == ["IN", "("]:
            comma = copy.copy(token)
            comma.type = comma.value = ","
            yield comma
        if token.type != "WS":
            before.append(token.type)
        yield token


def _condition(node: ast._Node, names: Names) -> Predicate:
    if isinstance(node, ast.BoolOp):
        parts = [_condition(part, names) for part in _flat(node, type(node.op))]
        if isinstance(node.op, ast.And):
            return lambda row: all(part(row) for part in parts)
        return lambda row: any(part(row) for part in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _condition(node.operand, names)
        return lambda row: not inner(row)
    if isinstance(node, ast.CollectionLambda):
        return _lambda(node, names)
    prop, test = _test(node, names)
    name = prop.name
    return lambda row: test(row[name])


def _flat(node: ast._Node, kind: type) -> Iterator[ast._Node]:
    """The parts of a chain of one operator; long chains must not nest our closures."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.BoolOp) and isinstance(part.op, kind):
            waiting += [part.right, part.left]
        else:
            yield part


def _lambda(node: ast.CollectionLambda, names: Names) -> Predicate:
    """``machineTags/any(tag: tag eq 'x')``; without a body any() asks whether there are elements."""
    prop = _property(node.owner, names)
    if prop.type != "list" or prop.facts["of"] != "string":
        raise ODataError(f"'{prop.name}' is not a collection of text.")
    name = prop.name
    if node.lambda_ is None:
        return lambda row: bool(row[name])
    element = node.lambda_.identifier.name
    inner = _condition(node.lambda_.expression, {element: Property(element, {"type": "string"})})
    join = any if isinstance(node.operator, ast.Any) else all
    return lambda row: join(inner({element: value}) for value in row[name])


def _property(node: ast._Node, names: Names) -> Property:
    if not isinstance(node, ast.Identifier) or node.namespace:
        raise ODataError("A property name was expected.")
    if node.name not in names:
        raise ODataError(f"Could not find a property named '{node.name}', or it cannot be filtered.")
    return names[node.name]


def _test(node: ast._Node, names: Names) -> tuple[Property, Test]:
    """One comparison or function call: the property it is about, and what must hold of its value."""
    if isinstance(node, ast.Call):
        return _text_test(node, names)
    if not isinstance(node, ast.Compare):
        raise ODataError("A condition was expected.")
    prop = _property(node.left, names)
    if prop.type == "list":
        raise ODataError(f"'{prop.name}' is a collection: use any().")
    if isinstance(node.comparator, ast.In):
        if not isinstance(node.right, ast.List):
            raise ODataError("A list was expected after 'in'.")
        wanted = frozenset(literal(item, prop) for item in node.right.val)
        return prop, lambda value: comparable(value, prop) in wanted
    one = literal(node.right, prop)
    if isinstance(node.comparator, ast.Eq):
        return prop, lambda value: comparable(value, prop) == one
    if isinstance(node.comparator, ast.NotEq):
        return prop, lambda value: comparable(value, prop) != one
    if one is None or prop.type not in ORDERED or prop.facts.get("in_samples"):
        raise ODataError(f"'{prop.name}' cannot be compared in that way.")
    compare = ORDER[type(node.comparator)]
    return prop, lambda value: value is not None and compare(comparable(value, prop), one)


def _text_test(node: ast.Call, names: Names) -> tuple[Property, Test]:
    function = node.func.name
    if node.func.namespace or function not in TEXT_TESTS:
        raise ODataError(f"The function '{function}' is not supported.")
    prop = _property(node.args[0], names)
    if prop.type != "string" or not isinstance(node.args[1], ast.String):
        raise ODataError(f"The function '{function}' needs a text property and a text.")
    compare, part = TEXT_TESTS[function], node.args[1].val
    return prop, lambda value: value is not None and compare(value, part)
