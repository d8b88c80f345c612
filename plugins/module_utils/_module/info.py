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
from .._client.errors import BadInput, DefenderError
from .._operation import Operation
from . import rows_file
from .filters import Filter, narrowings, some, where
from .found import Found, missing, none_when_not_found, rows_with

ID = "id"
READING = {
    ID: {"type": "list", "elements": "str"},
    "filter": {"type": "str"},
    "limit": {"type": "int"},
    "allow_missing": {"type": "bool", "default": False},
    "allow_incomplete": {"type": "bool", "default": False},
}
TO_DISK = {"dest": {"type": "path"}}

Find = t.Callable[[t.Any, t.Mapping[str, t.Any]], Found]
Rows = t.Iterator[tuple[dict, str]]
"""Each row with its JSON."""


@dataclass(frozen=True)
class Way:
    """How to find records by something that the list itself cannot be filtered by.

    ``find(client, params)`` asks ``client.require`` before its first call.
    """

    find: Find
    operations: tuple[Operation, ...]
    argument: t.Mapping[str, t.Any] = field(default_factory=lambda: {"type": "list", "elements": "str"})


class Step(t.Protocol):
    """Something that is done with the rows between reading and showing them."""

    @property
    def operations(self) -> t.Sequence[Operation]:
        """What it may call."""

    def rows(self, client, rows: Rows) -> Rows:
        """The rows that go on, in the form in which they go on."""

    def verdict(self) -> dict[str, t.Any]:
        """What the result says of it, when all rows have gone through."""


Steps = t.Callable[[t.Mapping[str, t.Any]], t.Sequence[Step]]


def _no_step(params: t.Mapping[str, t.Any]) -> t.Sequence[Step]:
    return ()


def _as_it_is(row: dict, now: datetime.datetime) -> dict:
    return row


def _nothing_more(rows: list[dict]) -> dict[str, t.Any]:
    return {}


@dataclass(frozen=True)
class Info:
    """``noun`` names the result, in the plural.

    ``ways`` are the options that lead to records without the list; ``filters`` narrow whatever was found. ``by_id`` finds those asked
    for by ``id`` where the ids are not, or not only, those in the records.
    ``options`` are further arguments. ``sift`` and ``enrich`` are steps that these options ask for: the first before
    ``limit`` is counted, the second after; ``operations_of_steps`` what they may call, as in ``Shape.operations_for``.
    ``also`` is a clause that the options add to the filter of the list.
    ``present`` may add facts of ours to a record, ``summary`` to the result.
    With ``columns``, which head a CSV file, records may go to a file instead of the result.
    """

    noun: str
    listing: Operation
    filters: tuple[Filter, ...]
    ways: t.Mapping[str, Way] = field(default_factory=dict)
    by_id: Way | None = None
    options: t.Mapping[str, t.Any] = field(default_factory=dict)
    expand: t.Callable[[t.Mapping[str, t.Any]], tuple[str, ...]] = lambda params: ()
    fold_id: t.Callable[[str], str] = str
    also: t.Callable[[t.Mapping[str, t.Any]], str | None] = lambda params: None
    sift: Steps = _no_step
    enrich: Steps = _no_step
    operations_of_steps: t.Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
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
        by_id = {ID: self.by_id.operations} if self.by_id else {}
        return {**by_id, **{name: way.operations for name, way in self.ways.items()}, **self.operations_of_steps}

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
        """The records of these ids in the user's order, many in one call where the list can be filtered by them."""
        ids = list(dict.fromkeys(self.fold_id(word.strip()) for word in some(ID, params[ID])))
        client.require((self.listing,))
        if ID in self.listing.filterable:
            listed = rows_with(client, self.listing, ID, ids, expand=self.expand(params))
        else:
            listed = none_when_not_found(client.list(self.listing, expand=self.expand(params)))
        rows = {row["id"]: row for row in listed}
        there = [rows[word] for word in ids if word in rows]
        return Found(there, {word: f"there is none with the id {word}" for word in ids if word not in rows})


class Reading:
    """One run of an Info: rows as they come, and at the end what to say about them."""

    def __init__(self, info: Info, client, params: t.Mapping[str, t.Any]) -> None:
        self._info = info
        self._client = client
        self._params = params
        self._narrowed = narrowings(info.filters, params)
        self._sift, self._enrich = info.sift(params), info.enrich(params)
        self._now = moments.from_epoch(client.clock.time())
        self._complete = True
        self._not_found: list[str] = []

    def rows(self) -> Rows:
        """Each row with its JSON, which is what the service sent when it comes from the list.

        :raises DefenderError: see ``Info.work``
        """
        for step in (*self._sift, *self._enrich):
            self._client.require(step.operations)
        way = self._way()
        rows = self._from_list() if way is None else self._from_way(way)
        rows = self._through(self._enrich, self._up_to_limit(self._through(self._sift, rows)))
        for row, text in rows:
            yield self._info.present(row, self._now), text

    def verdict(self) -> dict[str, t.Any]:
        verdict: dict[str, t.Any] = {"complete": self._complete, "not_found": self._not_found}
        for step in (*self._sift, *self._enrich):
            verdict.update(step.verdict())
        return verdict

    def _through(self, steps: t.Sequence[Step], rows: Rows) -> Rows:
        for step in steps:
            rows = step.rows(self._client, rows)
        return rows

    def _up_to_limit(self, rows: Rows) -> Rows:
        for count, pair in enumerate(rows):
            if count == self._params["limit"]:
                self._complete = False
                return
            yield pair

    def _way(self) -> Find | None:
        if self._params[ID] is not None:
            return self._info.by_id.find if self._info.by_id else self._info.find_by_id
        return next((way.find for name, way in self._info.ways.items() if self._params[name] is not None), None)

    def _from_way(self, find: Find) -> Rows:
        found = find(self._client, self._params)
        self._not_found = list(found.not_found)
        if found.not_found and not self._params["allow_missing"]:
            raise missing(self._info.noun, found)
        for row in found.rows:
            if all(entry.fits(row) for entry in self._narrowed):
                yield row, json.dumps(row)

    def _from_list(self) -> Rows:
        self._client.require((self._info.listing,))
        looked_at_here = [entry for entry in self._narrowed if not entry.filter.sent]
        listing = self._client.list(
            self._info.listing,
            where=odata.all_of(where(self._narrowed, self._params["filter"]), self._info.also(self._params)) or None,
            expand=self._info.expand(self._params),
            limit=None if looked_at_here or self._sift else self._params["limit"],
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
