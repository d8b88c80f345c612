# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a query that cannot be answered, in the service's words where a page has them (advanced-hunting-errors.md)."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is the service's answer, not an error of ours
    """The query is wrong, or asks too much."""


class NotHere(Exception):  # noqa: N818 - likewise
    """Kusto would answer, the simulator cannot: told apart from a wrong query, so that nobody mends a right one."""


class TimedOut(Exception):  # noqa: N818 - likewise
    """The query took too long."""


class TooMuch(Exception):  # noqa: N818 - likewise
    """The answer has more rows or bytes than are allowed."""


def syntax(query: str, at: int, *, known: str = "") -> Refused:
    """The query cannot be read at that place."""
    before = query[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1)
    return at_place(line, column, known or f"Unexpected: {query[at : at + 20]!r}")


def at_place(line: int, column: int, text: str) -> Refused:
    return Refused(f"A recognition error occurred. Line {line}, position {column}: {text}")


def unresolved(operator: str, name: str) -> Refused:
    """There is no such table or column, or the caller's service does not have it: all these look the same."""
    where = f"'{operator}' operator: " if operator else ""
    return Refused(f"{where}Failed to resolve table or column expression named '{name}'")


def unknown_function(name: str) -> Refused:
    return Refused(f"Unknown function: '{name}'")


def not_here(what: str) -> NotHere:
    return NotHere(f"The simulator cannot run this, Kusto may: {what}")
