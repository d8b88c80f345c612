# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A query is asked with its values bound, its rows come whole or not at all, and why it was not answered is told."""

from __future__ import annotations

import csv
import gzip
import json
import stat

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import hunting as api
from ansible_collections.secops.defender.plugins.module_utils._client import errors
from simulator.worlds import records
from unit.plugins.modules.playing import work

pytest.importorskip("duckdb_kql")

DAY = 86_400
WINUPD = records.sha1("winupd32.exe")
EVERYTHING = "DeviceProcessEvents | order by Timestamp asc"


@pytest.fixture(scope="module")
def loaded(running_simulator):
    """The company under attack, whose tables are filled once: asking changes nothing."""
    running_simulator.load("under_attack")
    return running_simulator


@pytest.fixture
def tenant(loaded):
    loaded.faults()
    loaded.clear_journal()
    return loaded


@pytest.fixture
def changing(tenant):
    """One whose settings and clock a test may change."""
    yield tenant
    tenant.load("under_attack")


def ask(tenant, query=None, **options):
    return work(tenant, "hunting_query", app="commander", **({} if query is None else {"query": query}), **options)


def sent(tenant):
    return [row for row in tenant.journal() if row["service"] != "entra"]


def fail_once(tenant, **fault):
    tenant.faults([{"match": {"operation": "hunting.graph_run"}, "times": 1, **fault}])


def test_a_query_is_answered_with_rows_and_columns(tenant):
    found = ask(tenant, "DeviceProcessEvents | summarize Events = count() by DeviceName | order by Events desc")
    assert found["count"] == len(found["rows"]) > 1
    assert found["columns"] == [{"name": "DeviceName", "type": "String"}, {"name": "Events", "type": "Int64"}]
    assert all(list(row) == ["DeviceName", "Events"] for row in found["rows"])
    assert (found["complete"], found["service"], found["statistics"]) == (True, "graph", None)


def test_no_row_holds_the_types_of_its_members(tenant):
    rows = ask(tenant, "DeviceProcessEvents | project ReportId, ProcessId")["rows"]
    assert all(set(row) == {"ReportId", "ProcessId"} for row in rows)


def test_the_library_tells_who_ran_the_file(tenant):
    found = ask(tenant, hunt="file_ran", parameters={"hashes": [WINUPD]})
    assert {row["SHA1"] for row in found["rows"]} == {WINUPD}
    assert found["query"].startswith(f'let hashes = dynamic(["{WINUPD}"]);\n')


def test_a_hostile_value_finds_nothing_instead_of_everything(tenant):
    found = ask(tenant, "DeviceProcessEvents | where FileName == it", parameters={"it": 'x" or true //'})
    assert (found["rows"], found["complete"]) == ([], True)


