# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes filters as the services read them: texts quoted, moments bare (exposed-apis-odata-samples.md)."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._operation import Operation
from . import moments
from .errors import BadInput
from .words import and_list

_SEVERAL = re.compile(r"\b(and|or)\b", re.IGNORECASE)

Value = t.Union[str, bool, int, datetime.datetime]


def quote(text: str) -> str:
    """``text`` as a literal; a quote within is doubled, so that no value can end it and add a clause of its own."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: Value) -> str:
    """``value`` in the spelling of its type.

    :raises TypeError: there is no spelling for it
    """
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime):
        return moments.spell(value)
    raise TypeError(f"no OData literal for {type(value).__name__}")


def eq(prop: str, value: Value) -> str:
    return f"{prop} eq {literal(value)}"


def ne(prop: str, value: Value) -> str:
    return f"{prop} ne {literal(value)}"


def ge(prop: str, value: Value) -> str:
    return f"{prop} ge {literal(value)}"


def gt(prop: str, value: Value) -> str:
    return f"{prop} gt {literal(value)}"


def le(prop: str, value: Value) -> str:
    return f"{prop} le {literal(value)}"


def lt(prop: str, value: Value) -> str:
    return f"{prop} lt {literal(value)}"


def startswith(prop: str, text: str) -> str:
    return f"startswith({prop},{quote(text)})"


def all_of(*clauses: str | None) -> str:
    """Every clause holds; empty ones are left out, none at all give an empty text."""
    return _joined(" and ", clauses)


def any_of(*clauses: str | None) -> str:
    """At least one clause holds; empty ones are left out, none at all give an empty text."""
    return _joined(" or ", clauses)


def check_filterable(operation: Operation, prop: str) -> None:
    """Refuse a property that the service would not filter by.

    :raises BadInput: with the properties that it does filter by
    """
    if prop not in operation.filterable:
        raise BadInput(f"{operation.id} cannot be filtered by {prop!r}", hint=f"It can by {and_list(operation.filterable)}")


def _joined(word: str, clauses: t.Iterable[str | None]) -> str:
    given = [clause for clause in clauses if clause]
    return given[0] if len(given) == 1 else word.join(_whole(clause) for clause in given)


def _whole(clause: str) -> str:
    """``clause`` in brackets if it may consist of several: a user's own filter may hold an ``or``."""
    return f"({clause})" if _SEVERAL.search(clause) else clause
