# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a list to its end, page by page and row by row, and knows whether it was the end."""

from __future__ import annotations

import typing as t
from urllib.parse import SplitResult, urljoin, urlsplit

from .._operation import GRAPH, Operation
from .errors import BadAnswer, DefenderError, Incomplete
from .record_types import check_record
from .request import Request, target
from .stream import Page
from .text import plain

if t.TYPE_CHECKING:
    from .line import Line

MOST_PAGES = 10_000
NEXT = "@odata.nextLink"
HTTPS_PORT = 443

Row = dict[str, t.Any]


class Listing:
    """The rows of a list, asked for while one iterates, each once.

    :ivar complete: whether all rows were read; meaningful when the iteration has ended
    :ivar reason: why it is not complete
    :ivar calls: pages asked for, repetitions included
    :ivar count: rows handed out
    :ivar duplicates: rows left out because their id had come before
    """

    def __init__(self, line: Line, operation: Operation, *, path: str, query: t.Mapping[str, t.Any], limit: int | None = None) -> None:
        self._line = line
        self._operation = operation
        self._path = path
        self._query = query
        self._limit = limit
        self._begin()

    def _begin(self) -> None:
        self.complete = False
        self.reason: str | None = "it was not read to its end"
        self.calls = self.count = self.duplicates = 0
        self._received = 0
        self._has_links = False
        self._rest: dict[str, t.Any] = {}
        # Hashes take less room than ids: 6 MB for 100,000. That two of those share one happens once in 3,000 million lists.
        self._seen: set[int] = set()

    def __iter__(self) -> t.Iterator[Row]:
        for row, _spelling in self.raw():
            yield row

    def raw(self) -> t.Iterator[tuple[Row, str]]:
        """Each row with the JSON text it was sent as. To iterate anew asks the service anew.

        :raises Incomplete: the pages go in a circle or do not end
        :raises BadAnswer: a page cannot be read, or the next one is said to be at another host
        """
        self._begin()
        asked: set[str] = set()
        wanted: str | None = target(self._path, self._query)
        while wanted is not None:
            if wanted in asked or len(asked) == MOST_PAGES:
                raise self._gone_wrong("the pages go in a circle" if wanted in asked else f"there are more than {MOST_PAGES} pages")
            asked.add(wanted)
            count, received = self.count, self._received
            for row, spelling in self._page(wanted):
                if self.count == self._limit:
                    self._stopped()
                    return
                self.count += 1
                yield row, spelling
            received = self._received - received
            if received and self.count == count:
                raise self._gone_wrong("a page brought nothing but rows that had come before")
            wanted = self._next(wanted, received)
            if wanted is not None and self.count == self._limit:
                self._stopped()
                return
        self.complete, self.reason = True, None

    def _page(self, wanted: str) -> t.Iterator[tuple[Row, str]]:
        """The rows of one page that are new; a page that breaks off is asked for again."""
        patience = self._line.patience(self._operation)
        known = 0
        while True:
            self.calls += 1
            number = 0
            token, turn = self._line.turn(self._operation)
            try:
                with self._line.send(self._operation, Request(self._operation.method, wanted, headers=dict(self._operation.headers)), token, turn) as incoming:
                    page = Page(incoming.chunks())
                    for number, (row, spelling) in enumerate(page, start=1):
                        check_record(self._operation, row)
                        if self._is_new(row, read_before=number <= known):
                            yield row, spelling
                self._received += number
                self._rest = page.rest
                return
            except DefenderError as error:
                patience.after(error)
            known = max(known, number)

    def _is_new(self, row: Row, read_before: bool) -> bool:
        row_id = row.get("id")
        if not isinstance(row_id, (str, int)):
            return not read_before
        mark = hash(row_id)
        if mark not in self._seen:
            self._seen.add(mark)
            return True
        self.duplicates += not read_before
        return False

    def _next(self, wanted: str, received: int) -> str | None:
        """What to ask for after a page of ``received`` rows: where the service points to, or what follows a full page.

        The pages of Defender do not promise next links (get-machines.md); a service that has given one gives them to the end. Graph
        promises them, and its directory knows no $skip (Graph paging page).
        """
        link = self._rest.get(NEXT)
        if link:
            self._has_links = True
            return self._on_our_own_host(link, wanted)
        full = self._query.get("$top", self._operation.page_size if self._operation.page_size_is_stated else 1)
        if self._has_links or full is None or received < full or self._operation.service == GRAPH:
            return None
        return target(self._path, {**self._query, "$skip": self._query.get("$skip", 0) + self._received})

    def _on_our_own_host(self, link: t.Any, wanted: str) -> str:
        """Path and query of a next link. The bearer goes to no other host, whatever a link says."""
        try:
            there = urlsplit(urljoin(self._line.url + wanted, link))
            ours = _origin(there) == _origin(urlsplit(self._line.url)) or there.hostname in self._line.names
        except (TypeError, ValueError) as error:
            raise BadAnswer("The service's link to the next page is no address") from error
        if there.scheme != "https" or not ours:
            raise BadAnswer(
                f"The service says that the list goes on at {plain(there.hostname or 'nowhere')}, which is another host, so it is not followed",
                hint="Set api_url, or cloud and region, to the host of the tenant; if it stays, something between here and the service changes answers",
            )
        return f"{there.path}?{there.query}" if there.query else there.path

    def _stopped(self) -> None:
        self.reason = f"there may be more than the limit of {self._limit}"

    def _gone_wrong(self, reason: str) -> Incomplete:
        self.reason = reason
        return Incomplete(
            f"The list of {self._operation.id} cannot be read to its end: {reason}",
            hint=f"{self.count} rows were read; narrow the filter, or try again",
        )


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or HTTPS_PORT
