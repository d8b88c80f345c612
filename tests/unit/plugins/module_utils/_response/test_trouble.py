# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are lost, refused or late, and what many machines cost."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed
from unit.plugins.module_utils._response.talk import entry, names, posts


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


def test_action_that_is_on_record_only_after_a_while_is_not_asked_for_again(attack, isolate):
    attack.settings(recorded_after=2)
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "drop_after"}])
    result = isolate("fin-07")
    assert (result["summary"]["succeeded"], result["changed"]) == (1, True)
    assert len(posts(attack)) == 1


def test_what_may_have_arrived_is_unknown_and_a_change_while_the_record_keeps_silent(attack, isolate):
    attack.settings(recorded_after=3600, action_seconds=3600)
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "drop_after"}])
    with pytest.raises(PartlyFailed) as failed:
        isolate("fin-07")
    machine = entry(failed.value.details, "fin-07")
    assert (machine["outcome"], machine["changed"], machine["error"]["code"]) == ("unknown", True, "ActiveRequestAlreadyExists")


def test_good_answer_that_names_no_action_is_looked_up_in_the_record(attack, isolate):
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "status", "status": 201, "body": {}}])
    assert isolate("fin-07")["summary"]["succeeded"] == 1
    assert attack.machine(names(attack)["fin-07"])["actions_asked"] == {"Isolate": 1}


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


def test_answer_that_is_about_another_machine_is_not_taken_for_ours(attack, isolate):
    """The request for the one machine is answered with the action of another, and has not arrived."""
    isolate("hr-03")
    stray = next(action for action in attack.actions() if action["machineId"] == names(attack)["hr-03"])
    attack.faults([{"match": {"operation": "machine.isolate"}, "times": 1, "kind": "status", "status": 201, "body": stray}])
    result = isolate("fin-07")
    assert entry(result, "fin-07")["action_id"] != stray["id"]
    assert attack.machine(names(attack)["fin-07"])["isolated"]
