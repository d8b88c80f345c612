# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Kusto refuses the engine refuses, although DuckDB would not; and nobody gets out of the tables."""

from __future__ import annotations

import duckdb
import pytest
from simulator.contract import hunting_tables
from simulator.hunting.answers import Limits
from simulator.hunting.refusals import TimedOut
from unit.simulator.hunting_table import ENDLESS, HOUR, NOW, Asking


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking()


@pytest.mark.parametrize(
    ("query", "operator", "name"),
    [
        ("deviceevents | take 1", "take", "deviceevents"),
        ("DeviceEvent | where 1 == 1", "where", "DeviceEvent"),
        ("DeviceEvents | where filename == 'x'", "where", "filename"),
        ("DeviceEvents | project Filename", "project", "Filename"),
        ("DeviceEvents | project X = FileName | where FileName == 'x'", "where", "FileName"),
        ("DeviceEvents | summarize count() by devicename", "summarize", "devicename"),
        ("DeviceEvents | summarize n = count() | where N > 1", "where", "N"),
        ("DeviceEvents | distinct filename", "distinct", "filename"),
        ("DeviceEvents | order by reportid", "sort", "reportid"),
        ("DeviceEvents | top 1 by reportid", "top", "reportid"),
        ("DeviceEvents | extend a = 1, b = a", "extend", "a"),
        ("DeviceEvents | project-away filename", "project-away", "filename"),
        ("DeviceEvents | project-rename X = filename", "project-rename", "filename"),
        ("DeviceEvents | mv-expand filename", "mv-expand", "filename"),
        ("DeviceEvents | join kind=inner (DeviceInfo) on deviceid", "join", "deviceid"),
        ("DeviceEvents | where DeviceId in (DeviceInfo | project Nothing)", "project", "Nothing"),
        ("DeviceEvents | where ReportId > toscalar(DeviceInfo | summarize max(reportid))", "summarize", "reportid"),
        ("let wanted = DeviceEvents | project Nothing; wanted", "project", "Nothing"),
        ("DeviceEvents | where FileName == cmd", "where", "cmd"),
        ("union DeviceEvents, (deviceinfo | take 1)", "take", "deviceinfo"),
    ],
)
def test_a_name_that_is_not_there_to_the_letter(asking, query, operator, name):
    assert asking.refusal(query) == f"'{operator}' operator: Failed to resolve table or column expression named '{name}'"


@pytest.mark.parametrize("call", ["ToLower(FileName)", "COUNT()", "regexp_matches(FileName, 'x')", "md5(FileName)", "lower(FileName)", "cast(FileName)"])
def test_functions_of_others_and_in_other_letters_are_unknown(asking, call):
    assert asking.refusal(f"DeviceEvents | extend x = {call}") == f"Unknown function: '{call.partition('(')[0]}'"


@pytest.mark.parametrize(
    "condition",
    [
        'ReportId == "7"', "FileName == 7", 'Timestamp > "2026-11-01"', "Timestamp > 5", 'ReportId in ("7", "8")', "FileName in (7)",
        'RemotePort between ("1" .. "9")', 'tostring(ReportId) == 7', 'now() > "2026-11-01"', 'ReportId has "7"', "FileName > 5",
    ],
)
def test_what_is_of_different_kinds_is_not_compared(asking, condition):
    asking.refusal(f"DeviceEvents | where {condition}")


def test_a_bool_is_compared_with_text_as_the_pages_do(asking):
    assert len(asking.rows('UrlClickEvents | where IsClickedThrough != "0"')) == 1


@pytest.mark.parametrize(
    "query",
    [
        "", "  \n", "// only a comment", "DeviceEvents |", "DeviceEvents | ;", "| take 1", "DeviceEvents | take", "DeviceEvents | Where 1 == 1",
        "DeviceEvents where FileName == 'x'", "select * from DeviceEvents", "DeviceEvents | where FileName == 'a' && 1 == 1",
        "DeviceEvents | summarise count()", "print x = 1 y = 2", "DeviceEvents | where FileName = 'x'", "DeviceEvents; DeviceInfo",
        "DeviceEvents | project FileName as X", "print #x", "print ♥", ".show tables", " .drop table DeviceEvents", "// hidden\n.show tables",
        ".set T <| DeviceEvents", "DeviceEvents | where FileName matches regex '('",
    ],
)
def test_what_is_no_query(asking, query):
    asking.refusal(query)


