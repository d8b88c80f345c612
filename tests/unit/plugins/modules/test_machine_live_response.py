# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions are checked before they are asked for, one a machine and so many at once, joined or refused, and seen through."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from ansible_collections.secops.defender.plugins.modules import machine_live_response
from simulator.worlds.records import machine_id
from unit.plugins.module_utils._client.moving_clock import TenantClock
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import connection, run, work

HOSTS = r"C:\Windows\System32\drivers\etc\hosts"
TRIAGE = [{"run_script": "triage.ps1", "args": "evil.exe"}]
ASK = "machine.run_live_response"


@pytest.fixture
def command(tenant):
    """One script, and the clock is put forward while one waits."""
    tenant.settings(action_seconds=10)
    return Asking(tenant, "machine_live_response", commands=TRIAGE, clock=TenantClock(tenant), protected_values=[], retry_time=300, wait_timeout=60)


def asked(command) -> list[dict]:
    return command.tenant.journal(operation=ASK)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"commands": [{"get_file": HOSTS}, *TRIAGE], "dest": "."}, r"commands\[1\]: run_script stands after get_file"),
        ({"commands": []}, "commands is empty"),
        ({"commands": None}, "commands is empty"),
        ({"commands": [{"get_file": HOSTS}]}, "dest is missing"),
        ({"dest": "/no/such/folder"}, "no folder /no/such"),
        ({"max_sessions": 0}, "max_sessions: 0"),
        ({"max_output": -1}, "max_output: -1"),
        ({"comment": ""}, "comment is empty"),
    ],
)
def test_bad_input_is_refused_before_anything_is_asked(command, wrong, said):
    with pytest.raises(BadInput, match=said):
        command("fin-07", **wrong)
    assert not command.tenant.journal(service="defender")


def test_names_that_are_not_in_the_library_are_all_said_before_anything_is_sent(command):
    with pytest.raises(BadInput, match=r"commands\[0\]: there is no 'cleaner.exe' and commands\[1\]: there is no 'Triage.ps1'") as refused:
        command("fin-07", "hr-03", commands=[{"put_file": "cleaner.exe"}, {"run_script": "Triage.ps1"}, {"run_script": "triage.ps1"}])
    assert "library_file" in refused.value.hint
    assert not asked(command) and len(command.tenant.journal(operation="library_file.list")) == 1


def test_library_may_go_unread_and_then_the_service_refuses(command):
    with pytest.raises(PartlyFailed, match="failed"):
        command("fin-07", commands=[{"run_script": "unknown.ps1"}], check_library=False)
    assert not command.tenant.journal(operation="library_file.list")


def test_library_is_not_read_when_there_is_nothing_of_it_or_nobody_to_ask(command, tmp_path):
    command("fin-07", commands=[{"get_file": HOSTS}], dest=str(tmp_path / "out"))
    command("hr-03", wait=False)
    command.tenant.clear_journal()
    command("hr-03")
    assert not command.tenant.journal(operation="library_file.list")


@pytest.mark.parametrize(("app", "role"), [("reader", "Machine.LiveResponse"), ("responder", "Library.Manage")])
def test_role_is_missed_before_anything_is_asked(command, app, role):
    with pytest.raises(RoleMissing, match=role.replace(".", r"\.")):
        work(command.tenant, "machine_live_response", app=app, machines=["fin-07"], comment="drill", commands=TRIAGE)
    assert not command.tenant.journal(service="defender")


def test_session_with_the_same_commands_is_joined(command):
    command("fin-07", wait=False)
    joined = entry(command("fin-07"), "fin-07")
    assert (joined["joined"], joined["outcome"], joined["commands"][0]["exit_code"]) == (True, "succeeded", 0)
    assert len(asked(command)) == 1


def test_session_with_other_commands_is_a_conflict(command):
    command("laptop-19", wait=False)
    with pytest.raises(Refused, match="LiveResponse is under way") as refused:
        command("laptop-19", commands=[{"run_script": "autoruns.ps1"}])
    assert refusals(refused.value)["laptop-19"][0] == "conflict"


def test_session_of_the_portal_is_on_no_record_and_told_as_what_it_is(command):
    command.tenant.faults([{"match": {"operation": ASK}, "kind": "status", "status": 400, "code": "ActiveRequestAlreadyExists"}])
    with pytest.raises(PartlyFailed) as failed:
        command("fin-07")
    machine = entry(failed.value.details, "fin-07")
    assert machine["outcome"] == "failed" and machine["error"]["code"] == "ActiveRequestAlreadyExists"


def test_lost_answer_is_looked_for_and_nothing_is_sent_twice(command):
    command.tenant.faults([{"match": {"operation": ASK}, "times": 1, "kind": "drop_after"}])
    result = entry(command("fin-07"), "fin-07")
    assert (result["outcome"], result["changed"]) == ("succeeded", True)
    assert command.truth("fin-07")["actions_asked"] == {"LiveResponse": 1}


