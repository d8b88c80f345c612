# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which things Kusto compares with each other.

DuckDB reads the text "6154" as a number where a number is wanted; Kusto refuses to compare the two. Columns of the tables
and literals are judged; what a query computes is left to DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from duckdb_kql import ir

from .refusals import Refused

Types = Mapping[str, str]
"""Column -> its type, or nothing where it is not known."""

NUMBERS = frozenset({"int", "long", "real", "decimal"})
COMPARING = frozenset({"==", "!=", "<>", "<", "<=", ">", ">=", "=~", "!~"})
LENIENT = frozenset({"", "dynamic", "null", "bool"})
"""The pages themselves compare a bool with "0" (advanced-hunting-urlclickevents-table.md)."""
RETURNS = {"now": "datetime", "ago": "datetime", "todatetime": "datetime", "tostring": "string", "strcat": "string", "tolower": "string",
           "toupper": "string", "tolong": "long", "toint": "int", "totimespan": "timespan"}


def check_comparisons(nodes: Iterable[ir.Node], columns: Types) -> None:
    """:raises Refused: two things are compared that are of different kinds"""
    for node in nodes:
        for left, right in _pairs(node):
            one, other = _kind(left, columns), _kind(right, columns)
            if not _comparable(one, other):
                raise Refused(f"Cannot compare values of types {one} and {other}. Try adding explicit casts")


def _pairs(node: ir.Node) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    if isinstance(node, ir.BinaryOp) and node.op in COMPARING:
        yield node.left, node.right
    elif isinstance(node, ir.InList):
        yield from ((node.value, item) for item in node.items)
    elif isinstance(node, ir.Between):
        yield node.value, node.low
        if _kind(node.high, {}) != "timespan":
            yield node.value, node.high


def _kind(expression: ir.Expr, columns: Types) -> str:
    if isinstance(expression, ir.ColumnRef):
        return columns.get(expression.name, "")
    if isinstance(expression, ir.Literal):
        return expression.kind
    return RETURNS.get(expression.name, "") if isinstance(expression, ir.FunctionCall) else ""


def _comparable(one: str, other: str) -> bool:
    return bool({one, other} & LENIENT) or one == other or {one, other} <= NUMBERS
