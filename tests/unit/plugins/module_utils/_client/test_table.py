# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table is read to its end before its first row is handed out, and its rows are set right."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer
from ansible_collections.secops.defender.plugins.module_utils._client.table import Table

SCHEMA = [{"name": "Timestamp", "type": "DateTime"}, {"name": "ReportId", "type": "Int64"}]
ROW = {"Timestamp": "2026-11-20T01:10:26.2648757Z", "ReportId": 6154}


def table(answer) -> Table:
    return Table(io.BytesIO(answer if isinstance(answer, bytes) else json.dumps(answer).encode()))


def rows(answer) -> list[dict]:
    return [row for row, _spelling in table(answer).rows()]


def test_columns_and_rows_are_read():
    found = table({"@odata.context": "x", "schema": SCHEMA, "results": [ROW, ROW]})
    assert [column.describe() for column in found.columns] == SCHEMA
    assert (found.count, found.statistics) == (2, None)
    assert [row for row, _spelling in found.rows()] == [ROW, ROW]


@pytest.mark.parametrize("order", [("Stats", "Schema", "Results"), ("Results", "Schema", "Stats")])
def test_the_classic_service_spells_it_with_capitals_in_any_order(order):
    members = {"Stats": {"ExecutionTime": 4.6}, "Schema": [{"Name": "ReportId", "Type": "Int64"}], "Results": [{"ReportId": 1}]}
    found = table({name: members[name] for name in order})
    assert [column.name for column in found.columns] == ["ReportId"]
    assert found.statistics == {"ExecutionTime": 4.6}
    assert [row for row, _spelling in found.rows()] == [{"ReportId": 1}]


@pytest.mark.parametrize(
    "sent",
    [
        {"Timestamp": ROW["Timestamp"], "ReportId@odata.type": "#Int64", "ReportId": 6154},
        {"timestamp": ROW["Timestamp"], "reportId": 6154},
        {"ReportId": 6154, "Timestamp": ROW["Timestamp"]},
    ],
)
def test_members_of_a_row_are_the_columns_in_their_order(sent):
    [row] = rows({"schema": SCHEMA, "results": [sent]})
    assert list(row.items()) == list(ROW.items())


def test_columns_whose_names_differ_in_letter_case_alone_are_not_mixed_up():
    twins = [{"name": "Count", "type": "Int64"}, {"name": "count", "type": "Int64"}]
    sent = {"count@odata.type": "#Int64", "count": 2, "Count": 1}
    assert rows({"schema": twins, "results": [sent]}) == [{"Count": 1, "count": 2}]


def test_a_column_that_a_row_leaves_out_is_null():
    assert rows({"schema": SCHEMA, "results": [{"ReportId": 1}]}) == [{"Timestamp": None, "ReportId": 1}]


def test_what_needs_no_change_is_kept_to_the_letter():
    text = b'{"schema":[{"name":"A","type":"Real"}],"results":[{"A": 1.50e0}, {"A" : "\\u00e9"}]}'
    assert [spelling for _row, spelling in table(text).rows()] == ['{"A": 1.50e0}', '{"A" : "\\u00e9"}']


def test_an_answer_without_rows_still_tells_its_columns():
    found = table({"schema": SCHEMA, "results": []})
    assert (found.count, len(found.columns), list(found.rows())) == (0, 2, [])


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[]", b"{}", b'{"schema":[]}', b'{"schema":[],"results":[1]}', b'{"schema":[],"results":[{"A":1}', b'{"schema":[{}],"results":[]}', b"<html>",
        b'{"results":[{"A":1}]}', b'{"results":[]}', b'{"schema":null,"results":[]}', b'{"schema":[],"results":[{"A":1}]}',
        b'{"schema":[{"name":"A"}],"results":[{"A":1}],"Results":[]}',
    ],
)
def test_what_is_no_table_is_refused(answer):
    with pytest.raises(BadAnswer):
        table(answer)


class Long(io.RawIOBase):
    """An answer of many rows of a kilobyte, made as it is read."""

    def __init__(self, rows):
        self._rows = rows
        self.seek(0)

    def seek(self, *_place):
        row = b'{"A":"' + b"a" * 1000 + b'"}'
        beginning = (b'{"schema":[{"name":"A","type":"String"}],"results":[', row)
        self._parts = itertools.chain(beginning, itertools.repeat(b"," + row, self._rows - 1), (b"]}",))
        return 0

    def read(self, _size=-1):
        return next(self._parts, b"")


def test_rows_are_not_all_in_memory_at_once():
    tracemalloc.start()
    found = Table(Long(30_000))
    assert sum(1 for _row in found.rows()) == found.count == 30_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
