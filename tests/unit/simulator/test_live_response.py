# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live response checks a session whole, runs it command by command, and keeps what it brought."""

from __future__ import annotations

import hashlib
import json
import typing as t

import pytest
from simulator.blobs import Refused
from simulator.clock import moment
from simulator.library import LibraryFile
from simulator.worlds.records import sha1
from unit.simulator.tenant import Tenant

HOUR = 3600
HOSTS = "C:\\Windows\\System32\\drivers\\etc\\hosts"
MALWARE = "C:\\Windows\\Temp\\winupd32.exe"


def command(type_: str, **params: str) -> dict[str, t.Any]:
    return {"type": type_, "params": [{"key": key, "value": value} for key, value in params.items()]}


def put(name: str = "triage.ps1") -> dict:
    return command("PutFile", FileName=name)


def run(name: str = "triage.ps1", **args: str) -> dict:
    return command("RunScript", ScriptName=name, **args)


def get(path: str = HOSTS) -> dict:
    return command("GetFile", Path=path)


def session(tenant: Tenant, *commands: dict, on: str = "hr-03") -> dict:
    return tenant.act("machine.run_live_response", on, Commands=list(commands))


def refused(tenant: Tenant, *commands: t.Any, on: str = "hr-03") -> tuple[int, str]:
    return tenant.refuses("machine.run_live_response", on, Commands=list(commands))


def now(tenant: Tenant, action: dict) -> dict:
    return tenant.ask("machine_action.get", id=action["id"])


def statuses(tenant: Tenant, action: dict) -> list[str]:
    return [one["commandStatus"] for one in now(tenant, action)["commands"]]


def result(tenant: Tenant, action: dict, index: int) -> bytes:
    return tenant.content(tenant.ask("machine_action.get_live_response_result", id=action["id"], index=str(index))["value"])


def shelve(tenant: Tenant, name: str, script: str) -> None:
    made = tenant.world.clock.now()
    tenant.world.library.keep(LibraryFile(name, script.encode(), made, made, "someone"))


def test_commands_are_kept_in_order_and_completed_one_by_one(attacked):
    action = session(attacked, put(), run(Args="evil.exe"), get())
    assert [(one["index"], one["command"]["type"]) for one in action["commands"]] == [(0, "PutFile"), (1, "RunScript"), (2, "GetFile")]
    assert statuses(attacked, action) == ["Created"] * 3
    seconds = attacked.world.settings.action_seconds
    attacked.wait(seconds / 2 + seconds / 6 + 0.01)
    assert (statuses(attacked, action), attacked.status(action)) == (["Completed", "Created", "Created"], "InProgress")
    attacked.wait(seconds)
    assert (statuses(attacked, action), attacked.status(action)) == (["Completed"] * 3, "Succeeded")


def test_result_of_a_script_tells_what_it_said(attacked):
    action = session(attacked, run(Args="evil.exe"))
    attacked.wait()
    found = json.loads(result(attacked, action, 0))
    assert (found["script_name"], found["exit_code"], found["script_errors"]) == ("triage.ps1", 0, "")
    assert found["script_output"].splitlines()[1:] == ["looking for evil.exe", "done"]


def test_script_may_complain_and_leave_early(attacked):
    shelve(attacked, "fuss.ps1", "Write-Output 'a'\nWrite-Error 'b'\nexit 3\nWrite-Output 'never'\n")
    action = session(attacked, run("fuss.ps1"), get())
    attacked.wait()
    found = json.loads(result(attacked, action, 0))
    assert (found["exit_code"], found["script_errors"]) == (3, "b\n") and "never" not in found["script_output"]
    assert statuses(attacked, action) == ["Completed", "Completed"], "a script that ends has not failed"


def test_script_that_runs_for_ten_minutes_fails_and_stops_the_rest(attacked):
    shelve(attacked, "slow.ps1", "Start-Sleep -Seconds 600\n")
    action = session(attacked, run("slow.ps1"), run(), get())
    attacked.wait()
    assert (statuses(attacked, action), attacked.status(action)) == (["Failed", "Created", "Created"], "Failed")
    shown = now(attacked, action)
    assert shown["commands"][0]["errors"] and shown["commands"][1]["endTime"] is None and shown["errorHResult"] != 0


def test_file_that_is_fetched_is_the_one_the_alert_names(attacked):
    action = session(attacked, get(MALWARE))
    attacked.wait()
    assert hashlib.sha1(result(attacked, action, 0), usedforsecurity=False).hexdigest() == sha1("winupd32.exe")


def test_file_that_was_quarantined_cannot_be_fetched(attacked):
    attacked.act("machine.stop_and_quarantine_file", "hr-03", Sha1=sha1("winupd32.exe"))
    attacked.wait()
    action = session(attacked, get(MALWARE))
    attacked.wait()
    assert statuses(attacked, action) == ["Failed"]
    assert attacked.refused("machine_action.get_live_response_result", id=action["id"], index="0") == (404, "ResourceNotFound")


