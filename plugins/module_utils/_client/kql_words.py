# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the words of a hunting query, to tell its names from its texts and comments."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

_PIECE = re.compile(
    r"""
    (?P<comment> //[^\n]* )
    | (?P<name> \[ \s* (?P<quote>["']) (?P<bracketed>[A-Za-z_]\w*) (?P=quote) \s* \] )
    | (?P<text> ```.*?(?:```|\Z) | ~~~.*?(?:~~~|\Z)
        | [hH]? @ (?: "(?:[^"]|"")*(?:"|\Z) | '(?:[^']|'')*(?:'|\Z) )
        | [hH]? (?: "(?:[^"\\\n]|\\.)*(?:"|$) | '(?:[^'\\\n]|\\.)*(?:'|$) ) )
    | (?P<word> [A-Za-z_$]\w* )
    | (?P<number> \d\w*(?:\.\d\w*)* )
    | (?P<sign> ==|=~|=>|!=|!~|<=|>=|\.\.|[^\s\w] )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

# Words that Microsoft's own parser of the language takes for something else than the name of a constant, or that a person would.
_RESERVED = """
    accumulate and anomalychart areachart as asc bagexpansion barchart between bool boolean by byte cachingpolicy callout cancel card char
    columnchart contains contains_cs containscs count cycles dataexport datascope datatable date datetime decimal decodeblocks desc distinct
    double dynamic earliest encodingpolicy endswith endswith_cs expandoutput extend extent_tags_retention external_data externaldata false
    find first flags float force_remote guid harddelete hardretention has has_all has_any has_cs hasprefix hasprefix_cs hassuffix
    hassuffix_cs hotcache in int int16 int32 int64 int8 invoke isfuzzy journal kind ladderchart last latest let like likecs limit linechart
    long materialize mdm missing nooptimization not notcontains notcontainscs notlike notlikecs null of on or order others parse pathformat
    piechart pivotchart print project queries query_results real relaxed restricted_view_access row_level_security rowstore
    rowstore_references rowstore_sealinfo rowstorepolicy rowstores sample scatterchart seal seals search set shards simple softdelete
    softretention sort sql stackedareachart startswith startswith_cs statistics storedqueryresultcontainers string summarize tablepurge take
    time timechart timeline timepivot timespan title to toscalar totable treemap true uint uint16 uint32 uint64 uint8 ulong union uniqueid
    unrestrictedviewers verbose viewers views where with with_itemindex with_match_id with_source with_step_name withsource writeaheadlog
"""
RESERVED = frozenset(_RESERVED.split())


@dataclass(frozen=True)
class Use:
    """How a query uses a name: as a value, as a function that it calls, or by giving it a meaning of its own."""

    as_value: bool = False
    is_called: bool = False
    is_given: bool = False


def use_of(name: str, query: str) -> Use:
    """How ``query`` uses ``name``. A name after a full stop is a member of something, and none of ours."""
    pieces = [*_pieces(query), ("end", "")]
    before = ("end", "")
    as_value = is_called = is_given = False
    for place, (kind, text) in enumerate(pieces):
        after = pieces[min(place + 1, len(pieces) - 1)]
        if text == name and (kind == "name" or (kind == "word" and before[1] != ".")):
            gives = _gives_meaning(before, after)
            is_given = is_given or gives
            is_called = is_called or after[1] == "("
            as_value = as_value or (kind == "word" and not gives)
        before = (kind, text)
    return Use(as_value, is_called, is_given)


def _gives_meaning(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """``let x``, ``as x``, ``range x``, ``x = …`` and ``x: string``, or ``x`` among the texts of ``parse``, name something new."""
    return after[1] in ("=", ":") or before[1] in ("let", "as", "with", "range") or before[0] == "text"


def _pieces(query: str) -> t.Iterator[tuple[str, str]]:
    for found in _PIECE.finditer(query):
        kind = found.lastgroup or ""
        if found["comment"] is None:
            yield ("name", found["bracketed"]) if found["bracketed"] else (kind, found.group())
