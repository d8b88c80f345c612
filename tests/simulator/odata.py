# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query options of a list: $filter made a closure, $top, $skip and $expand checked.

Only properties that the contract calls filterable may be named, and operators must fit their types: text and
enum values stand in quotes, moments and numbers do not (exposed-apis-odata-samples.md).
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .contract import types
from .declared import GRAPH
from .odata_filter import Predicate, predicate
from .odata_values import ODataError, Property

OPTIONS = ("$filter", "$top", "$skip", "$skiptoken", "$expand", "$count")


@dataclass(frozen=True)
class Options:
    where: Predicate | None = None
    top: int | None = None
    skip: int = 0
    expand: frozenset[str] = frozenset()
    count: bool = False


def options(query: Mapping[str, str], endpoint: Mapping[str, t.Any]) -> Options:
    """What the query asks of a list; ODataError where the contract does not offer it."""
    for name in query:
        if name.startswith("$") and name not in OPTIONS:
            raise ODataError(f"The query option '{name}' is not supported.")
    return Options(
        where=_where(query, endpoint),
        top=_number(query, "$top", offered="top_max" in endpoint, most=endpoint.get("top_max")),
        skip=_skip(query, endpoint),
        expand=_expand(query, endpoint),
        count=_count(query, endpoint),
    )


def properties(endpoint: Mapping[str, t.Any]) -> dict[str, Property]:
    """Spelling -> property, for all spellings that the pages give to what can be filtered."""
    fields = {name.lower(): (name, facts) for name, facts in types()[endpoint["returns"]]["fields"].items()}
    spellings = {*endpoint.get("filter", ()), *endpoint.get("filter_also", ())}
    known = {}
    for spelling in spellings:
        name, facts = fields[spelling.lower()]
        known[spelling] = known[name] = Property(name, {**facts, "exact": endpoint["service"] == GRAPH})
    return known


def _where(query: Mapping[str, str], endpoint: Mapping[str, t.Any]) -> Predicate | None:
    if "$filter" not in query:
        return None
    return predicate(query["$filter"], properties(endpoint))


def _number(query: Mapping[str, str], name: str, *, offered: bool, most: int | None = None) -> int | None:
    if name not in query:
        return None
    if not offered:
        raise ODataError(f"The query option '{name}' is not supported here.")
    text = query[name]
    if not (text.isascii() and text.isdigit()):
        raise ODataError(f"Invalid value '{text}' for {name} query option found. It requires a non-negative integer.")
    if most is not None and int(text) > most:
        raise ODataError(f"The limit of '{most}' for {name} query has been exceeded. The value is '{text}'.")
    return int(text)


def _skip(query: Mapping[str, str], endpoint: Mapping[str, t.Any]) -> int:
    offered = bool(endpoint.get("skip"))
    if "$skiptoken" in query:
        goes_on = offered or bool(endpoint.get("next_link"))
        return _number({"$skiptoken": query["$skiptoken"].removeprefix("at-")}, "$skiptoken", offered=goes_on) or 0
    return _number(query, "$skip", offered=offered, most=endpoint.get("skip_max")) or 0


def _expand(query: Mapping[str, str], endpoint: Mapping[str, t.Any]) -> frozenset[str]:
    if "$expand" not in query:
        return frozenset()
    wanted = frozenset(name.strip() for name in query["$expand"].split(","))
    foreign = wanted.difference(endpoint.get("expand", ()))
    if foreign:
        raise ODataError(f"Property '{sorted(foreign)[0]}' cannot be expanded.")
    return wanted


def _count(query: Mapping[str, str], endpoint: Mapping[str, t.Any]) -> bool:
    if "$count" not in query:
        return False
    if not endpoint.get("count") or query["$count"] not in ("true", "false"):
        raise ODataError(f"The query option '$count' is not supported here with '{query['$count']}'.")
    return query["$count"] == "true"
