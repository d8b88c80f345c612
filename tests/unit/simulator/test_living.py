# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that change stay in their place, are found by what they are now, and read the same as JSON."""

from __future__ import annotations

import json

import pytest
from simulator.clock import Clock
from simulator.living import Living
from simulator.rows import Listed
from simulator.worlds import world

COUNT = 7


@pytest.fixture(params=["listed", "numbered"])
def rows(request):
    numbered = world(f"large:{COUNT}", Clock(lambda: 1_795_600_000.0)).machines
    return numbered if request.param == "numbered" else Living(Listed(map(dict, numbered)))


def ids(rows) -> list[str]:
    return [row["id"] for row in rows]


def test_what_is_written_is_read_everywhere(rows):
    third = ids(rows)[2]
    row = rows.write(third, machineTags=["x"])
    assert rows.get(third) == row == list(rows)[2] == list(rows.slice(2, 3))[0]
    assert row["machineTags"] == ["x"]
    assert ids(rows).index(third) == 2


def test_it_is_found_by_what_it_is_now(rows):
    third = ids(rows)[2]
    rows.write(third, deviceValue="High")
    assert ids(rows.find("deviceValue", "High")) == [third]
    assert len(rows.find("deviceValue", "Normal")) == COUNT - 1
    assert rows.find("id", third)[0]["deviceValue"] == "High"


def test_what_is_added_stands_at_the_end(rows):
    rows.add({**rows.get(ids(rows)[0]), "id": "new"})
    rows.add({**rows.get(ids(rows)[0]), "id": "newer"})
    assert len(rows) == COUNT + 2
    assert ids(rows)[COUNT:] == ["new", "newer"]
    assert [ids(rows.slice(start, start + 2)) for start in (COUNT - 1, COUNT, COUNT + 1)] == [
        [ids(rows)[COUNT - 1], "new"], ["new", "newer"], ["newer"],
    ]
    assert rows.get("new") == rows.find("id", "new")[0]


def test_what_was_added_can_be_written(rows):
    rows.add({**rows.get(ids(rows)[0]), "id": "new"})
    rows.write("new", deviceValue="Low")
    assert (len(rows), rows.get("new")["deviceValue"]) == (COUNT + 1, "Low")


def test_json_is_in_order_and_tells_what_is(rows):
    rows.write(ids(rows)[3], machineTags=["x"])
    rows.add({**rows.get(ids(rows)[0]), "id": "new"})
    held = list(rows)
    assert [json.loads(text) for text in rows.encode(held)] == list(map(dict, held))
    emptied = [json.loads(text)["machineTags"] for text in rows.encode(held, frozenset({"machineTags"}))]
    assert emptied == [[]] * (COUNT + 1)
