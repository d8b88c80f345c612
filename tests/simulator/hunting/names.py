# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether every table, column and function of a query is there, spelled exactly so.

DuckDB finds names in any case, Kusto does not. The KQL library tells the columns after each step of a query, so that a
name which is not among them is refused before any SQL runs.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator, Mapping

from duckdb_kql import KqlSchemaError, ir, schema
from duckdb_kql.translate.naming import extend_names

from ..contract import area
from .comparing import Types, check_comparisons
from .refusals import Refused, not_here, unknown_function, unresolved

Tables = Mapping[str, Types]

OPERATORS = {
    ir.Take: "take", ir.Where: "where", ir.Sort: "sort", ir.Top: "top", ir.Count: "count", ir.GetSchema: "getschema", ir.Project: "project",
    ir.Extend: "extend", ir.Distinct: "distinct", ir.Summarize: "summarize", ir.ProjectAway: "project-away",
    ir.ProjectRename: "project-rename", ir.MvExpand: "mv-expand", ir.Parse: "parse", ir.Join: "join", ir.Lookup: "lookup", ir.Union: "union",
}
MAKE_LISTS = frozenset(("array_concat", "array_slice", "extract_all", "pack_array", "parse_json", "set_difference", "set_intersect", "set_union", "split",
                        "todynamic", "toobject"))
"""What they return the library takes for a text when it stands after has_any, and finds nothing."""
UNKNOWN = ""
"""The type of a column that the query computes."""


def check(query: ir.Query, tables: Tables) -> Types:
    """The columns that come out of the query, with their types.

    :raises Refused: a name is not there, or two things are compared that cannot be
    """
    for name, bound in query.lets:
        if isinstance(bound, ir.Query):
            tables = {**tables, name: check(bound, tables)}
    columns = _source(query, tables)
    for operator in query.operators:
        word = OPERATORS.get(type(operator))
        if word is None:
            raise not_here(type(operator).__name__)
        resolved = schema.resolve_let_refs(operator, list(columns))
        _check_step(resolved, columns, tables, word)
        columns = _after(resolved, columns, tables)
    return columns


def _source(query: ir.Query, tables: Tables) -> Types:
    source = schema.resolve_source_let_refs(query.source)
    first = next((OPERATORS.get(type(operator)) for operator in query.operators), None) or ""
    if isinstance(source, ir.TableRef):
        if source.database or source.cluster:
            raise not_here("another database or cluster")
        if source.name not in tables:
            raise unresolved(first, source.name)
        return tables[source.name]
    if isinstance(source, ir.WildcardTableRef):
        names = _columns_of(lambda: schema.output_columns(ir.Query(source), _named(tables)), first, source.pattern)
        return dict.fromkeys(names, UNKNOWN)
    if isinstance(source, ir.DataTable):
        return dict(source.columns)
    if not isinstance(source, (ir.PrintSource, ir.RangeSource)):
        raise not_here(type(source).__name__)
    _check_step(source, {}, tables, "print" if isinstance(source, ir.PrintSource) else "range")
    return dict.fromkeys(schema.output_columns(ir.Query(source)), UNKNOWN)


def _check_step(step: ir.Node, columns: Types, tables: Tables, word: str) -> None:
    for node in _nodes(step):
        if isinstance(node, ir.Query):
            check(node, tables)
        elif isinstance(node, ir.FunctionCall):
            if not is_function(node.name):
                raise unknown_function(node.name)
        elif isinstance(node, ir.ColumnRef) and node.name not in columns:
            raise unresolved(word, node.name)
        elif isinstance(node, ir.HasList) and any(_may_be_a_list(item, columns) for item in node.items):
            raise not_here("has_any or has_all with a list that is computed")
    for name in _bare(step, tables):
        if name not in columns:
            raise unresolved(word, name)
    check_comparisons(_nodes(step), columns)


def _may_be_a_list(item: ir.Expr, columns: Types) -> bool:
    if isinstance(item, ir.ColumnRef):
        return columns.get(item.name) in ("dynamic", UNKNOWN)
    return isinstance(item, ir.FunctionCall) and item.name in MAKE_LISTS


def _nodes(node: t.Any) -> Iterator[ir.Node]:
    """All that a step is made of; what is inside a query of its own is not."""
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, (list, tuple)):
            waiting.extend(one)
        elif dataclasses.is_dataclass(one) and id(one) not in seen:
            seen.add(id(one))
            yield t.cast(ir.Node, one)
            if not isinstance(one, ir.Query):
                waiting.extend(getattr(one, field.name) for field in dataclasses.fields(one))


def _bare(step: ir.Node, tables: Tables) -> Iterator[str]:
    """Columns that a step names without an expression around them; the right side of a join is checked here."""
    if isinstance(step, ir.ProjectAway):
        yield from (name for name in step.columns if "*" not in name)
    elif isinstance(step, ir.ProjectRename):
        yield from (old for old, _new in step.renames)
    elif isinstance(step, ir.MvExpand):
        yield from (target.column for target in step.targets)
    elif isinstance(step, (ir.Join, ir.Lookup)):
        right = check(step.right, tables)
        for key in step.keys:
            if key.right not in right:
                raise unresolved("join" if isinstance(step, ir.Join) else "lookup", key.right)
            yield key.left


def _after(step: ir.Operator, columns: Types, tables: Tables) -> Types:
    names = _columns_of(lambda: schema.output_columns(ir.Query(ir.TableRef("\0"), [step]), {**_named(tables), "\0": list(columns)}), "", "")
    known = {**dict.fromkeys(names, UNKNOWN), **{name: kind for name, kind in columns.items() if name in names}}
    return {**known, **{name: UNKNOWN for name in _made(step, columns) if name in names}}


def _made(step: ir.Operator, columns: Types) -> list[str]:
    """Columns that a step computes, which may bear the name of one that was there."""
    if isinstance(step, ir.Extend):
        return list(extend_names(step.expressions, list(columns)))
    if isinstance(step, (ir.Project, ir.Distinct)):
        return [one.name for one in step.expressions if one.name and one.expr != ir.ColumnRef(one.name)]
    if isinstance(step, ir.Summarize):
        return [one.name for one in (*step.aggregates, *step.by) if one.name and one.expr != ir.ColumnRef(one.name)]
    return list(columns) if isinstance(step, (ir.MvExpand, ir.Parse, ir.ProjectRename, ir.Union)) else []


def _columns_of(ask: t.Callable[[], list[str]], word: str, name: str) -> list[str]:
    try:
        return ask()
    except KqlSchemaError as error:
        if "differ only in case" in str(error):  # the library has no other word for it
            raise not_here("columns that differ in the case of a letter alone") from error
        raise unresolved(word, name) if name else Refused(str(error)) from error


def _named(tables: Tables) -> dict[str, list[str]]:
    return {name: list(columns) for name, columns in tables.items()}


def is_function(name: str) -> bool:
    """Whether Kusto, or advanced hunting, has a function of that name."""
    known = area("kusto")
    return name.startswith(("geo_", "series_")) or any(name in known[kind] for kind in ("scalar", "aggregate", "hunting"))
