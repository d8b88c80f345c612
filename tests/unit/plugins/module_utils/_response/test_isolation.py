# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Isolation and release from the words of the user to the truth on the tenant."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused
from unit.plugins.module_utils._response.talk import entry, names, posts

DAY = 86_400


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


def test_selective_isolation_becomes_full_when_full_is_asked_for(attack, isolate):
    isolate("fin-07", isolation_type="selective")
    result = isolate("fin-07")
    assert entry(result, "fin-07")["before"]["scope"] == "selective"
    assert result["changed"]
