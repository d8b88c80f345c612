# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ledger is verified and read without any service, and what a case has done is what it may undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, LedgerBroken
from ansible_collections.secops.defender.plugins.module_utils._module.perform import perform
from ansible_collections.secops.defender.plugins.module_utils._module.spec import CONNECTION
from ansible_collections.secops.defender.plugins.modules.case_ledger_info import SHAPE
from unit.plugins.modules.playing import run, work

LEDGERS = Path(__file__).parent / "files"
TENANT = "5a1f0e4c-0000-4000-8000-00000000d0d0"
OTHER = "5a1f0e4c-0000-4000-8000-00000000eeee"
HEAD = "8226c0ee769e364fa7da9e46ea034f2b0733c1b9de6339ff2ef872a558ca2655"
FIN_07, FIN_08, SALES_05, LAB_02 = (f"{number:040x}" for number in range(1, 5))


def read(name="incident.ndjson", **options):
    """The module's result, read with no client at all."""
    given = {"path": str(LEDGERS / name), **options}
    spec = ArgumentSpecValidator({**CONNECTION, **SHAPE.argument_spec}, **SHAPE.rules)
    checked = spec.validate({name: value for name, value in given.items() if value is not None})
    assert not checked.error_messages, checked.error_messages
    return SHAPE.work(None, checked.validated_parameters)


@pytest.fixture
def folder(tmp_path):
    """A folder with the ledgers of one case in two tenants, and of another case."""
    for name in (f"{TENANT}_1126093.ndjson", f"{OTHER}_1126093.ndjson", f"{TENANT}_INC_1.ndjson"):
        (tmp_path / name).write_bytes((LEDGERS / "incident.ndjson").read_bytes())
    return tmp_path


def by_case(folder, case="1126093", **options):
    return read(path=None, case=case, ledger=str(folder), **options)