def test_a_query_may_come_from_a_file(tenant, tmp_path):
    source = tmp_path / "query.kql"
    source.write_text("\ufeffDeviceProcessEvents\n| where FileName == it // é\n", encoding="utf-8")
    assert ask(tenant, src=str(source), parameters={"it": "nothing.exe"})["count"] == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"query": " "}, "query is empty"),
        ({"src": "/nowhere/query.kql"}, "cannot be read"),
        ({"query": EVERYTHING, "parameters": {"it": 1}}, "does not use it"),
        ({"hunt": "file_ran"}, "needs hashes"),
        ({"query": EVERYTHING, "timespan": "7d"}, "no span of time"),
        ({"query": EVERYTHING, "workspace_id": "contoso"}, "a GUID|workspace_id is 'contoso'"),
        ({"query": EVERYTHING, "service": "defender", "timespan": "P1D"}, "the classic service takes none"),
        ({"hunt": "mail_from", "parameters": {"senders": ["a@example.com"]}, "service": "defender"}, "no table but those of machines"),
        ({"query": EVERYTHING, "dest": "rows.txt"}, "does not tell the format"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(tenant, options, says):
    with pytest.raises(errors.BadInput, match=says):
        ask(tenant, **options)
    assert not sent(tenant)


def test_a_file_that_is_no_text_is_refused(tenant, tmp_path):
    source = tmp_path / "query.kql"
    source.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(errors.BadInput, match="not a text in UTF-8"):
        ask(tenant, src=str(source))


def test_the_role_is_missed_before_anything_is_sent(tenant):
    with pytest.raises(errors.RoleMissing, match="ThreatHunting.Read.All"):
        work(tenant, "hunting_query", app="reader", query=EVERYTHING)
    assert not sent(tenant)


@pytest.mark.parametrize("query", ["DeviceProcessEvents | where Nope == 1", "NoSuchTable", "DeviceProcessEvents |", "EmailEvents | whre 1"])
def test_a_wrong_query_is_told_in_the_words_of_the_engine(tenant, query):
    with pytest.raises(errors.QueryRejected) as refused:
        ask(tenant, query)
    assert refused.value.status == 400 and "names of tables" in refused.value.hint


def test_a_wrong_query_is_not_asked_twice(tenant):
    with pytest.raises(errors.QueryRejected):
        ask(tenant, "NoSuchTable")
    assert len(sent(tenant)) == 1


@pytest.mark.parametrize(
    ("settings", "kind", "hint"),
    [
        ({"hunting_bytes": 100}, errors.ResultTooLarge, "Ask for fewer"),
        ({"hunting_rows": 2, "hunting_cuts_rows": False}, errors.ResultTooLarge, "Ask for fewer"),
        ({"hunting_cpu_seconds": 0}, errors.Throttled, "quarter of an hour"),
    ],
)
def test_limits_are_told_apart(changing, settings, kind, hint):
    changing.settings(**settings)
    with pytest.raises(kind) as failed:
        ask(changing, EVERYTHING, retry_time=0)
    assert hint in failed.value.hint
    assert len(sent(changing)) == 1


def test_a_query_that_runs_too_long_is_not_asked_again(tenant):
    fail_once(tenant, kind="status", status=504, code="UnknownError")
    with pytest.raises(errors.TooCostly) as failed:
        ask(tenant, EVERYTHING)
    assert "shorter timespan" in failed.value.hint
    assert len(sent(tenant)) == 1


def test_a_query_may_think_for_longer_than_other_calls(tenant):
    fail_once(tenant, kind="slow", seconds=1.3)
    assert ask(tenant, EVERYTHING, timeout=1)["count"] > 0


def test_calls_that_are_too_many_are_throttled(tenant):
    fail_once(tenant, kind="status", status=429, code="429", retry_after=600)
    with pytest.raises(errors.Throttled) as failed:
        ask(tenant, EVERYTHING)
    assert "counted by the minute" in failed.value.hint


@pytest.mark.parametrize("kind", ["truncate", "drop", "not_json"])
def test_an_answer_that_breaks_off_is_asked_for_again_as_a_whole(tenant, kind, tmp_path):
    whole = ask(tenant, EVERYTHING)["rows"]
    fail_once(tenant, kind=kind)
    dest = tmp_path / "rows.ndjson"
    if kind == "not_json":
        with pytest.raises(errors.BadAnswer):
            ask(tenant, EVERYTHING, dest=str(dest))
        assert not list(tmp_path.iterdir())
        return
    assert ask(tenant, EVERYTHING, dest=str(dest))["count"] == len(whole)
    assert [json.loads(line) for line in dest.read_text(encoding="utf-8").splitlines()] == whole


def test_an_answer_without_columns_and_rows_is_no_all_clear(tenant):
    fail_once(tenant, kind="status", status=200, body={"schema": [], "results": []})
    with pytest.raises(errors.BadAnswer, match="neither columns nor rows"):
        ask(tenant, EVERYTHING)


def test_rows_go_to_a_file_for_its_owner_alone(tenant, tmp_path):
    dest = tmp_path / "rows.csv.gz"
    written = ask(tenant, EVERYTHING, dest=str(dest))
    with gzip.open(dest, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert (written["changed"], written["format"], written["count"]) == (True, "csv", len(rows))
    assert list(rows[0]) == [column["name"] for column in written["columns"]]
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert "rows" not in written
    assert ask(tenant, EVERYTHING, dest=str(dest))["changed"] is False


def test_no_cell_of_a_csv_file_is_a_formula(tenant, tmp_path):
    dest = tmp_path / "rows.csv"
    ask(tenant, "print Name = it", parameters={"it": "=HYPERLINK(1)"}, dest=str(dest))
    assert dest.read_text(encoding="utf-8") == "Name\n'=HYPERLINK(1)\n"


def test_in_check_mode_the_query_is_asked_and_nothing_is_written(tenant, tmp_path):
    foretold = ask(tenant, EVERYTHING, dest=str(tmp_path / "rows.ndjson"), dry=True)
    assert foretold["changed"] and not list(tmp_path.iterdir())
    assert ask(tenant, EVERYTHING, dest=str(tmp_path / "rows.ndjson"))["sha256"] == foretold["sha256"]


def test_a_full_answer_fails_unless_that_is_enough(changing, tmp_path, monkeypatch):
    monkeypatch.setattr(api, "MOST_ROWS", 2)
    changing.settings(hunting_rows=2, hunting_cuts_rows=True)
    with pytest.raises(errors.Incomplete, match="there may be more"):
        ask(changing, EVERYTHING, dest=str(tmp_path / "rows.ndjson"))
    assert not list(tmp_path.iterdir())
    some = ask(changing, EVERYTHING, allow_incomplete=True)
    assert (some["count"], some["complete"]) == (2, False)


def test_a_span_of_time_is_sent(tenant):
    ask(tenant, EVERYTHING, timespan="P1D")
    assert sent(tenant)[0]["body"]["Timespan"] == "P1D"


def test_the_classic_service_answers_until_its_end(tenant):
    found = ask(tenant, EVERYTHING, service="defender")
    assert found["rows"] == ask(tenant, EVERYTHING)["rows"]
    assert "ExecutionTime" in found["statistics"]


def test_after_its_end_the_classic_service_is_not_asked(tenant):
    with pytest.raises(errors.Ended, match="2027-02-01") as ended:
        ask(tenant, EVERYTHING, service="defender", ahead=100 * DAY)
    assert "service to graph" in ended.value.hint
    assert not sent(tenant)


@pytest.mark.parametrize("answers", ["gone", "empty"])
def test_an_ended_service_that_is_asked_all_the_same_gives_no_all_clear(changing, answers):
    changing.settings(hunting_at_its_end=answers)
    changing.advance(100 * DAY)
    with pytest.raises(errors.Ended, match="hunting.mde_run") as ended:
        ask(changing, EVERYTHING, service="defender", past_end_date=True, ahead=100 * DAY)
    assert "service to graph" in ended.value.hint
