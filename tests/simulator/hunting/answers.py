# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a query answers, as the service spells it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from duckdb_kql.types import rest_datatype

if t.TYPE_CHECKING:
    import duckdb

    from .kql import Translated

AT_ONCE = 5_000
"""Rows fetched at once."""
SPELLED = {
    # A text is never null.
    "string": "coalesce({0}, '')",
    # Seven digits of a second; DuckDB keeps six.
    "datetime": "strftime({0}, '%Y-%m-%dT%H:%M:%S.%f') || '0Z'",
    "real": "CASE WHEN isfinite({0}) THEN {0} END",
    "timespan": "CASE WHEN {0} IS NOT NULL THEN "
                "(CASE WHEN epoch_us({0}) < 0 THEN '-' ELSE '' END)"
                " || (CASE WHEN abs(epoch_us({0})) >= 86400000000 THEN (abs(epoch_us({0})) // 86400000000)::VARCHAR || '.' ELSE '' END)"
                " || strftime(make_timestamp(abs(epoch_us({0})) % 86400000000), '%H:%M:%S')"
                " || (CASE WHEN abs(epoch_us({0})) % 1000000 > 0 THEN printf('.%06d0', abs(epoch_us({0})) % 1000000) ELSE '' END) END",
    "guid": "{0}::VARCHAR",
}
"""Type -> how DuckDB writes it as JSON is to have it; all others as they are. A dynamic value is JSON itself, and a bool is
true or false although its type is called SByte (inferred: no page shows either)."""


@dataclass(frozen=True)
class Limits:
    rows: int = 100_000
    bytes: int = 50_000_000
    seconds: float = 180.0


@dataclass(frozen=True)
class Answer:
    columns: Mapping[str, str]
    """Name -> type in Kusto's words."""
    rows: list[str]
    """Each as JSON."""
    size: int
    """Of the rows, in bytes."""
    cut: bool
    """Whether there were more rows than the limit, which are left out."""
    too_large: bool
    """Whether the rows are more bytes than the limit; then not all are there."""

    def schema(self, name: str, kind: str) -> list[dict[str, str]]:
        return [{name: column, kind: rest_datatype(known)} for column, known in self.columns.items()]


def collected(cursor: duckdb.DuckDBPyConnection, asked: Translated, columns: Mapping[str, str], limits: Limits, *, odata: bool = False) -> Answer:
    """Run it. ``odata`` adds what Graph adds: a member that tells the type before each long."""
    members = []
    for column, kind in columns.items():
        if odata and kind == "long":
            members.append(f"{_text(f'{column}@odata.type')}: '#Int64'")
        members.append(f"{_text(column)}: {SPELLED.get(kind, '{0}').format(_name(column))}")
    statement = f"SELECT to_json({{{', '.join(members)}}})::VARCHAR FROM ({asked.sql}) LIMIT {limits.rows + 1}"
    cursor.execute(statement, asked.parameters)
    rows: list[str] = []
    size = 0
    while size <= limits.bytes and (some := cursor.fetchmany(AT_ONCE)):
        rows += [row for (row,) in some]
        size += sum(len(row) for (row,) in some)
    cut = len(rows) > limits.rows
    return Answer(columns, rows[: limits.rows], size, cut, size > limits.bytes)


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
