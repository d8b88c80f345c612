# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines are found by whatever one knows of them, all of them, and nothing that is missing is passed over."""

from __future__ import annotations

import csv
import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadInput,
    Incomplete,
    NoRoles,
    NotFound,
)
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import connection, run, work

DAY = 86_400


def names(result):
    return sorted(machine["computerDnsName"].partition(".")[0] for machine in result["machines"])


def find(tenant, **options):
    return work(tenant, "machine_info", **options)


def calls(tenant):
    return len(tenant.journal(service="defender"))


def test_all_machines_are_read_when_nothing_narrows_it(tenant):
    result = find(tenant)
    assert (result["count"], len(result["machines"]), result["complete"]) == (19, 19, True)


def test_many_ids_are_read_in_one_call_and_come_in_the_order_asked_for(tenant):
    wanted = [machine_id(key) for key in ("hr-03", "fin-07", "app-01")]
    result = find(tenant, id=[*wanted, wanted[0].upper()])
    assert [machine["id"] for machine in result["machines"]] == wanted
    assert calls(tenant) == 1


def test_an_unknown_machine_fails_the_task_and_is_named(tenant):
    with pytest.raises(NotFound, match="f{40}") as failure:
        find(tenant, id=[machine_id("fin-07"), "f" * 40])
    assert failure.value.details == {"not_found": ["f" * 40]}


def test_an_unknown_machine_may_be_allowed(tenant):
    result = find(tenant, name=["fin-07", "nobody-1"], allow_missing=True)
    assert (names(result), result["not_found"]) == (["fin-07"], ["nobody-1"])


@pytest.mark.parametrize("name", ["fin-07", "FIN-07", "fin-07.contoso.com"])
def test_a_machine_is_found_by_its_full_or_short_name_in_any_case(tenant, name):
    assert names(find(tenant, name=[name])) == ["fin-07"]


def test_machines_of_one_name_are_all_returned(tenant):
    assert names(find(tenant, name=["mkt-11"])) == ["mkt-11", "mkt-11"]


def test_a_machine_is_found_by_its_address_at_a_time(tenant):
    from ansible_collections.secops.defender.plugins.module_utils._client import moments

    seen = find(tenant, name=["fin-07"])["machines"][0]["lastSeen"]
    assert names(find(tenant, ip=["10.20.3.44"])) == ["fin-07"]
    long_before = moments.spell(moments.from_epoch(moments.parse(seen).timestamp() - 5 * DAY))
    assert names(find(tenant, ip=["10.20.3.44"], at=long_before)) == ["mkt-11"]


def test_an_address_that_no_machine_had_at_that_time_is_told_with_the_time(tenant):
    with pytest.raises(NotFound, match="no machine had 192.0.2.7 within 15 minutes of 20"):
        find(tenant, ip=["192.0.2.7"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"ip": ["10.20.3.0/24"]}, "is not an IP address"),
        ({"ip": ["10.20.3.44"], "at": "yesterday"}, "at: 'yesterday'"),
        ({"id": []}, "id is empty"),
        ({"name": []}, "name is empty"),
        ({"limit": 0}, "limit is 0"),
        ({"seen_before": "soon"}, "seen_before"),
        ({"dest": "/tmp/machines.xlsx"}, "does not tell the format"),
    ],
)
def test_bad_input_is_named_and_nothing_is_sent(tenant, options, reason):
    with pytest.raises(BadInput, match=reason):
        find(tenant, **options)
    assert calls(tenant) == 0


def test_machines_are_found_by_tag_and_by_its_beginning(tenant):
    assert names(find(tenant, tag="finance")) == ["fin-07"]
    assert names(find(tenant, tag="fin", tag_prefix=True)) == ["fin-07"]
    assert find(tenant, tag="no-such-tag")["count"] == 0


def test_options_narrow_what_was_found_by_tag(tenant):
    assert names(find(tenant, tag="sales", health=["Active"], risk=["Medium"])) == ["laptop-19"]


def test_the_service_is_asked_to_filter_by_what_it_can(tenant):
    assert names(find(tenant, risk=["High"], os=["Windows11"])) == ["fin-07", "hr-03"]
    assert tenant.journal()[-1]["query"] == {"$filter": "riskScore eq 'High' and osPlatform eq 'Windows11'"}


def test_the_group_is_looked_at_here_and_is_not_cut_short_by_a_limit(tenant):
    result = find(tenant, group=["servers"], limit=3)
    assert {machine["rbacGroupName"] for machine in result["machines"]} == {"Servers"}
    assert (result["count"], result["complete"]) == (3, False)


