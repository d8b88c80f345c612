# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunting on both services: how they answer and refuse, and that the tables tell what all other endpoints tell."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import requests
from simulator import hunting
from simulator.clock import moment, stamp
from simulator.contract import hunting_tables
from simulator.hunting.quota import Quota
from simulator.seam import Problem
from simulator.worlds.records import machine_id, sha1
from unit.simulator.hunting_table import ENDLESS
from unit.simulator.tenant import Tenant

GRAPH, CLASSIC = "hunting.graph_run", "hunting.mde_run"
both = pytest.mark.parametrize("operation", [GRAPH, CLASSIC])


@pytest.fixture(scope="module")
def once() -> Tenant:
    return Tenant("under_attack")


@pytest.fixture
def attacked(once: Tenant) -> t.Iterator[Tenant]:
    """The same tables for all, settings and clock as at the start."""
    kept, ahead = dict(vars(once.world.settings)), once.world.clock.time()
    yield once
    vars(once.world.settings).update(kept)
    once.world.clock.advance(ahead - once.world.clock.time())


def rows(tenant: Tenant, query: str, **body: str) -> list[dict]:
    return tenant.ask(GRAPH, body={"Query": query, **body})["results"]


def refusal(tenant: Tenant, operation: str, query: str, **body: str) -> tuple[int, str, str]:
    with pytest.raises(Problem) as caught:
        tenant.reply(operation, body={"Query": query, **body})
    return caught.value.status, caught.value.code, caught.value.message


def test_graph_answers_in_small_letters_and_says_the_type_before_each_long(attacked):
    answer = attacked.ask(GRAPH, body={"Query": "DeviceProcessEvents | where ProcessId == 8420 | project Timestamp, FileName, ReportId"})
    assert answer["@odata.context"].endswith("/v1.0/$metadata#microsoft.graph.security.huntingQueryResults")
    assert answer["schema"] == [{"name": "Timestamp", "type": "DateTime"}, {"name": "FileName", "type": "String"}, {"name": "ReportId", "type": "Int64"}]
    [row] = answer["results"]
    assert list(row) == ["Timestamp", "FileName", "ReportId@odata.type", "ReportId"]
    assert (row["ReportId@odata.type"], row["ReportId"], len(row["Timestamp"])) == ("#Int64", 8420, len("2026-11-20T01:10:26.2648757Z"))


def test_the_classic_service_answers_in_capitals_with_statistics(attacked):
    answer = attacked.ask(CLASSIC, body={"Query": "DeviceProcessEvents | where ProcessId == 8420 | project FileName, ReportId"})
    assert set(answer) == {"Stats", "Schema", "Results"}
    assert answer["Schema"] == [{"Name": "FileName", "Type": "String"}, {"Name": "ReportId", "Type": "Int64"}]
    assert answer["Results"] == [{"FileName": "powershell.exe", "ReportId": 8420}]
    assert answer["Stats"]["dataset_statistics"][0]["table_row_count"] == 1


@both
def test_a_wrong_query_is_a_bad_request_with_the_engines_words(attacked, operation):
    for query in ("DeviceProcessEvent | take 1", "DeviceProcessEvents | where Filename == 'x'", "DeviceProcessEvents | take"):
        status, code, message = refusal(attacked, operation, query)
        assert (status, code) == (400, "BadRequest") and ("Failed to resolve" in message or "recognition error" in message)


def test_a_table_of_another_product_is_unknown_to_the_classic_service(attacked):
    assert rows(attacked, "EmailEvents | count") != [{"Count": 0}]
    assert refusal(attacked, CLASSIC, "EmailEvents | count")[:2] == (400, "BadRequest")


def test_what_the_simulator_cannot_run_is_not_called_wrong(attacked):
    assert refusal(attacked, GRAPH, "search 'x'")[:2] == (501, "NotImplemented")


@pytest.mark.parametrize("span", ["PT40M", "{forty}/{now}", "PT40M/{now}", "{forty}/PT40M", "{forty}"])
def test_a_span_narrows_the_query_in_each_of_its_forms(attacked, span):
    now = attacked.world.clock.now()
    span = span.format(now=stamp(now), forty=stamp(now - dt.timedelta(minutes=40)))
    query = "DeviceProcessEvents | where FileName in ('powershell.exe', 'winupd32.exe', 'vssadmin.exe') | summarize make_set(FileName)"
    assert set(rows(attacked, query)[0]["set_FileName"]) == {"powershell.exe", "winupd32.exe", "vssadmin.exe"}
    narrowed = rows(attacked, f"{query} | project names = set_FileName", Timespan=span)[0]["names"]
    # On fin-07 powershell.exe was started an hour ago, on the machine with the hostile name twenty minutes ago.
    assert set(narrowed) == {"powershell.exe", "winupd32.exe", "vssadmin.exe"}
    assert len(rows(attacked, "DeviceProcessEvents | where FileName == 'powershell.exe'", Timespan=span)) == 1
    assert rows(attacked, "DeviceProcessEvents | where Timestamp < ago(50m) | count", Timespan=span) == [{"Count@odata.type": "#Int64", "Count": 0}]


