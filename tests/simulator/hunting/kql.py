# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a query in KQL to SQL for DuckDB: what Kusto refuses, or the simulator cannot do, ends here."""

from __future__ import annotations

import datetime as dt
import typing as t

from duckdb_kql import KqlError, KqlSchemaError, KqlSyntaxError, KqlUnsupportedError, translate
from duckdb_kql.lower import lower

from . import names, taught
from .literals import Token, spelled, tokens
from .names import Tables, Types
from .refusals import Refused, at_place, not_here, syntax, unknown_function

FIRST_WORDS = frozenset({"set", "declare", "alias", "restrict", "pattern"})
"""Statements before a query that the library would carry out, or that advanced hunting has no use for."""

assert taught.SCALARS, "importing them teaches them"


class Translated(t.NamedTuple):
    sql: str
    parameters: dict[str, t.Any]
    columns: Types
    """As far as their types are known."""
    tables: frozenset[str]
    """Those it names."""


def translated(query: str, tables: Tables, now: dt.datetime) -> Translated:
    """:raises Refused: Kusto would not take it
    :raises NotHere: Kusto would, the simulator cannot
    """
    found = tokens(query)
    _check_statements(found, query)
    try:
        asked = lower(spelled(found), {}, {}, None, {})
        columns = names.check(asked, tables)
        with translate.clock(now) as clock:
            result = translate.to_sql(asked, {name: list(known) for name, known in tables.items()})
    except KqlError as error:
        raise _refusal(error) from error
    parameters = {translate.CLOCK_SLOT: clock.moment} if clock.used else {}
    words = frozenset(token.text for token in found if token.kind == "word")
    wildcard = any(token.text == "*" for token in found)
    return Translated(str(result), parameters, columns, frozenset(tables) if wildcard else words & frozenset(tables))


def _check_statements(found: list[Token], query: str) -> None:
    written = [token for token in found if token.kind != "space"]
    if not written:
        raise Refused("The query is empty")
    if written[0].text == ".":
        raise syntax(query, written[0].at, known="control commands are not queries")
    for before, token in zip([None, *written], written):
        begins = before is None or before.text == ";"
        if begins and token.text in FIRST_WORDS:
            raise not_here(f"the statement {token.text}")


def _refusal(error: KqlError) -> Exception:
    if isinstance(error, KqlSyntaxError):
        first = error.diagnostics[0] if error.diagnostics else None
        # What the grammar would rather have is a page long.
        return at_place(first.span.line, first.span.column, first.message.partition(" expecting ")[0]) if first else Refused(str(error))
    if isinstance(error, KqlUnsupportedError):
        kind, _colon, name = error.construct.partition(":")
        if kind in ("function", "aggregate", "invoke") and not names.is_function(name):
            return unknown_function(name)
        if error.construct == "multi-statement":
            return Refused("Only one query may be sent at once")
        if kind == "literal":
            return Refused(f"{error.construct} could not be read{f': {error.hint}' if error.hint else ''}")
        return not_here(error.construct)
    return Refused(f"Failed to resolve {error.name}: {error.hint}") if isinstance(error, KqlSchemaError) else Refused(str(error))
