# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Isolation and release from the words of the user to the truth on the tenant."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing

DAY = 86_400


def posts(simulator) -> list[dict]:
    return [row for row in simulator.journal() if row["method"] == "POST" and row["service"] == "defender"]


def entry(result: dict, name: str) -> dict:
    return next(machine for machine in result["machines"] if machine["name"].startswith(name))


@pytest.fixture
def attack(simulator):
    simulator.load("under_attack")
    simulator.settings(action_seconds=0.2)
    return simulator


def names(simulator) -> dict[str, str]:
    """Ids by first label of the name, of machines that have a name of their own."""
    token = simulator.token()
    answer = simulator.session.get(f"{simulator.url}/api/machines", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return {row["computerDnsName"].partition(".")[0]: row["id"] for row in answer.json()["value"]}


def test_machine_is_isolated_then_left_alone_then_released_then_left_alone(attack, isolate):
    machine_id = names(attack)["fin-07"]
    first = isolate("fin-07.contoso.com")
    assert first["changed"] and entry(first, "fin-07")["outcome"] == "succeeded"
    assert attack.machine(machine_id)["isolated"]

    again = isolate("fin-07.contoso.com")
    assert not again["changed"] and entry(again, "fin-07")["outcome"] == "unchanged"

    released = isolate("fin-07", state="released")
    assert released["changed"] and not attack.machine(machine_id)["isolated"]
    assert not isolate("fin-07", state="released")["changed"]
    assert attack.machine(machine_id)["actions_asked"] == {"Isolate": 1, "Unisolate": 1}


def test_check_mode_predicts_what_the_run_does_and_writes_nothing(attack, isolate):
    targets = ("fin-07", "hr-03", "sales-05")
    attack.lock()
    predicted = isolate(*targets, dry=True)
    assert not attack.violations()
    assert not posts(attack)
    attack.lock(locked=False)
    done = isolate(*targets)
    for guess, fact in zip(predicted["machines"], done["machines"]):
        assert (guess["id"], guess["changed"], guess["before"]["state"], guess["after"]) == (
            fact["id"], fact["changed"], fact["before"]["state"], fact["after"]
        )
    assert predicted["changed"] == done["changed"]
    assert predicted["diff"] == done["diff"]


def test_machine_isolated_by_someone_else_is_known_from_the_record(attack, isolate):
    result = isolate("sales-05")
    before = entry(result, "sales-05")["before"]
    assert (before["state"], before["basis"]) == ("isolated", "action")
    assert before["age_seconds"] > 0
    assert not posts(attack)


def test_isolation_older_than_seven_days_has_been_lifted_and_is_asked_for_anew(attack, isolate, clock):
    isolate("fin-07")
    attack.advance(8 * DAY)
    clock.ahead = 8 * DAY
    assert not attack.machine(names(attack)["fin-07"])["isolated"]
    result = isolate("fin-07")
    assert entry(result, "fin-07")["before"]["basis"] == "expired"
    assert result["changed"] and attack.machine(names(attack)["fin-07"])["isolated"]


def test_pending_isolation_is_joined_not_repeated(attack, isolate):
    result = isolate("reception-1", wait=False)
    joined = entry(result, "reception-1")
    assert (joined["outcome"], joined["joined"], joined["changed"]) == ("pending", True, False)
    assert result["action_ids"] == [joined["action_id"]]
    assert not posts(attack)


def test_release_of_a_machine_whose_isolation_is_pending_is_refused(attack, isolate):
    with pytest.raises(Refused, match="under way"):
        isolate("reception-1", state="released")
    assert not posts(attack)


@pytest.mark.parametrize(("name", "outcome"), [("lab-02", "failed"), ("build-01", "timed_out")])
def test_action_that_ends_badly_fails_the_task_and_says_which_machine(attack, isolate, name, outcome):
    with pytest.raises(PartlyFailed) as failed:
        isolate("fin-07", name)
    result = failed.value.details
    assert entry(result, name)["outcome"] == outcome
    assert entry(result, "fin-07")["outcome"] == "succeeded"
    assert entry(result, name)["after"] == {"state": "released"}
    assert name in failed.value.msg


def test_as_many_may_end_badly_as_the_user_says(attack, isolate):
    result = isolate("fin-07", "lab-02", max_failures=1)
    assert result["summary"]["failed"] == 1


def test_offline_machine_is_reported_as_pending_and_taken_up_again_by_action_id(attack, isolate, clock):
    with pytest.raises(PartlyFailed, match="laptop-19") as failed:
        isolate("laptop-19", wait_timeout=2)
    action_ids = failed.value.details["action_ids"]
    assert "action_ids" in failed.value.hint

    accepted = isolate("laptop-19", wait_timeout=2, allow_pending=True)
    assert entry(accepted, "laptop-19")["joined"]

    attack.advance(3 * DAY + 60)
    clock.ahead = 3 * DAY + 60
    with pytest.raises(PartlyFailed):
        isolate(action_ids=action_ids, comment=None)
    assert len(posts(attack)) == 1


def test_wait_is_taken_up_by_another_job_without_a_second_request(attack, isolate):
    asked = isolate("fin-07", "hr-03", wait=False)
    assert asked["changed"] and asked["summary"]["pending"] == 2
    waited = isolate(action_ids=asked["action_ids"], comment=None)
    assert waited["summary"]["succeeded"] == 2
    assert not waited["changed"]
    assert len(posts(attack)) == 2


def test_unknown_action_id_and_wrong_kind_are_told_apart(attack, isolate):
    with pytest.raises(BadInput, match="no action"):
        isolate(action_ids=["00000000-0000-4000-8000-000000000000"], comment=None)
    asked = isolate("fin-07", wait=False)
    with pytest.raises(BadInput, match="is of the type Isolate, not Unisolate"):
        isolate(action_ids=asked["action_ids"], state="released", comment=None)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("no-such-machine",), "not_found"),
        (("0" * 40,), "not_found"),
        (("mkt-11",), "ambiguous"),
        (("192.0.2.200",), "not_found"),
        (("dc-01",), "protected_value"),
        (("printer-2f",), "not_onboarded"),
    ],
)
def test_one_refusal_stops_the_task_before_anything_is_sent(attack, isolate, words, rule):
    with pytest.raises(Refused) as refused:
        isolate("fin-07", *words)
    assert [refusal["rule"] for refusal in refused.value.details["refused"]] == [rule]
    assert [step["name"] for step in refused.value.details["plan"]] == ["fin-07.contoso.com"]
    assert not posts(attack)