def test_it_needs_nothing_to_sign_in_with(monkeypatch):
    for name in ("DEFENDER_CLIENT_SECRET", "DEFENDER_TENANT_ID", "DEFENDER_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    ended = run("case_ledger_info", {"path": str(LEDGERS / "incident.ndjson")})
    assert ended.result["ledger"]["valid"] and ended.result["changed"] is False


def test_a_secret_that_is_given_all_the_same_is_not_looked_at():
    params = ArgumentSpecValidator({**CONNECTION, **SHAPE.argument_spec}).validate(
        {"path": str(LEDGERS / "incident.ndjson"), "client_secret": "not-a-secret-of-a-test", "login_url": "https://localhost:9"}
    )
    ending = perform(SHAPE, params.validated_parameters, dry=False, diff=False)
    assert not ending.failed and "not-a-secret" not in json.dumps(ending.result)


def test_a_ledger_that_nobody_touched_is_valid():
    ledger = read()["ledger"]
    assert (ledger["valid"], ledger["entries"], ledger["head"], ledger["faults"]) == (True, 23, HEAD, [])
    assert (ledger["case"], ledger["tenant_id"], ledger["last"]) == ("1126093", TENANT, "2026-11-25T02:03:37Z")


def test_a_torn_line_is_told_and_does_not_fail_the_task():
    assert read()["ledger"]["torn"] == [{"line": 18, "bytes": 44, "vouched": True}]


def test_a_ledger_that_was_tampered_with_fails_the_task_and_says_where():
    with pytest.raises(LedgerBroken, match="entry 5, line 5: it was changed after it was written, and 1 more") as caught:
        read("tampered.ndjson")
    assert [fault["seq"] for fault in caught.value.details["ledger"]["faults"]] == [5, 7]
    assert caught.value.details["to_undo"]["isolated"] == [FIN_07, SALES_05]


def test_it_can_be_read_all_the_same():
    ledger = read("tampered.ndjson", allow_broken=True)["ledger"]
    assert (ledger["valid"], ledger["entries"]) == (False, 21)


@pytest.mark.parametrize("head", [HEAD, HEAD.upper(), f" {HEAD}\n", ""])
def test_a_head_that_is_there_proves_that_nothing_was_cut_off(head):
    assert read(head=head)["ledger"]["valid"]


def test_a_head_of_long_ago_is_there_still():
    assert read(head=read(entries=True)["entries"][3]["hash"])["ledger"]["valid"]


def test_entries_that_were_cut_off_are_missed_by_the_head(tmp_path):
    lines = (LEDGERS / "incident.ndjson").read_bytes().splitlines(keepends=True)
    (tmp_path / "cut.ndjson").write_bytes(b"".join(lines[:-1]))
    assert read(path=str(tmp_path / "cut.ndjson"))["ledger"]["valid"]
    with pytest.raises(LedgerBroken, match="entry 23, line 24: no entry has the hash that head names"):
        read(path=str(tmp_path / "cut.ndjson"), head=HEAD)


def test_what_this_case_did_is_to_be_undone():
    result = read()
    assert result["to_undo"] == {"isolated": [FIN_07, SALES_05], "contained": [], "restricted": [FIN_07]}
    assert {machine["id"]: machine["to_undo"] for machine in result["machines"]} == {
        FIN_07: ["isolated", "restricted"], FIN_08: [], SALES_05: ["isolated"], LAB_02: []
    }


def test_what_has_no_known_end_is_open():
    result = read()
    assert [(action["name"], action["outcome"]) for action in result["open_actions"]] == [
        ("sales-05.contoso.com", "pending"), ("lab-02.contoso.com", "unanswered")
    ]
    assert result["action_ids"] == ["5a1f0e4c-0000-4000-8000-030000000002"]


def test_a_run_that_died_is_told():
    result = read()
    assert result["cut_short"] == ["a1b2c3d4e5f60703"]
    assert [run["state"] for run in result["runs"]] == ["ended", "ended", "cut_short", "ended"]


def test_each_deed_tells_who_what_when_and_how_it_ended():
    machine = next(machine for machine in read()["machines"] if machine["id"] == FIN_08)
    told = [(deed["action"], deed["outcome"], deed["asked"]) for deed in machine["deeds"]]
    assert told == [("Isolate", "succeeded", "2026-11-25T02:00:56Z"), ("Unisolate", "succeeded", "2026-11-25T02:01:45Z")]
    assert {(run["app_id"][-4:], run["user"], run["host"]) for run in read()["runs"]} == {("00a1", "responder", "control-1.contoso.com")}


def test_entries_are_returned_only_when_asked_for():
    assert "entries" not in read()
    assert [entry["seq"] for entry in read(entries=True)["entries"]] == list(range(1, 24))


def test_a_case_is_found_by_its_name(folder):
    assert by_case(folder, "INC_1")["ledger"]["path"] == str(folder / f"{TENANT}_INC_1.ndjson")


def test_a_case_of_several_tenants_needs_the_tenant(folder):
    with pytest.raises(BadInput, match=f"{TENANT} and {OTHER}"):
        by_case(folder)
    assert by_case(folder, tenant_id=OTHER.upper())["ledger"]["path"].endswith(f"{OTHER}_1126093.ndjson")


def test_the_name_of_a_domain_does_not_narrow(folder):
    assert by_case(folder, "INC_1", tenant_id="contoso.com")["ledger"]["valid"]


@pytest.mark.parametrize("case", ["1126094", "126093", "1", "#1126093"])
def test_a_case_without_a_ledger_fails_the_task(folder, case):
    with pytest.raises(BadInput, match="There is no ledger of the case"):
        by_case(folder, case)


def test_a_folder_that_is_not_there_fails_the_task(tmp_path):
    with pytest.raises(BadInput, match="There is no ledger"):
        by_case(tmp_path / "nowhere")


@pytest.mark.parametrize(("case", "message"), [("", "Neither case nor path"), ("../1126093", "cannot name a case")])
def test_a_case_that_cannot_be_called_so_fails_the_task(folder, case, message):
    with pytest.raises(BadInput, match=message):
        by_case(folder, case)


def test_a_file_that_cannot_be_read_fails_the_task(tmp_path):
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read(path=str(tmp_path / "nowhere.ndjson"))


def test_an_empty_ledger_is_valid(tmp_path):
    (tmp_path / "new.ndjson").touch()
    result = read(path=str(tmp_path / "new.ndjson"))
    assert result["ledger"]["valid"] and result["machines"] == [] and result["to_undo"]["isolated"] == []


def test_what_a_task_wrote_is_what_this_reads(tenant, tmp_path):
    tenant.settings(action_seconds=0.1)
    options = {"comment": "A drill", "case": "drill-1", "ledger": str(tmp_path / "ledgers"), "poll_interval": 1}
    done = work(tenant, "machine_isolation", state="isolated", machines=["fin-07"], **options)
    told = by_case(tmp_path / "ledgers", "drill-1", head=done["ledger"]["head"])
    assert told["to_undo"]["isolated"] == [done["machines"][0]["id"]]
    work(tenant, "machine_isolation", state="released", machines=told["to_undo"]["isolated"], **options)
    assert by_case(tmp_path / "ledgers", "drill-1")["to_undo"]["isolated"] == []