def test_live_response_that_is_off_stops_all_and_names_the_switch(command):
    command.tenant.settings(live_response=False, rate_limits=False)
    with pytest.raises(PartlyFailed) as failed:
        command("fin-07", "hr-03", "dev-04", "sales-05", "mkt-11", max_sessions=1, refused="skip")
    report = failed.value.details
    error = next(machine["error"] for machine in report["machines"] if machine["outcome"] == "failed")
    assert error["code"] == "DisabledFeature" and "Live Response for Servers" in error["hint"]
    assert len(asked(command)) == 1 and report["summary"]["not_sent"] == 3


def test_live_response_that_is_off_for_servers_stops_no_other(command):
    match = {"operation": ASK, "path": machine_id("files-02")}
    command.tenant.faults([{"match": match, "kind": "status", "status": 403, "code": "DisabledFeature"}])
    result = command("files-02", "fin-07", max_sessions=1, max_failures=1)
    assert [entry(result, name)["outcome"] for name in ("files-02", "fin-07")] == ["failed", "succeeded"]


def test_no_more_sessions_are_open_than_allowed(command):
    command.tenant.settings(live_response_sessions=2, rate_limits=False)
    names = ("fin-07", "hr-03", "files-02", "dev-04", "sales-05", "reception-1")
    result = command(*names, max_sessions=2)
    assert result["summary"]["succeeded"] == 6
    assert [row["status"] for row in asked(command)] == [201] * 6, "none was refused for too many sessions"


def test_sessions_that_others_have_open_are_waited_for(command):
    command.tenant.settings(live_response_sessions=1)
    command("hr-03", wait=False)
    assert command("fin-07")["summary"]["succeeded"] == 1
    assert [row["status"] for row in asked(command)] == [201, 429, 201]


def test_session_that_is_joined_takes_room_as_well(command):
    command.tenant.settings(live_response_sessions=1)
    command("hr-03", wait=False)
    assert command("hr-03", "fin-07", max_sessions=1)["summary"]["succeeded"] == 2
    assert [row["status"] for row in asked(command)] == [201, 201]


def test_machine_that_is_not_there_holds_back_others_for_a_time_only(command):
    with pytest.raises(PartlyFailed) as failed:
        command("laptop-19", "fin-07", "hr-03", max_sessions=1, wait_timeout=30)
    report = failed.value.details
    assert [entry(report, name)["outcome"] for name in ("laptop-19", "fin-07", "hr-03")] == ["pending", "not_sent", "not_sent"]
    assert any("none of them ended within 30 s" in machine["reason"] for machine in report["machines"])
    assert len(asked(command)) == 1


def test_more_machines_than_sessions_need_somebody_who_waits(command):
    with pytest.raises(Refused, match="no more than 1 at once"):
        command("fin-07", "hr-03", max_sessions=1, wait=False)
    assert not asked(command)


def test_machines_of_high_value_are_protected_as_a_script_may_do_anything(command):
    with pytest.raises(Refused, match="its value is High"):
        command("dc-01", protected_values=["High"])


def test_system_that_cannot_is_refused_before_anything_is_sent(command):
    with pytest.raises(Refused, match="Windows 10 1607"):
        command("cnc-mill", "fin-07")
    assert not asked(command)


def test_every_machine_that_waited_is_taken_up_by_a_later_job(command, tmp_path):
    begun = command("fin-07", "hr-03", wait=False)
    assert begun["changed"] and [machine["commands"] for machine in begun["machines"]] == [[], []]
    result = command.again(begun, commands=None, dest=str(tmp_path / "out"))
    assert result["summary"]["succeeded"] == 2 and not result["changed"]
    assert all(machine["commands"][0]["file"]["path"] for machine in result["machines"])


def test_result_holds_what_the_documentation_promises(tenant, tmp_path):
    tenant.settings(action_seconds=0.2)
    promised = yaml.safe_load(machine_live_response.RETURN)
    commands = [*TRIAGE, {"get_file": HOSTS}]
    given = {"machines": ["fin-07"], "comment": "drill", "commands": commands, "dest": str(tmp_path / "out"), "poll_interval": 1}
    done = run("machine_live_response", {**connection(tenant, "commander"), **given}).result
    assert set(done) - {"invocation", "changed"} <= set(promised)
    described = promised["machines"]["contains"]
    [machine] = done["machines"]
    assert set(machine) == set(described)
    for shown in machine["commands"]:
        assert set(shown) == set(described["commands"]["contains"])
        assert set(shown["file"]) == set(described["commands"]["contains"]["file"]["contains"])


def test_check_mode_of_the_module_sends_nothing_and_makes_nothing(tenant, tmp_path):
    tenant.lock()
    given = {"machines": ["fin-07"], "comment": "drill", "commands": TRIAGE, "dest": str(tmp_path / "out")}
    foretold = run("machine_live_response", {**connection(tenant, "commander"), **given}, check_mode=True).result
    assert foretold["changed"] and foretold["machines"][0]["outcome"] == "planned" and foretold["machines"][0]["commands"] == []
    assert not tenant.violations() and not (tmp_path / "out").exists()
