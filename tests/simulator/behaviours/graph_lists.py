# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Graph answers with records: query options by the contract, one page and the link to the next, younger members of enums on demand."""

from __future__ import annotations

import itertools
import typing as t
from urllib.parse import urlencode

from ..contract import endpoints
from ..odata import ODataError, Options, options
from ..paging import page
from ..rows import Row
from ..seam import Call, Problem, Reply
from ..shown import InOrder, plain

ALL_MEMBERS = "include-unknown-enum-members"
Finish = t.Callable[[Row, Options], Row]


def one(call: Call, what: str, row: Row, type_: str) -> Reply:
    return Reply(200, {"@odata.context": f"{context(call, what)}/$entity", **sent(call, row, type_)})


def sent(call: Call, row: Row, type_: str) -> dict[str, t.Any]:
    """A record for this caller."""
    wishes = {wish.strip() for wish in call.headers.get("prefer", "").split(",")}
    return plain(row, type_, younger=ALL_MEMBERS in wishes)


def context(call: Call, what: str) -> str:
    return f"{call.origin}/v1.0/$metadata#security/{what}"


def listing(call: Call, operation: str, what: str, rows: InOrder, finish: Finish = lambda row, _asked: row) -> Reply:
    """What the query asks of ``rows``, by the contract of that operation; ``finish`` adds what is expanded.

    A link leads to the next page whenever there is one, with $top too: pages say to follow it and never to go on by $skip.
    """
    facts = endpoints()[operation]
    try:
        asked = options(call.query, facts)
    except ODataError as error:
        raise Problem(400, "BadRequest", str(error)) from error
    shown = page(rows, asked, facts.get("page_size"), beyond_top=True)
    body: dict[str, t.Any] = {"@odata.context": context(call, what)}
    if asked.count:
        body["@odata.count"] = sum(1 for _row in (filter(asked.where, rows) if asked.where else rows))
    body["value"] = [sent(call, finish(row, asked), facts["returns"]) for row in shown.rows]
    if shown.next_start is not None:
        body["@odata.nextLink"] = _next_link(call, shown.next_start)
    return Reply(200, body)


def _next_link(call: Call, start: int) -> str:
    kept = itertools.filterfalse(lambda pair: pair[0] in ("$skip", "$skiptoken"), call.query.items())
    return f"{call.url}?{urlencode({**dict(kept), '$skiptoken': f'at-{start}'}, safe='$')}"
