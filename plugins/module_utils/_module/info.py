# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that read: some things by their ids, or many by filter."""

from __future__ import annotations

import datetime
import itertools
import json
import typing as t
from dataclasses import dataclass, field

from .._client import moments, odata
from .._client.errors import BadInput, DefenderError, NotFound
from .._client.words import and_list
from .._operation import Operation
from .._response.state import IDS_A_CALL, chunks
from . import rows_file
from .filters import Filter, narrowings, some, where

ID = "id"
READING = {
    ID: {"type": "list", "elements": "str"},
    "filter": {"type": "str"},
    "limit": {"type": "int"},
    "allow_missing": {"type": "bool", "default": False},
    "allow_incomplete": {"type": "bool", "default": False},
}
TO_DISK = {"dest": {"type": "path"}}

NAMED_AT_MOST = 5
"""How many of the things that were not found a message names; the result names all."""


class Found(t.NamedTuple):
    """Records that answer a direct question, and a sentence for every thing asked for that is not there, by its name."""

    rows: list[dict]
    not_found: t.Mapping[str, str]


Find = t.Callable[[t.Any, t.Mapping[str, t.Any]], Found]
Row = t.TypeVar("Row")


@dataclass(frozen=True)
class Way:
    """How to find records by something that the list itself cannot be filtered by.

    ``find(client, params)`` asks ``client.require`` before its first call.
    """

    find: Find
    operations: tuple[Operation, ...]
    argument: t.Mapping[str, t.Any] = field(default_factory=lambda: {"type": "list", "elements": "str"})


def _as_it_is(row: dict, now: datetime.datetime) -> dict:
    return row


def _nothing_more(rows: list[dict]) -> dict[str, t.Any]:
    return {}


@dataclass(frozen=True)
class Info:
    """``noun`` names the result, in the plural.

    ``ways`` are the options that lead to records without the list; ``filters`` narrow whatever was found.
    ``options`` are further arguments. ``present`` may add facts of ours to a record, ``summary`` to the result.
    With ``columns``, which head a CSV file, records may go to a file instead of the result.
    """

    noun: str
    listing: Operation
    filters: tuple[Filter, ...]
    ways: t.Mapping[str, Way] = field(default_factory=dict)
    options: t.Mapping[str, t.Any] = field(default_factory=dict)
    expand: t.Callable[[t.Mapping[str, t.Any]], tuple[str, ...]] = lambda params: ()
    fold_id: t.Callable[[str], str] = str
    present: t.Callable[[dict, datetime.datetime], dict] = _as_it_is
    summary: t.Callable[[list[dict]], dict[str, t.Any]] = _nothing_more
    columns: tuple[str, ...] = ()
    required_by: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        own = {name: way.argument for name, way in self.ways.items()}
        own.update((entry.option, entry.argument) for entry in self.filters)
        return {**READING, **own, **self.options, **(TO_DISK if self.columns else {})}

    @property
    def rules(self) -> dict[str, t.Any]:
        others = (*self.ways, *(entry.option for entry in self.filters), "filter", "limit")
        ways_and_filter = (ID, *self.ways, "filter")
        pairs = {frozenset(pair): pair for pair in itertools.combinations(ways_and_filter, 2)}
        pairs.update((frozenset((ID, other)), (ID, other)) for other in others)
        return {"mutually_exclusive": list(pairs.values()), "required_by": self.required_by}

    @property
    def operations(self) -> tuple[Operation, ...]:
        return (self.listing,)

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        return {name: way.operations for name, way in self.ways.items()}

    def work(self, client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Read what is asked for.

        :raises NotFound: something that was asked for by its name is not there
        :raises DefenderError: the list could not be read to its end
        """
        if params["limit"] is not None and params["limit"] < 1:
            raise BadInput(f"limit is {params['limit']}", hint="Give a whole number from 1, or leave it out to read all")
        target = rows_file.target(params["dest"]) if params.get("dest") else None
        reading = Reading(self, client, params)
        if target is not None:
            written = rows_file.write(target, reading.rows(), self.columns, dry=client.dry)
            return {**reading.verdict(), **written}
        rows = [row for row, _text in reading.rows()]
        return {self.noun: rows, "count": len(rows), **reading.verdict(), **self.summary(rows)}

    def find_by_id(self, client, params: t.Mapping[str, t.Any]) -> Found:
        """The records of these ids in the user's order, many in one call."""
        ids = list(dict.fromkeys(self.fold_id(word.strip()) for word in some(ID, params[ID])))
        client.require((self.listing,))
        rows = {row["id"]: row for row in rows_with(client, self.listing, "id", ids, expand=self.expand(params))}
        there = [rows[word] for word in ids if word in rows]
        return Found(there, {word: f"there is none with the id {word}" for word in ids if word not in rows})


class Reading:
    """One run of an Info: rows as they come, and at the end what to say about them."""

    def __init__(self, info: Info, client, params: t.Mapping[str, t.Any]) -> None:
        self._info = info
        self._client = client
        self._params = params
        self._narrowed = narrowings(info.filters, params)
        self._now = moments.from_epoch(client.clock.time())
        self._complete = True
        self._not_found: list[str] = []

    def rows(self) -> t.Iterator[tuple[dict, str]]:
        """Each row with its JSON, which is what the service sent when it comes from the list.

        :raises DefenderError: see ``Info.work``
        """
        way = self._way()
        rows = self._from_list() if way is None else self._from_way(way)
        for count, (row, text) in enumerate(rows):
            if count == self._params["limit"]:
                self._complete = False
                return
            yield self._info.present(row, self._now), text

    def verdict(self) -> dict[str, t.Any]:
        return {"complete": self._complete, "not_found": self._not_found}

    def _way(self) -> Find | None:
        if self._params[ID] is not None:
            return self._info.find_by_id
        return next((way.find for name, way in self._info.ways.items() if self._params[name] is not None), None)

    def _from_way(self, find: Find) -> t.Iterator[tuple[dict, str]]:
        found = find(self._client, self._params)
        self._not_found = list(found.not_found)
        if found.not_found and not self._params["allow_missing"]:
            raise missing(self._info.noun, found)
        for row in found.rows:
            if all(entry.fits(row) for entry in self._narrowed):
                yield row, json.dumps(row)

    def _from_list(self) -> t.Iterator[tuple[dict, str]]:
        self._client.require((self._info.listing,))
        looked_at_here = [entry for entry in self._narrowed if not entry.filter.sent]
        listing = self._client.list(
            self._info.listing,
            where=where(self._narrowed, self._params["filter"]),
            expand=self._info.expand(self._params),
            limit=None if looked_at_here else self._params["limit"],
        )
        try:
            for row, text in none_when_not_found(listing.raw()):
                if all(entry.fits(row) for entry in looked_at_here):
                    yield row, text
            self._complete = listing.complete or not listing.count
        except DefenderError as error:
            if not (self._params["allow_incomplete"] and listing.count):
                raise
            self._complete = False
            self._client.warnings.append(f"The list of {self._info.noun} broke off after {listing.count}: {error.sentence()}")


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
