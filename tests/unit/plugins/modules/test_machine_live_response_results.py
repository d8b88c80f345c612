# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sessions bring: output of scripts as plain text, files whole and proved, and which command failed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed
from simulator.worlds.records import machine_id, sha1
from unit.plugins.module_utils._client.moving_clock import TenantClock
from unit.plugins.modules.acting import Asking, entry
from unit.plugins.modules.playing import work

HOSTS = r"C:\Windows\System32\drivers\etc\hosts"
MALWARE = r"C:\Windows\Temp\winupd32.exe"
LINK = "machine_action.get_live_response_result"


@pytest.fixture
def command(tenant, tmp_path):
    tenant.settings(action_seconds=10)
    usual = {"dest": str(tmp_path / "out"), "clock": TenantClock(tenant), "retry_time": 300, "wait_timeout": 60}
    return Asking(tenant, "machine_live_response", **usual)


def shelve(command, name: str, content: str) -> None:
    work(command.tenant, "library_file", app="commander", name=name, content=content)


def commands_on(result: dict, name: str = "hr-03") -> list[dict]:
    return entry(result, name)["commands"]


def failed(command, *machines: str, **options) -> dict:
    with pytest.raises(PartlyFailed) as failure:
        command(*(machines or ("hr-03",)), **options)
    return failure.value.details


def test_output_is_told_and_kept_in_full(command, tmp_path):
    [told] = commands_on(command("hr-03", commands=[{"run_script": "triage.ps1", "args": "evil.exe"}]))
    assert (told["command"], told["subject"], told["status"], told["exit_code"]) == ("run_script", "triage.ps1", "completed", 0)
    assert told["output"].splitlines()[1:] == ["looking for evil.exe", "done"] and not told["truncated"]
    assert told["started"] < told["ended"] and told["errors"] == []
    kept = Path(told["file"]["path"])
    assert json.loads(kept.read_text())["script_output"] == told["output"]
    assert kept.parent == tmp_path / "out" and told["file"]["sha256"] == hashlib.sha256(kept.read_bytes()).hexdigest()


def test_file_is_fetched_to_where_nobody_else_chose(command, tmp_path):
    [told] = commands_on(command("hr-03", commands=[{"get_file": MALWARE}]))
    kept = Path(told["file"]["path"])
    assert kept.parent == tmp_path / "out" and kept.name.startswith(machine_id("hr-03")) and kept.name.endswith("_0.bin")
    assert hashlib.sha1(kept.read_bytes(), usedforsecurity=False).hexdigest() == sha1("winupd32.exe")


def test_results_stand_beside_their_commands(command):
    commands = [{"put_file": "triage.ps1"}, {"run_script": "triage.ps1"}, {"run_script": "autoruns.ps1"}, {"get_file": HOSTS}]
    told = commands_on(command("hr-03", commands=commands))
    assert [entry["command"] for entry in told] == ["put_file", "run_script", "run_script", "get_file"]
    assert told[0]["file"] is None, "what is put brings nothing"
    assert "Teams" in told[2]["output"]
    assert [Path(entry["file"]["path"]).name.rpartition("_")[2] for entry in told[1:]] == ["1.json", "2.json", "3.bin"]
    assert len(command.tenant.journal(operation=LINK)) == 3


def test_long_output_is_cut_and_says_so(command):
    [told] = commands_on(command("hr-03", commands=[{"run_script": "triage.ps1"}], max_output=10))
    assert (told["output"], told["truncated"]) == ("Transcript", True)
    assert "done" in Path(told["file"]["path"]).read_text()


def test_output_steers_no_terminal_and_holds_no_nul(command):
    shelve(command, "odd.ps1", "Write-Output '\x1b[31mr\x00e\x00d\ttab \u202egnp.exe'\n")
    [told] = commands_on(command("hr-03", commands=[{"run_script": "odd.ps1"}]))
    assert told["output"].splitlines()[1] == r"\x1b[31mred" + "\t" + r"tab \u202egnp.exe"