@pytest.mark.parametrize("span", ["40M", "yesterday", "P", "PT", "/", "PT1H/PT1H", "2026-13-01"])
def test_a_span_that_is_none_is_refused(attacked, span):
    assert refusal(attacked, GRAPH, "DeviceInfo", Timespan=span)[:2] == (400, "BadRequest")


def test_more_rows_than_allowed_are_cut_on_graph_and_refused_by_the_classic_service(attacked):
    attacked.world.settings.hunting_rows = 10
    query = "DeviceNetworkEvents | project Timestamp"
    assert len(rows(attacked, query)) == 10
    assert "exceeded the allowed result size" in refusal(attacked, CLASSIC, query)[2]
    attacked.world.settings.hunting_cuts_rows = False
    assert "exceeded the allowed result size" in refusal(attacked, GRAPH, query)[2]


@both
def test_more_bytes_than_allowed_are_refused(attacked, operation):
    attacked.world.settings.hunting_bytes = 1000
    status, _code, message = refusal(attacked, operation, "DeviceNetworkEvents | project Timestamp")
    assert status == 400 and "exceeded the allowed result size" in message


@both
def test_a_query_that_takes_too_long_times_out(attacked, operation):
    attacked.world.settings.hunting_seconds = 0.1
    assert refusal(attacked, operation, ENDLESS)[0] == 504


def test_spent_seconds_of_the_tenant_come_back_with_the_next_quarter_of_an_hour(attacked):
    attacked.world.settings.hunting_cpu_seconds = 0
    status, code, message = refusal(attacked, GRAPH, "DeviceInfo | count")
    assert (status, code) == (429, "TooManyRequests") and "processing resources" in message
    attacked.world.settings.hunting_cpu_seconds = 1e-9
    attacked.wait(900)
    assert attacked.reply(GRAPH, body={"Query": "DeviceInfo | count"}).status == 200
    assert refusal(attacked, GRAPH, "DeviceInfo | count")[0] == 429
    attacked.wait(900)
    assert attacked.reply(GRAPH, body={"Query": "DeviceInfo | count"}).status == 200


def test_spent_seconds_of_the_classic_service_are_its_own_and_come_back_with_the_hour_or_the_day(attacked):
    attacked.world.settings.hunting_cpu_seconds = 0
    assert refusal(attacked, CLASSIC, "DeviceInfo | count")[:2] == (429, "TooManyRequests")
    quota, noon = Quota("defender"), dt.datetime(2026, 11, 25, 12, 10, tzinfo=dt.timezone.utc)
    quota.spend(600, noon)
    assert quota.wait(600, noon) == dt.timedelta(minutes=50)
    for hour in range(1, 12):
        assert quota.wait(600, noon + dt.timedelta(hours=hour)) is None
        quota.spend(950, noon + dt.timedelta(hours=hour))
    assert quota.wait(600, noon + dt.timedelta(hours=11, minutes=49)) == dt.timedelta(minutes=1)
    assert quota.wait(600, noon + dt.timedelta(hours=12)) is None


def test_from_its_last_day_on_the_classic_service_returns_no_data(attacked):
    end = dt.datetime(2027, 2, 1, tzinfo=dt.timezone.utc)
    attacked.wait((end - attacked.world.clock.now()).total_seconds() - 1)
    assert attacked.ask(CLASSIC, body={"Query": "DeviceInfo | count"})["Results"]
    attacked.wait(1)
    assert attacked.ask(CLASSIC, body={"Query": "DeviceInfo | count"}) == {"Schema": [], "Results": []}
    attacked.world.settings.hunting_at_its_end = "gone"
    assert refusal(attacked, CLASSIC, "DeviceInfo | count")[0] == 410
    assert attacked.reply(GRAPH, body={"Query": "DeviceInfo | count"}).status == 200


def test_a_workspace_is_refused_as_there_is_none(attacked):
    assert refusal(attacked, GRAPH, "DeviceInfo", workspaceId="5a1f0e4c-0000-4000-8000-000000000001")[:2] == (400, "BadRequest")