def test_an_own_filter_is_narrowed_by_the_options(tenant):
    found = find(tenant, filter="startswith(computerDnsName,'fin') or startswith(computerDnsName,'files')", os=["Windows11"])
    assert names(found) == ["fin-07"]


def test_a_limit_costs_one_short_call(tenant):
    result = find(tenant, limit=2)
    assert (result["count"], result["complete"]) == (2, False)
    assert tenant.journal(service="defender")[-1]["query"]["$top"] == "2"


def test_a_limit_that_is_not_reached_leaves_the_result_complete(tenant):
    assert find(tenant, risk=["High"], limit=5)["complete"]


def test_a_tenant_without_machines_is_no_error(tenant):
    tenant.load("empty")
    assert find(tenant)["machines"] == []


def test_a_missing_role_is_found_before_anything_is_sent(tenant):
    with pytest.raises(NoRoles):
        find(tenant, app="nobody")
    assert calls(tenant) == 0


class TestAListThatBreaksOff:
    """Some pages come, then one that cannot be followed."""

    @pytest.fixture
    def broken(self, tenant):
        tenant.faults([{"match": {"operation": "machine.list"}, "kind": "looping_next_link"}])
        return tenant

    def test_fails_the_task(self, broken):
        with pytest.raises(Incomplete):
            find(broken)

    def test_is_a_part_when_that_is_allowed(self, broken):
        result = find(broken, allow_incomplete=True)
        assert (result["count"], result["complete"]) == (19, False)

    def test_leaves_no_file(self, broken, tmp_path):
        with pytest.raises(Incomplete):
            find(broken, dest=str(tmp_path / "m.ndjson"))
        assert list(tmp_path.iterdir()) == []


class TestToDisk:
    """Records go to a file, and the result says what is in it."""

    def test_every_machine_is_a_line(self, tenant, tmp_path):
        result = find(tenant, dest=str(tmp_path / "m.ndjson"))
        lines = [json.loads(line) for line in (tmp_path / "m.ndjson").read_text().splitlines()]
        assert (result["count"], len(lines), result["changed"]) == (19, 19, True)
        assert "machines" not in result

    def test_check_mode_tells_the_same_and_writes_nothing(self, tenant, tmp_path):
        foretold = find(tenant, dest=str(tmp_path / "m.csv.gz"), dry=True)
        assert list(tmp_path.iterdir()) == []
        assert find(tenant, dest=str(tmp_path / "m.csv.gz")) == foretold
        assert not find(tenant, dest=str(tmp_path / "m.csv.gz"))["changed"]

    def test_a_hostile_name_is_no_formula_in_a_spreadsheet(self, tenant, tmp_path):
        find(tenant, dest=str(tmp_path / "m.csv"))
        with open(tmp_path / "m.csv", newline="", encoding="utf-8") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert any(cell.startswith("'=cmd|") for cell in cells)
        assert not any(cell.startswith("=") for cell in cells)

    def test_a_few_by_name_may_go_to_a_file_as_well(self, tenant, tmp_path):
        assert find(tenant, name=["fin-07"], dest=str(tmp_path / "m.jsonl"))["count"] == 1


def test_a_hundred_thousand_machines_take_eleven_calls(tenant, tmp_path):
    tenant.load("large:100000")
    result = find(tenant, dest=str(tmp_path / "m.ndjson"))
    assert (result["count"], result["complete"]) == (100_000, True)
    assert calls(tenant) in (10, 11)


def test_the_process_returns_what_the_work_returns(tenant):
    ended = run("machine_info", {**connection(tenant), "name": ["fin-07"]})
    assert ended.result["machines"] == find(tenant, name=["fin-07"])["machines"]


def test_hostile_text_comes_out_as_text(tenant):
    hostile = next(machine for machine in find(tenant)["machines"] if "pipe" in machine["computerDnsName"])
    ended = run("machine_info", {**connection(tenant), "id": [hostile["id"]]})
    assert ended.result["machines"][0]["computerDnsName"] == hostile["computerDnsName"]
    assert "\x1b" not in ended.text


def test_a_message_that_quotes_an_option_steers_no_terminal(tenant):
    ended = run("machine_info", {**connection(tenant), "name": ["\x1b[31mred\r\nok"]})
    assert r"\x1b[31mred ok" in ended.result["msg"]
    assert not any(character in ended.result["msg"] for character in "\x1b\r\n")


def test_a_time_without_an_address_is_refused(tenant):
    assert "missing parameter(s) required by 'at': ip" in run("machine_info", {**connection(tenant), "at": "2026-11-25T03:00:00Z"}).result["msg"]


def test_a_library_that_is_not_there_is_named(tenant):
    ended = run("machine_info", connection(tenant), first="import sys; sys.modules['requests'] = None")
    assert "(requests)" in ended.result["msg"]