def test_script_that_says_it_failed_has_failed_although_the_session_has_not(command):
    shelve(command, "fuss.ps1", "Write-Output 'a'\nWrite-Error 'no rights'\nexit 3\n")
    report = failed(command, commands=[{"run_script": "fuss.ps1"}, {"get_file": HOSTS}])
    machine = entry(report, "hr-03")
    assert machine["outcome"] == "failed" and machine["reason"] == "command 0 (fuss.ps1) ended with exit code 3"
    script, fetched = machine["commands"]
    assert (script["status"], script["exit_code"], script["script_errors"]) == ("completed", 3, "no rights\n")
    assert fetched["file"]["bytes"]


def test_first_command_that_fails_stops_the_rest_and_what_was_done_is_fetched(command):
    shelve(command, "slow.ps1", "Start-Sleep -Seconds 600\n")
    report = failed(command, commands=[{"run_script": "triage.ps1"}, {"run_script": "slow.ps1"}, {"get_file": HOSTS}])
    machine = entry(report, "hr-03")
    assert machine["outcome"] == "failed" and "command 1 (run_script slow.ps1) failed: The script was stopped after 10 minutes" in machine["reason"]
    assert [told["status"] for told in machine["commands"]] == ["completed", "failed", "not_run"]
    assert machine["commands"][0]["exit_code"] == 0 and machine["commands"][1]["errors"]


def test_file_that_is_not_there_is_told_for_its_command(command):
    report = failed(command, commands=[{"get_file": HOSTS}, {"get_file": r"C:\nowhere"}])
    assert [told["status"] for told in commands_on(report)] == ["completed", "failed"]
    assert "Could not find file" in entry(report, "hr-03")["reason"]


def test_machine_that_is_not_there_waits_with_its_commands(command):
    report = failed(command, "laptop-19", commands=[{"run_script": "triage.ps1"}], wait_timeout=5)
    assert entry(report, "laptop-19")["outcome"] == "pending"
    assert [told["status"] for told in commands_on(report, "laptop-19")] == ["waiting"]


def test_without_a_folder_output_is_told_and_nothing_is_kept(command, tmp_path, monkeypatch):
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    [told] = commands_on(command("hr-03", commands=[{"run_script": "triage.ps1"}], dest=None))
    assert "done" in told["output"] and told["file"]["path"] is None and told["file"]["sha256"]
    assert list((tmp_path / "temp").iterdir()) == []


def test_files_need_a_folder_when_the_wait_is_taken_up_as_well(command):
    begun = command("hr-03", commands=[{"get_file": HOSTS}], wait=False)
    with pytest.raises(PartlyFailed) as failure:
        command.again(begun, commands=None, dest=None)
    assert "dest is missing: command 0 fetched a file" in entry(failure.value.details, "hr-03")["reason"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"exit_code": "0"}'.replace(b'"0"', b"null")])
def test_result_that_cannot_be_read_is_no_success(command, body):
    command.tenant.faults([{"match": {"service": "storage"}, "kind": "status", "status": 200, "body": body.decode()}])
    machine = entry(failed(command, commands=[{"run_script": "triage.ps1"}]), "hr-03")
    assert machine["outcome"] == "unknown" and "cannot be read" in machine["reason"]
    assert Path(machine["commands"][0]["file"]["path"]).read_bytes() == body


def test_result_that_does_not_come_leaves_the_session_to_a_later_job(command):
    command.tenant.faults([{"match": {"service": "storage", "path": "/1$"}, "kind": "status", "status": 403}])
    report = failed(command, commands=[{"run_script": "triage.ps1"}, {"get_file": HOSTS}])
    machine = entry(report, "hr-03")
    assert machine["outcome"] == "pending" and machine["action_id"] in report["action_ids"]
    assert machine["commands"][0]["exit_code"] == 0 and machine["commands"][1]["file"] is None
    command.tenant.faults([])
    command.tenant.clear_journal()
    assert commands_on(command.again(report, commands=None))[1]["file"]["bytes"]
    assert len(command.tenant.journal(operation=LINK)) == 1, "what lies here is not fetched again"
