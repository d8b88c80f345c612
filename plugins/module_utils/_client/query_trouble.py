# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells apart why a hunting query was not answered: it is wrong, it finds too much, it costs too much."""

from __future__ import annotations

import typing as t

from .._operation import Operation
from .errors import DefenderError, Ended, QueryRejected, ResultTooLarge, ServiceError, TooCostly
from .no_answer import READ_TIMEOUT

WRONG = (
    "Look at the names of tables and columns and at the syntax. "
    "A table that the tenant has no licence for, or that this service does not have, is unknown as well"
)
TOO_LARGE = "Ask for fewer rows or columns: project, summarize, a shorter timespan, or several queries of a part each"
TOO_COSTLY = "Ask for less: a shorter timespan, filters on Timestamp first, has instead of contains, fewer joins; or several queries of a part each"
TOO_LONG = "Split the lists among the parameters"

GATEWAY_TIMEOUT, BAD_REQUEST, BODY_TOO_LARGE, GONE = 504, 400, 413, 410

# A query that is wrong, one that finds too much and one that costs too much are all 400 BadRequest, and only the text tells which
# (run-advanced-query-api.md, advanced-hunting-errors.md; the second text was seen in public reports). With other words it counts as wrong, and the
# text is shown.
_BY_TEXT: tuple[tuple[str, type[ServiceError], str], ...] = (
    ("exceeded the allowed result size", ResultTooLarge, TOO_LARGE),
    ("exceeded the allowed limits", TooCostly, TOO_COSTLY),
    ("excessive resource consumption", TooCostly, TOO_COSTLY),
)


def told_apart(operation: Operation, error: DefenderError) -> DefenderError:
    """The failure that ``error`` stands for where a hunting query was asked; others as they are."""
    if error.status == GONE and operation.ends is not None:
        return _as(Ended, error, operation.instead)
    if error.status == GATEWAY_TIMEOUT or error.code == READ_TIMEOUT:
        return _as(TooCostly, error, TOO_COSTLY)
    if error.status == BODY_TOO_LARGE:
        return _as(ServiceError, error, TOO_LONG)
    if error.status != BAD_REQUEST:
        return error
    said = error.msg.lower()
    kind, hint = next(((kind, hint) for words, kind, hint in _BY_TEXT if words in said), (QueryRejected, WRONG))
    return _as(kind, error, hint)


def _as(kind: type[DefenderError], error: DefenderError, hint: str | None) -> DefenderError:
    facts: dict[str, t.Any] = {"code": error.code, "status": error.status, "request_id": error.request_id, "details": error.details}
    return kind(error.msg, hint=hint, **facts)
