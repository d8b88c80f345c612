# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page is the same however it arrives."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import stream
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer
from ansible_collections.secops.defender.plugins.module_utils._client.no_answer import CUT_SHORT
from ansible_collections.secops.defender.plugins.module_utils._client.stream import Page
from hypothesis import given
from hypothesis import strategies as st

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
rows = st.lists(st.dictionaries(st.text(), anything, max_size=4), max_size=6)
others = st.dictionaries(st.text().filter(lambda name: name != "value"), anything, max_size=3)
NEXT = "https://localhost/api/machines?$skip=2"


def in_pieces(body: bytes, cuts) -> list[bytes]:
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    return [body[start:end] for start, end in zip(places, places[1:])]


@given(rows=rows, before=others, after=others, cuts=st.lists(st.integers(min_value=0)), indent=st.sampled_from([None, 0, 3]), ascii_only=st.booleans())
def test_any_cut_gives_the_same_rows(rows, before, after, cuts, indent, ascii_only):
    whole = {**before, "value": rows, **{name: value for name, value in after.items() if name not in before}}
    body = json.dumps(whole, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass" if ascii_only else "replace")
    expected = json.loads(body)
    page = Page(in_pieces(body, cuts))
    found = list(page)
    assert [row for row, _spelling in found] == expected["value"]
    assert [json.loads(spelling) for _row, spelling in found] == expected["value"]
    assert {**page.rest, "value": expected["value"]} == expected


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_a_page_may_come_byte_by_byte(size):
    body = '\ufeff{"@odata.count": 12.5e-1 ,"value":\r\n[ {"id":"é\\u00e9\\"]}"},{"id":[{}]} ] ,"@odata.nextLink":"' + NEXT + '"}'
    chunks = [body.encode()[start:start + size] for start in range(0, len(body.encode()), size)]
    page = Page(chunks)
    assert list(page) == [({"id": 'éé"]}'}, '{"id":"é\\u00e9\\"]}"}'), ({"id": [{}]}, '{"id":[{}]}')]
    assert page.rest == {"@odata.count": 1.25, "@odata.nextLink": NEXT}


def test_rows_come_before_the_page_is_whole():
    def arriving():
        yield b'{"value":[{"id":"1"},'
        raise AssertionError("the first row was waited for")

    assert next(iter(Page(arriving())))[0] == {"id": "1"}


def test_a_list_may_be_empty():
    assert list(Page([b'{"value":[]}'])) == []


@pytest.mark.parametrize("size", range(1, len('{"value":[{"id":"é"},{"id":"2"}],"@odata.nextLink":"x"}'.encode())))
def test_a_page_that_breaks_off_anywhere_is_known_to(size):
    body = '{"value":[{"id":"é"},{"id":"2"}],"@odata.nextLink":"x"}'.encode()[:size]
    with pytest.raises(BadAnswer) as broken:
        list(Page([body]))
    assert broken.value.code == CUT_SHORT


@pytest.mark.parametrize(
    "body",
    [b"<html><body>log in</body></html>", b"[]", b'{"value":{}}', b'{"other":1}', b"{}", b'{"value":["text"]}', b'{"value":[{}}', b'{"value":[{}]]'],
)
def test_what_is_no_list_is_not_taken_for_one_that_broke_off(body):
    with pytest.raises(BadAnswer) as refused:
        list(Page([body]))
    assert refused.value.code is None


def test_what_is_not_utf_8_is_refused():
    with pytest.raises(BadAnswer):
        list(Page([b'{"value":[{"id":"\xff"}]}']))


def test_a_row_that_nests_without_end_is_refused():
    with pytest.raises(BadAnswer):
        list(Page([b'{"value":[{"id":' + b"[" * 200_000]))


def test_a_value_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(stream, "LARGEST_ROW", 10_000)
    served = []

    def endless():
        yield b'{"value":[{"id":"'
        while True:
            served.append(b"a" * 1000)
            yield served[-1]

    with pytest.raises(BadAnswer):
        list(Page(endless()))
    assert len(served) < 50