@pytest.mark.parametrize(
    "query",
    [
        "['/etc/passwd'] | take 1", '["duckdb_settings"]', "duckdb_tables", "information_schema", "sqlite_master", "held", "['held.DeviceEvents']",
        "duckdb_settings()", "read_csv('/etc/passwd')", "print read_text('/etc/passwd')", "print getenv('HOME')", "print current_setting('memory_limit')",
    ],
)
def test_what_is_of_duckdb_alone_is_not_there(asking, query):
    asking.refusal(query)


def test_not_even_sql_reaches_a_file_or_a_setting(asking):
    connection = asking.database._connection
    for statement in ("SELECT * FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO 'stolen.csv'", "SET enable_external_access = true", "INSTALL httpfs"):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)


@pytest.mark.parametrize(
    "query",
    [
        "DeviceEvents | mv-apply x = FileName on (take 1)", "DeviceEvents | evaluate bag_unpack(FileName)", "search 'x'", "find where FileName == 'x'",
        "externaldata(a: string)['https://a.example/b']", "cluster('x').database('y').T", "database('main').DeviceEvents", "set notruncation; DeviceEvents",
        "declare query_parameters(x: string); DeviceEvents", "DeviceEvents | extend x = parse_path(FileName)", "DeviceEvents | invoke FileProfile(SHA1)",
        "DeviceEvents | extend filename = 1", "DeviceEvents | make-series count() on Timestamp step 1h", "DeviceEvents | extend x = series_stats(FileName)",
        "DeviceEvents | where FileName has_any (split('a,b', ','))", "DeviceEvents | extend x = dynamic(['a']) | where FileName has_all (x)",
        "let x = split('a,b', ','); DeviceEvents | where FileName has_any (x)",
    ],
)
def test_what_only_kusto_can_do_is_told_apart_from_what_is_wrong(asking, query):
    assert asking.unable(query).startswith("The simulator cannot run this")


def test_the_classic_service_knows_the_tables_of_its_own_product_alone(asking):
    assert asking.rows("DeviceEvents | count", endpoint_only=True) == [{"Count": 2}]
    for table in ("EmailEvents", "UrlClickEvents", "IdentityInfo", "AlertInfo"):
        assert table in hunting_tables() and table in asking.refusal(table, endpoint_only=True)


def test_thirty_days_are_all_there_is_and_a_span_narrows_them(asking):
    assert asking.names("DeviceEvents") == {"PowerShell.exe", "cmd.exe"}
    assert asking.names("DeviceEvents", span=(NOW - 2 * HOUR, NOW)) == {"PowerShell.exe"}
    assert asking.names("DeviceEvents", span=(NOW - 60 * HOUR, NOW - 2 * HOUR)) == {"cmd.exe"}
    assert asking.names("DeviceEvents", span=(NOW - 9000 * HOUR, NOW)) == {"PowerShell.exe", "cmd.exe"}
    assert asking.names("DeviceEvents | where Timestamp < ago(1d)", span=(NOW - 2 * HOUR, NOW)) == set()


def test_rows_above_the_limit_are_left_out_and_said_so(asking):
    answer = asking.answer("range x from 1 to 12 step 1", limits=Limits(rows=10))
    assert (len(answer.rows), answer.cut) == (10, True)
    assert not asking.answer("range x from 1 to 10 step 1", limits=Limits(rows=10)).cut


def test_too_many_bytes_are_told(asking):
    assert asking.answer("range x from 1 to 100 step 1", limits=Limits(bytes=100)).too_large


def test_a_query_without_end_is_stopped(asking):
    with pytest.raises(TimedOut):
        asking.answer(ENDLESS, limits=Limits(seconds=0.1))
    assert asking.rows("DeviceEvents | count") == [{"Count": 2}], "and the next one runs"
