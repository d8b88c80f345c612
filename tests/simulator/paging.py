# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One page of a list as the service sends it: @odata.context, value, and perhaps @odata.nextLink.

With ``$top`` the next link is left out; without it a full page carries one, which clients see and no page
describes (get-machines.md). Bodies are made of text already encoded: 10,000 machines are 12 MB.
"""

from __future__ import annotations

import itertools
import json
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from .odata import Options
from .rows import Ordered, Row
from .world import Settings


class Page(t.NamedTuple):
    rows: list[Row]
    next_start: int | None
    """Where the next page begins, when there is one and the service says so."""


def page(rows: Ordered, asked: Options, page_size: int | None, *, beyond_top: bool = False) -> Page:
    """The rows that one answer holds; ``beyond_top`` when $top is the size of a page and not of the whole list."""
    limit = min(number for number in (asked.top, page_size, len(rows)) if number is not None)
    stop = asked.skip + limit
    found = list(_found(rows, asked, stop + 1))  # one more than wanted tells whether a page follows
    follows = len(found) > limit and (beyond_top or asked.top is None)
    return Page(found[:limit], stop if follows else None)


def _found(rows: Ordered, asked: Options, stop: int) -> Iterator[Row]:
    if asked.where is None:
        return rows.slice(asked.skip, stop)
    return itertools.islice(filter(asked.where, rows), asked.skip, stop)


def next_link(url: str, query: Mapping[str, str], start: int, settings: Settings) -> str:
    """The link to the page that begins at ``start``; both ways to go on are seen at clients."""
    kept = {name: value for name, value in query.items() if name not in ("$skip", "$skiptoken")}
    onward = {"$skip": str(start)} if settings.continuation == "$skip" else {"$skiptoken": f"at-{start}"}
    return f"{url}?{urlencode({**kept, **onward}, safe='$')}"


def body(context: str, encoded: Iterable[str], link: str | None = None) -> bytes:
    """The answer, of records that are JSON already."""
    parts = [f'{{"@odata.context":{json.dumps(context)},"value":[', ",".join(encoded), "]"]
    if link:
        parts.append(f',"@odata.nextLink":{json.dumps(link)}')
    return "".join([*parts, "}"]).encode()