def test_machines_are_those_of_the_api(attacked):
    found = {row["DeviceId"]: row for row in rows(attacked, "DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId")}
    for machine in attacked.world.machines:
        if moment(machine["lastSeen"]) > attacked.world.clock.now() - dt.timedelta(days=30):
            row = found[machine["id"]]
            assert (row["DeviceName"], row["OSPlatform"], row["ExposureLevel"]) == (machine["computerDnsName"], machine["osPlatform"], machine["exposureLevel"])


def test_all_that_alerts_name_is_found(attacked):
    shas = {row["SHA1"] for row in rows(attacked, "union DeviceProcessEvents, DeviceFileEvents | distinct SHA1")}
    addresses = {row["RemoteIP"] for row in rows(attacked, "union DeviceNetworkEvents, DeviceLogonEvents | distinct RemoteIP")}
    urls = {row["RemoteUrl"] for row in rows(attacked, "DeviceNetworkEvents | distinct RemoteUrl")}
    people = {row["AccountName"] for row in rows(attacked, "DeviceLogonEvents | distinct AccountName")}
    for piece in (piece for alert in attacked.world.alerts for piece in alert["evidence"]):
        assert piece["sha1"] is None or piece["sha1"] in shas
        assert piece["ipAddress"] is None or piece["ipAddress"] in addresses
        assert piece["url"] is None or piece["url"] in urls
        assert piece["accountName"] is None or piece["accountName"] in people


def test_the_incident_can_be_followed_from_the_mail_to_the_encrypted_files(attacked):
    [click] = rows(attacked, "UrlClickEvents | where ActionType == 'ClickAllowed'")
    [mail] = rows(attacked, f"EmailEvents | where NetworkMessageId == '{click['NetworkMessageId']}'")
    assert (mail["RecipientEmailAddress"], mail["DeliveryAction"]) == ("lena@contoso.com", "Delivered")
    [logon] = rows(attacked, "DeviceLogonEvents | where LogonType == 'Network' and RemoteDeviceName startswith 'fin-07'")
    assert (logon["DeviceId"], logon["AccountName"]) == (machine_id("hr-03"), "svc-backup")
    [service] = rows(attacked, f"DeviceRegistryEvents | where DeviceId == '{machine_id('hr-03')}'")
    assert service["RegistryValueData"].endswith("winupd32.exe")
    [renamed] = rows(attacked, "DeviceFileEvents | where ActionType == 'FileRenamed' | summarize n = count() by DeviceId, InitiatingProcessSHA1")
    assert (renamed["DeviceId"], renamed["InitiatingProcessSHA1"], renamed["n"] > 400) == (machine_id("files-02"), sha1("winupd32.exe"), True)


def test_an_alert_can_be_raised_on_what_a_query_finds(attacked):
    [row] = rows(attacked, "DeviceProcessEvents | where FileName == 'rundll32.exe' | project Timestamp, DeviceId, ReportId")
    when = moment(row["Timestamp"])
    assert hunting.has_event(attacked.world, row["ReportId"], when, row["DeviceId"])
    assert not hunting.has_event(attacked.world, row["ReportId"] + 1, when, row["DeviceId"])
    assert not hunting.has_event(attacked.world, row["ReportId"], when - dt.timedelta(milliseconds=1), row["DeviceId"])
    assert not hunting.has_event(attacked.world, 2**64, when, row["DeviceId"])


def test_each_table_can_be_asked(attacked):
    for table, facts in hunting_tables().items():
        answer = attacked.ask(GRAPH, body={"Query": f"{table} | take 1"})
        assert [column["name"] for column in answer["schema"]] == list(facts["columns"])


def test_a_hundred_thousand_rows_are_there():
    large = Tenant("large:1000")
    assert len(rows(large, "DeviceNetworkEvents | project Timestamp, DeviceId, RemoteIP, RemotePort, RemoteUrl")) == 100_000


def test_who_never_hunts_does_without_the_engine():
    tests = Path(__file__).resolve().parents[2]
    said = "import sys; from simulator import behaviours; print([one for one in ('duckdb', 'duckdb_kql', 'antlr4') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], cwd=tests, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_over_the_wire_the_role_is_wanted_and_the_rows_are_json(simulator):
    def ask(app: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {simulator.token(app, 'https://graph.microsoft.com/.default')}"}
        query = {"Query": "DeviceInfo | where DeviceName startswith 'web' | distinct DeviceName"}
        return simulator.session.post(f"{simulator.url}/v1.0/security/runHuntingQuery", json=query, headers=headers)

    assert ask("graph_only").json()["results"] == [{"DeviceName": "web-01.contoso.com"}]
    refused = ask("reader")
    assert refused.status_code == 403 and "ThreatHunting.Read.All" in refused.json()["error"]["message"]
