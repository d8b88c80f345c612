# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists come in pages, and all pages together are the list."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator.clock import Clock
from simulator.odata import Options
from simulator.paging import body, next_link, page
from simulator.rows import Listed
from simulator.world import Settings
from simulator.worlds import world

URL = "https://localhost:1/api/machines"


def rows(count: int) -> Listed:
    return Listed({"id": str(number)} for number in range(count))


def ids(shown: list) -> list[int]:
    return [int(row["id"]) for row in shown]


@given(st.integers(0, 30), st.integers(1, 7), st.booleans())
def test_following_next_links_reads_every_row_once(count, size, filtered):
    asked_of = rows(count)
    where = (lambda row: int(row["id"]) % 2 == 0) if filtered else None
    read, start, pages = [], 0, 0
    while start is not None:
        shown = page(asked_of, Options(where=where, skip=start), size)
        read += ids(shown.rows)
        start, pages = shown.next_start, pages + 1
    assert read == list(range(0, count, 2 if filtered else 1))
    assert pages == max(1, -(-len(read) // size)), "no page is empty but that of an empty list"


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 25))
def test_top_cuts_and_has_no_next_link(count, top, skip):
    shown = page(rows(count), Options(top=top, skip=skip), 7)
    assert ids(shown.rows) == list(range(count))[skip:][: min(top, 7)]
    assert shown.next_start is None


def test_a_list_without_page_size_comes_whole():
    shown = page(rows(30), Options(), None)
    assert (len(shown.rows), shown.next_start) == (30, None)


def test_the_next_link_keeps_the_other_options():
    query = {"$filter": "riskScore eq 'High'", "$skip": "3"}
    link = next_link(URL, query, 10_003, Settings())
    assert link == f"{URL}?$filter=riskScore+eq+%27High%27&$skip=10003"


def test_the_next_link_may_go_on_by_a_token():
    assert next_link(URL, {}, 10_000, Settings(continuation="$skiptoken")) == f"{URL}?$skiptoken=at-10000"


def test_the_body_is_json_of_context_value_and_link():
    assert json.loads(body("c", ['{"id":1}', '{"id":2}'], "n")) == {
        "@odata.context": "c", "value": [{"id": 1}, {"id": 2}], "@odata.nextLink": "n",
    }
    assert json.loads(body("c", [])) == {"@odata.context": "c", "value": []}


@pytest.mark.parametrize("count, pages", [(20_000, 2), (20_001, 3)])
def test_a_large_list_is_read_in_pages_of_ten_thousand(count, pages):
    machines = world(f"large:{count}", Clock()).machines
    sizes, start = [], 0
    while start is not None:
        shown = page(machines, Options(skip=start), 10_000)
        sizes.append(len(shown.rows))
        start = shown.next_start
    assert (sum(sizes), len(sizes)) == (count, pages)