def test_all_refusals_are_told_at_once_and_can_be_skipped(attack, isolate):
    with pytest.raises(Refused, match="3 machine") as refused:
        isolate("fin-07", "dc-01", "mkt-11", "printer-2f")
    ambiguous = next(refusal for refusal in refused.value.details["refused"] if refusal["rule"] == "ambiguous")
    assert len(ambiguous["candidates"]) == 2

    result = isolate("fin-07", "dc-01", "mkt-11", "printer-2f", refused="skip")
    assert result["summary"]["refused"] == 3 and result["summary"]["succeeded"] == 1
    assert len(posts(attack)) == 1


def test_merged_record_stands_for_the_machine_it_was_merged_into(attack, isolate):
    result = isolate("dev-04")
    assert result["summary"]["total"] == 1
    assert attack.machine(result["machines"][0]["id"])["isolated"]


def test_same_machine_by_name_and_id_is_asked_once(attack, isolate):
    isolate("fin-07", "FIN-07.contoso.com", names(attack)["fin-07"].upper())
    assert len(posts(attack)) == 1


def test_empty_list_and_words_that_name_nothing_are_bad_input(attack, isolate):
    with pytest.raises(BadInput, match="machines is empty"):
        isolate(machines=[])
    with pytest.raises(BadInput, match="neither a machine id"):
        isolate("fin-07' or 'a' eq 'a")
    with pytest.raises(BadInput, match="comment is empty"):
        isolate("fin-07", comment="  ")
    assert not posts(attack)


def test_filter_names_machines_and_the_cap_holds(attack, isolate):
    with pytest.raises(Refused, match="max_machines is 1"):
        isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", max_machines=1)
    with pytest.raises(Refused, match="confirm says 3"):
        isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", confirm=3)
    result = isolate(filter="startswith(computerDnsName,'fin-') or startswith(computerDnsName,'hr-')", max_machines=1, confirm=2)
    assert result["summary"]["succeeded"] == 2


