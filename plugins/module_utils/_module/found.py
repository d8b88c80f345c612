# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that were asked for by something they are known by, and what is said of those that are not there."""

from __future__ import annotations

import typing as t

from .._client import odata
from .._client.errors import NotFound
from .._client.words import and_list
from .._operation import Operation
from .._response.state import IDS_A_CALL, chunks

NAMED_AT_MOST = 5
"""How many of the things that were not found a message names; the result names all."""

Row = t.TypeVar("Row")


class Found(t.NamedTuple):
    """Records that answer a direct question, and a sentence for every thing asked for that is not there, by its name."""

    rows: list[dict]
    not_found: t.Mapping[str, str]


def rows_with(client, listing: Operation, prop: str, values: t.Sequence[str], expand: tuple[str, ...] = ()) -> t.Iterator[dict]:
    """The rows whose property is one of ``values``, of which many fit into one call."""
    for group in chunks(values, IDS_A_CALL):
        yield from none_when_not_found(client.list(listing, where=odata.any_of(*(odata.eq(prop, value) for value in group)), expand=expand))


def none_when_not_found(rows: t.Iterable[Row]) -> t.Iterator[Row]:
    """``rows``; a list with nothing in it may answer 404 (get-machines.md)."""
    empty = True
    try:
        for row in rows:
            empty = False
            yield row
    except NotFound:
        if not empty:
            raise


def missing(noun: str, found: Found) -> NotFound:
    """The error for what was asked for and is not there."""
    named = list(found.not_found.values())
    more = [f"{len(named) - NAMED_AT_MOST} more"] if len(named) > NAMED_AT_MOST else []
    return NotFound(
        f"Not all {noun} that were asked for are there: {and_list([*named[:NAMED_AT_MOST], *more])}",
        hint="Set allow_missing: true to go on with those that are; a token sees only what its app may see",
        details={"not_found": list(found.not_found)},
    )
