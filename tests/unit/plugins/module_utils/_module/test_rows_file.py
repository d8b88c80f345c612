# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of records appears whole or not at all, private, and without traps for a spreadsheet."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import stat

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, Throttled
from ansible_collections.secops.defender.plugins.module_utils._module.rows_file import cell, target, write

COLUMNS = ("id", "computerDnsName", "machineTags")
ROWS = [{"id": "a1", "computerDnsName": "pc1", "machineTags": ["x", "y"]}, {"id": "b2", "computerDnsName": None, "surprise": 1}]


def spelt(rows):
    return [(row, json.dumps(row)) for row in rows]


def written(path, rows=None, dry=False):
    return write(target(str(path)), spelt(ROWS) if rows is None else rows, COLUMNS, dry=dry)


def test_ndjson_holds_what_the_service_sent_to_the_letter(tmp_path):
    result = written(tmp_path / "m.ndjson", rows=[({"id": "a1"}, '{"id" : "a1"}')])
    assert (tmp_path / "m.ndjson").read_text() == '{"id" : "a1"}\n'
    assert (result["count"], result["format"], result["bytes"]) == (1, "ndjson", 14)


def test_json_laid_out_on_several_lines_becomes_one_line(tmp_path):
    written(tmp_path / "m.jsonl", rows=[({"id": "a1"}, '{\n"id": "a1"\r\n}')])
    assert (tmp_path / "m.jsonl").read_text() == '{"id": "a1"}\n'


def test_csv_has_the_usual_columns_and_lists_as_json(tmp_path):
    assert written(tmp_path / "m.csv")["count"] == 2
    with open(tmp_path / "m.csv", newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [list(COLUMNS), ["a1", "pc1", '["x", "y"]'], ["b2", "", ""]]


@pytest.mark.parametrize("name", ["m.csv.gz", "m.ndjson.gz"])
def test_the_same_rows_make_the_same_packed_file(tmp_path, name):
    first, second = written(tmp_path / name), written(tmp_path / f"other-{name}")
    assert first["sha256"] == second["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    assert gzip.decompress((tmp_path / name).read_bytes())


def test_only_the_owner_can_read_it(tmp_path):
    written(tmp_path / "m.csv")
    assert stat.S_IMODE((tmp_path / "m.csv").stat().st_mode) == 0o600


def test_a_second_run_with_the_same_rows_changes_nothing(tmp_path):
    assert written(tmp_path / "m.csv")["changed"]
    assert not written(tmp_path / "m.csv")["changed"]


@pytest.mark.parametrize("name", ["m.csv", "m.ndjson.gz"])
def test_dry_tells_what_would_be_written_and_writes_nothing(tmp_path, name):
    foretold = written(tmp_path / name, dry=True)
    assert list(tmp_path.iterdir()) == []
    assert foretold == written(tmp_path / name)


def test_a_list_that_breaks_off_leaves_the_old_file_alone(tmp_path):
    def broken():
        yield from spelt(ROWS)
        raise Throttled("too many calls")

    (tmp_path / "m.csv").write_text("old")
    with pytest.raises(Throttled):
        written(tmp_path / "m.csv", rows=broken())
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.csv"]
    assert (tmp_path / "m.csv").read_text() == "old"


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "  =1", "\uff1d1"])
def test_a_cell_cannot_start_a_formula(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(("value", "shown"), [("a=b", "a=b"), (-7, -7), (None, None), (True, "true"), ({"a": "=1"}, '{"a": "=1"}')])
def test_an_honest_cell_stays_as_it_is(value, shown):
    assert cell(value) == shown


@pytest.mark.parametrize(("name", "reason"), [("m.xlsx", "does not tell the format"), ("m.gz", "does not tell the format"), ("no/such/m.csv", "no folder")])
def test_a_name_that_cannot_work_is_refused_at_once(tmp_path, name, reason):
    with pytest.raises(BadInput, match=reason):
        target(str(tmp_path / name))


def test_a_folder_is_not_a_file(tmp_path):
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(BadInput, match="is a folder"):
        target(str(tmp_path / "m.csv"))


def test_a_device_or_a_pipe_is_never_read_nor_replaced(tmp_path):
    (tmp_path / "full.ndjson").symlink_to("/dev/full")
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("full.ndjson", "pipe.csv"):
        with pytest.raises(BadInput, match="no plain file"):
            target(str(tmp_path / name))
