# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the directory answers with its objects: $select, $orderby, $search and $count beside the usual, some only with eventual consistency."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from ..contract import endpoints, types
from ..directory.shelf import Row
from ..odata import ODataError, Options, options
from ..paging import page
from ..rows import Listed
from ..seam import Call, Problem, Reply

OF_ITS_OWN = ("$select", "$orderby", "$search")
"""Query options that only the directory has."""
TEXT = re.compile(r"'(?:[^']|'')*'")
ADVANCED = re.compile(r"\b(ne|not)\b|\bendswith\(")
SEARCHED = re.compile(r'"(\w+):(.*)"')
HIDDEN = {"keyCredentials": "key"}
"""What is null in an answer unless its property was selected."""

Expand = t.Mapping[str, Callable[[Row], t.Any]]


def listing(call: Call, operation: str, what: str, rows: Iterable[Row], expand: Expand | None = None) -> Reply:
    """What the query asks of ``rows``; a link leads to the next page whenever there is one."""
    facts = endpoints()[operation]
    try:
        asked = options({name: value for name, value in call.query.items() if name not in OF_ITS_OWN}, facts)
        _check_advanced(call)
        chosen = selected(call, facts["returns"])
        found = _ordered(call, facts, _searched(call, facts, rows))
    except ODataError as error:
        raise Problem(400, "Request_BadRequest", str(error)) from error
    shown = page(Listed(found), asked, facts.get("page_size"), beyond_top=True)
    body: dict[str, t.Any] = {"@odata.context": _context(call, what, chosen)}
    if asked.count:
        body["@odata.count"] = sum(1 for row in found if asked.where is None or asked.where(row))
    if shown.next_start is not None:
        query = {**{name: value for name, value in call.query.items() if name != "$skiptoken"}, "$skiptoken": f"at-{shown.next_start}"}
        body["@odata.nextLink"] = f"{call.url}?{urlencode(query, safe='$')}"
    body["value"] = [displayed(row, chosen, _expanded(row, asked, expand or {})) for row in shown.rows]
    return Reply(200, body)


def single(call: Call, what: str, row: Row, type_: str, *, status: int = 200, expand: Expand | None = None) -> Reply:
    """One object, as selected and expanded."""
    try:
        chosen = selected(call, type_)
    except ODataError as error:
        raise Problem(400, "Request_BadRequest", str(error)) from error
    wanted = call.query.get("$expand")
    added = {wanted: (expand or {})[wanted](row)} if wanted else {}
    return Reply(status, {"@odata.context": f"{_context(call, what, chosen)}/$entity", **displayed(row, chosen, added)})


def _context(call: Call, what: str, chosen: tuple[str, ...]) -> str:
    return f"{call.origin}/v1.0/$metadata#{what}" + (f"({','.join(chosen)})" if chosen else "")


def selected(call: Call, type_: str) -> tuple[str, ...]:
    """The names in $select; none when all are wanted."""
    if "$select" not in call.query:
        return ()
    chosen = tuple(name.strip() for name in call.query["$select"].split(","))
    for name in chosen:
        if name not in types()[type_]["fields"]:
            raise ODataError(f"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{type_}'.")
    return chosen


def displayed(row: t.Mapping[str, t.Any], chosen: tuple[str, ...], added: Row) -> Row:
    shown = {name: value for name, value in row.items() if not chosen or name in chosen}
    for name, part in HIDDEN.items():
        if name in shown and name not in chosen:
            shown[name] = [{**one, part: None} for one in shown[name]]
    return {**shown, **added}


def _expanded(row: t.Mapping[str, t.Any], asked: Options, expand: Expand) -> Row:
    return {name: expand[name](dict(row)) if name in expand else [] for name in sorted(asked.expand)}


def _check_advanced(call: Call) -> None:
    """What the index of the directory answers, and not the directory, has to be asked for as such."""
    is_eventual = call.headers.get("consistencylevel", "").lower() == "eventual"
    counts = call.query.get("$count") == "true"
    where = TEXT.sub("''", call.query.get("$filter", ""))
    is_advanced = bool(ADVANCED.search(where)) or ("$filter" in call.query and "$orderby" in call.query)
    if is_advanced and not (is_eventual and counts):
        raise Problem(400, "Request_UnsupportedQuery", "Unsupported Query. It takes the header ConsistencyLevel: eventual and $count=true.")
    if ("$search" in call.query or counts) and not is_eventual:
        raise Problem(400, "Request_UnsupportedQuery", "Request with $search or $count query parameter only works with the header ConsistencyLevel: eventual.")


def _searched(call: Call, facts: t.Mapping[str, t.Any], rows: Iterable[Row]) -> list[Row]:
    if "$search" not in call.query:
        return list(rows)
    found = SEARCHED.fullmatch(call.query["$search"])
    if not facts.get("search") or found is None or found[1] not in ("displayName", "description"):
        raise ODataError("Invalid $search clause: it takes the form \"displayName:text\".")
    name, text = found[1], found[2].lower()
    return [row for row in rows if any(word.startswith(text) for word in [str(row[name]).lower(), *str(row[name]).lower().split()])]


def _ordered(call: Call, facts: t.Mapping[str, t.Any], rows: list[Row]) -> list[Row]:
    if "$orderby" not in call.query:
        return rows
    name, _space, way = call.query["$orderby"].partition(" ")
    if not facts.get("orderby") or name not in ("displayName", "createdDateTime", "deletedDateTime") or way not in ("", "asc", "desc"):
        raise ODataError(f"The query option '$orderby' is not supported here with '{call.query['$orderby']}'.")
    return sorted(rows, key=lambda row: str(row.get(name)).lower(), reverse=way == "desc")