def test_file_that_was_put_is_there_in_the_next_session(attacked):
    session(attacked, put())
    attacked.wait()
    action = session(attacked, get("C:\\ProgramData\\Microsoft\\Defender\\Downloads\\triage.ps1"))
    attacked.wait()
    assert result(attacked, action, 0) == attacked.world.library["triage.ps1"].content


@pytest.mark.parametrize("index", ["0", "3", "-1", "x"])
def test_command_that_brings_nothing_has_no_result(attacked, index):
    action = session(attacked, put(), run(), get())
    attacked.wait()
    assert attacked.refused("machine_action.get_live_response_result", id=action["id"], index=index) == (404, "ResourceNotFound")


def test_there_is_no_result_before_the_command_has_run(attacked):
    action = session(attacked, run())
    assert attacked.refused("machine_action.get_live_response_result", id=action["id"], index="0") == (404, "ResourceNotFound")


def test_link_is_good_for_half_an_hour_and_there_is_always_another(attacked):
    action = session(attacked, run())
    attacked.wait()
    link = attacked.ask("machine_action.get_live_response_result", id=action["id"], index="0")["value"]
    attacked.wait(HOUR / 2 - 1)
    assert attacked.content(link)
    attacked.wait(2)
    with pytest.raises(Refused):
        attacked.content(link)
    assert result(attacked, action, 0)


@pytest.mark.parametrize("commands", [(run(), put()), (get(), run()), (get(), put()), (put(), get(), run())])
def test_commands_in_another_order_are_refused(attacked, commands):
    assert refused(attacked, *commands) == (400, "InvalidInput")


@pytest.mark.parametrize("wrong", [put("unknown.exe"), run("unknown.ps1")])
def test_file_that_is_not_in_the_library_is_refused(attacked, wrong):
    assert refused(attacked, wrong) == (400, "InvalidInput")


@pytest.mark.parametrize(
    "wrong",
    [
        "GetFile",
        {"type": "GetFile"},
        {"type": "Reboot", "params": []},
        {"Type": "GetFile", "params": []},
        {"type": "GetFile", "params": {"Path": HOSTS}},
        {"type": "GetFile", "params": [{"key": "Path", "value": 7}]},
        {"type": "GetFile", "params": [{"Key": "Path", "value": HOSTS}]},
        command("GetFile", path=HOSTS),
        command("GetFile", Path=HOSTS, Args="x"),
    ],
)
def test_what_is_no_command_is_refused(attacked, wrong):
    assert refused(attacked, wrong) == (400, "InvalidRequestBody")


@pytest.mark.parametrize("wrong", [command("GetFile"), command("PutFile", FileName=""), command("RunScript", Args="x")])
def test_command_without_what_it_needs_is_refused(attacked, wrong):
    assert refused(attacked, wrong) == (400, "MissingRequiredParameter")


def test_machine_has_one_session_at_a_time(attacked):
    session(attacked, run())
    assert refused(attacked, run()) == (400, "ActiveRequestAlreadyExists")


def test_tenant_has_so_many_sessions_at_once(attacked):
    attacked.world.settings.live_response_sessions = 2
    session(attacked, run(), on="hr-03")
    session(attacked, run(), on="fin-07")
    assert refused(attacked, run(), on="dev-04") == (429, "TooManyRequests")
    assert refused(attacked, run(), on="fin-07") == (400, "ActiveRequestAlreadyExists")
    attacked.wait()
    session(attacked, run(), on="dev-04")


def test_live_response_may_be_switched_off_in_the_tenant(attacked):
    attacked.world.settings.live_response = False
    assert refused(attacked, run()) == (403, "DisabledFeature")


def test_session_waits_two_hours_for_a_machine_that_is_not_there(attacked):
    action = session(attacked, run(), on="laptop-19")
    attacked.wait(2 * HOUR - 1)
    assert attacked.status(action) == "Pending"
    attacked.wait(1)
    assert (attacked.status(action), statuses(attacked, action)) == ("TimeOut", ["Created"])


def test_session_that_is_cancelled_keeps_what_it_has_done(attacked):
    action = session(attacked, run(), run(), get())
    seconds = attacked.world.settings.action_seconds
    attacked.wait(seconds / 2 + seconds / 6 + 0.01)
    attacked.ask("machine_action.cancel", id=action["id"], body={"Comment": "enough"})
    attacked.wait(HOUR)
    assert statuses(attacked, action) == ["Completed", "Created", "Created"]
    assert result(attacked, action, 0)


def test_times_of_a_command_lie_within_the_action(attacked):
    action = session(attacked, run(), get())
    attacked.wait()
    first, second = now(attacked, action)["commands"]
    times = [action["creationDateTimeUtc"], *(one[name] for one in (first, second) for name in ("startTime", "endTime"))]
    moments = [moment(text) for text in times]
    assert moments == sorted(moments) and moments[-1] <= attacked.world.clock.now()
    assert first["endTime"] == second["startTime"]


def test_machines_of_linux_run_scripts_too(attacked):
    action = session(attacked, put("triage.sh"), run("triage.sh", Args="x"), get("/etc/hosts"), on="app-01")
    attacked.wait()
    assert attacked.status(action) == "Succeeded"
    assert b"localhost" in result(attacked, action, 2)