def test_filter_that_finds_nothing_is_refused(attack, isolate):
    with pytest.raises(Refused, match="no machine"):
        isolate(filter="startswith(computerDnsName,'zzz')")


def test_role_is_missed_before_anything_is_sent(attack, isolate):
    with pytest.raises(RoleMissing, match="Machine.Isolate"):
        isolate("fin-07", app="reader")
    assert not attack.journal(service="defender")


def test_selective_isolation_becomes_full_when_full_is_asked_for(attack, isolate):
    isolate("fin-07", isolation_type="selective")
    result = isolate("fin-07")
    assert entry(result, "fin-07")["before"]["scope"] == "selective"
    assert result["changed"]


def test_refusal_by_the_service_stands_beside_the_machine_it_is_about(attack, isolate):
    with pytest.raises(PartlyFailed) as failed:
        isolate("fin-07", "cnc-mill")
    error = entry(failed.value.details, "cnc-mill")["error"]
    assert (error["code"], error["status"]) == ("OsPlatformNotSupported", 400)
    assert error["request_id"]


def test_answer_lost_on_the_way_is_found_in_the_record_and_not_sent_again(attack, isolate):
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 2, "kind": "drop_after"}])
    result = isolate("fin-07", "hr-03", "files-02")
    assert result["summary"]["succeeded"] == 3
    assert all(machine["changed"] and not machine["joined"] for machine in result["machines"])
    assert len(posts(attack)) == 3


def test_request_lost_on_the_way_is_sent_again_after_a_look(attack, isolate):
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "drop"}])
    result = isolate("fin-07")
    assert entry(result, "fin-07")["outcome"] == "succeeded"
    assert attack.machine(names(attack)["fin-07"])["actions_asked"] == {"Isolate": 1}


def test_gateway_error_on_a_write_is_looked_at_before_it_is_repeated(attack, isolate):
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "status", "status": 502}])
    assert isolate("fin-07")["summary"]["succeeded"] == 1
    assert attack.machine(names(attack)["fin-07"])["actions_asked"] == {"Isolate": 1}


def test_isolation_that_someone_else_asks_for_meanwhile_is_joined(attack, isolate):
    fin_07 = names(attack)["fin-07"]
    bearer = {"Authorization": f"Bearer {attack.token()}"}
    attack.settings(action_seconds=3)
    # Our request is held up on its way, and the other one, though asked later, arrives first.
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "slow", "seconds": 1.5}])
    someone_else = threading.Timer(
        0.7,
        attack.session.post,
        (f"{attack.url}/api/machines/{fin_07}/isolate",),
        {"json": {"Comment": "someone else", "IsolationType": "Full"}, "headers": bearer, "timeout": 30},
    )
    someone_else.start()
    result = isolate("fin-07", wait_timeout=30)
    someone_else.join()
    assert attack.machine(fin_07)["actions_asked"] == {"Isolate": 1}
    assert (entry(result, "fin-07")["joined"], result["changed"]) == (True, False)
    assert sorted(row["status"] for row in posts(attack)) == [201, 400]


def test_wait_looks_at_all_actions_in_one_call_a_round(attack, isolate):
    attack.clear_journal()
    isolate("fin-07", "hr-03", "files-02")
    reads = attack.journal(operation="machine_action.list")
    assert len(reads) <= 3  # the state, and at most two looks
    assert not attack.journal(operation="machine_action.get")


def test_list_of_200_machines_costs_its_submits_and_a_handful_of_reads(simulator, isolate):
    simulator.load("large:400")
    simulator.settings(action_seconds=0.2, rate_limits=False)
    token = simulator.token()
    rows = simulator.session.get(f"{simulator.url}/api/machines", headers={"Authorization": f"Bearer {token}"}, timeout=30).json()["value"]
    fit = [row["id"] for row in rows if row["onboardingStatus"] == "Onboarded" and row["deviceValue"] != "High" and row["osPlatform"] != "Linux"][:200]
    simulator.clear_journal()
    result = isolate(*fit, confirm=len(fit), max_failures=200)
    assert result["summary"]["total"] == len(fit)
    assert len(posts(simulator)) == len(fit)
    assert len(simulator.journal(service="defender")) - len(fit) <= 10
