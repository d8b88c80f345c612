# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions are called off when they are ours and have not ended, and each is told what became of it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

WHY = "Incident 1126093, false alarm"


def cancel(tenant, *, app="commander", **options):
    return work(tenant, "machine_action", app=app, **{"state": "cancelled", "comment": WHY, **options})


def scan(tenant, name: str) -> str:
    """The id of a scan that the commander has just asked for."""
    answer = tenant.session.post(
        f"{tenant.url}/api/machines/{machine_id(name)}/runAntiVirusScan",
        headers={"Authorization": f"Bearer {tenant.token('commander')}"},
        json={"Comment": "A drill", "ScanType": "Quick"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()["id"]


def isolation(tenant, name: str) -> str:
    """The id of an isolation that an analyst asked for before."""
    return next(action["id"] for action in tenant.actions() if action["machineId"] == machine_id(name))


def status(tenant, action_id: str) -> str:
    return next(action["status"] for action in tenant.actions() if action["id"] == action_id)


def sent(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["operation"] == "machine_action.cancel"]


def outcomes(result) -> dict[str, str]:
    return {entry["id"]: entry["outcome"] for entry in result["actions"]}


@pytest.fixture
def slow(tenant):
    tenant.settings(action_seconds=600)
    return tenant


def test_our_actions_are_called_off_with_the_reason_and_only_once(slow):
    ids = [scan(slow, "fin-07"), scan(slow, "hr-03")]
    result = cancel(slow, action_ids=[*ids, ids[0]])
    assert outcomes(result) == dict.fromkeys(ids, "succeeded")
    assert result["msg"] == "cancellation: of 2 action(s) 2 cancelled"
    assert next(action for action in slow.actions() if action["id"] == ids[0])["cancellationComment"] == WHY
    again = cancel(slow, action_ids=ids)
    assert not again["changed"] and {entry["reason"] for entry in again["actions"]} == {"it has ended already: Cancelled"}
    assert len(sent(slow)) == 2


def test_what_others_asked_for_is_left_alone_unless_forced(tenant):
    theirs = isolation(tenant, "reception-1")
    with pytest.raises(Refused, match="was asked for by analyst@contoso.com, not by this app") as refused:
        cancel(tenant, action_ids=[theirs])
    assert refused.value.details["refused"][0]["name"] == "reception-1.contoso.com"
    assert not sent(tenant)
    assert cancel(tenant, action_ids=[theirs], force=True)["actions"][0]["outcome"] == "succeeded"
    assert status(tenant, theirs) == "Cancelled"


def test_the_others_are_called_off_when_what_is_refused_may_be_skipped(slow):
    ours, theirs = scan(slow, "fin-07"), isolation(slow, "reception-1")
    unknown = "00000000-0000-4000-8000-000000000001"
    result = cancel(slow, action_ids=[ours, theirs, unknown], refused="skip")
    assert outcomes(result) == {ours: "succeeded", theirs: "refused", unknown: "refused"}
    assert status(slow, theirs) == "InProgress" or status(slow, theirs) == "Pending"


def test_an_action_that_is_not_known_stops_the_task(slow):
    ours = scan(slow, "fin-07")
    with pytest.raises(Refused, match="no action nothing is on record"):
        cancel(slow, action_ids=[ours, "nothing"])
    assert not sent(slow)


def test_an_action_of_someone_else_that_has_ended_needs_no_force(tenant):
    result = cancel(tenant, action_ids=[isolation(tenant, "sales-05")])
    assert (result["changed"], result["actions"][0]["reason"]) == (False, "it has ended already: Succeeded")


def test_actions_are_found_by_machine_and_kind_in_one_call(slow):
    ids = {scan(slow, "fin-07"), scan(slow, "hr-03")}
    scan(slow, "files-02")
    slow.clear_journal()
    result = cancel(slow, machines=[machine_id("fin-07"), machine_id("hr-03")], type=["RunAntiVirusScan"])
    assert set(outcomes(result)) == ids
    assert len(slow.journal(service="defender")) == 1 + len(ids)
    assert cancel(slow, machines=["fin-07"], type=["RunAntiVirusScan"])["summary"]["total"] == 0


def test_check_mode_tells_what_the_run_does(slow):
    ours = scan(slow, "fin-07")
    slow.lock()
    foretold = work(slow, "machine_action", app="commander", dry=True, state="cancelled", action_ids=[ours], comment=WHY)
    slow.lock(False)
    assert foretold["actions"][0]["outcome"] == "planned"
    assert foretold["diff"] == cancel(slow, action_ids=[ours])["diff"]
    assert foretold["diff"]["after"] == {f"RunAntiVirusScan {ours}": "Cancelled"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"action_ids": []}, "action_ids is empty"),
        ({"action_ids": ["x"], "comment": "  "}, "comment is empty"),
        ({"machines": ["fin-07"], "type": []}, "type is empty"),
        ({"machines": [], "type": ["Isolate"]}, "machines is empty"),
        ({"action_ids": ["x"], "max_failures": -1}, "max_failures: -1"),
    ],
    ids=lambda value: "",
)
def test_bad_input_has_its_own_message_and_nothing_is_sent(tenant, wrong, said):
    with pytest.raises(BadInput, match=said):
        cancel(tenant, **wrong)
    assert not sent(tenant)


def test_a_token_without_any_role_for_it_is_told_so_before_the_first_call(tenant):
    with pytest.raises(RoleMissing):
        cancel(tenant, app="reader", action_ids=["x"])
    assert not tenant.journal(service="defender")


def test_the_matching_role_is_named_when_the_service_refuses(slow):
    ours = scan(slow, "fin-07")
    with pytest.raises(PartlyFailed) as failed:
        cancel(slow, app="responder", action_ids=[ours], force=True)
    assert "the role with which such an action is asked for" in failed.value.details["actions"][0]["reason"]


def test_an_action_that_ends_meanwhile_is_no_failure(slow):
    ours = scan(slow, "fin-07")
    slow.faults([{"match": {"operation": "machine_action.cancel"}, "times": 1, "kind": "slow", "seconds": 0.6}])
    slow.advance(599.7)
    result = cancel(slow, action_ids=[ours])
    assert (result["changed"], result["actions"][0]["outcome"]) == (False, "unchanged")
    assert result["actions"][0]["reason"] == "it ended before it could be cancelled: Succeeded"


def test_a_lost_answer_is_looked_up(slow):
    ours = scan(slow, "fin-07")
    slow.faults([{"match": {"operation": "machine_action.cancel"}, "times": 1, "kind": "drop_after"}])
    assert cancel(slow, action_ids=[ours])["actions"][0]["outcome"] == "succeeded"
    assert len(sent(slow)) == 1


def test_an_action_that_does_not_end_at_once_is_pending(slow):
    ours = scan(slow, "fin-07")
    taken = {**next(action for action in slow.actions() if action["id"] == ours), "status": "InProgress", "cancellationRequestor": "someone"}
    slow.faults([{"match": {"operation": "machine_action.cancel"}, "times": 1, "kind": "status", "status": 200, "body": taken}])
    entry = cancel(slow, action_ids=[ours])["actions"][0]
    assert (entry["outcome"], entry["after"]) == ("pending", {"status": "BeingCancelled"})


def test_many_are_read_in_few_calls(running_simulator):
    running_simulator.load("large:60")
    running_simulator.settings(action_seconds=600)
    token = {"Authorization": f"Bearer {running_simulator.token('commander')}"}
    session, url = running_simulator.session, running_simulator.url
    ids = [row["id"] for row in session.get(f"{url}/api/machines", headers=token, timeout=30).json()["value"] if row["onboardingStatus"] == "Onboarded"]
    asked = [
        session.post(f"{url}/api/machines/{one}/collectInvestigationPackage", headers=token, json={"Comment": "A drill"}, timeout=30).json()["id"]
        for one in ids[:45]
    ]
    running_simulator.clear_journal()
    assert cancel(running_simulator, action_ids=asked)["summary"]["succeeded"] == len(asked)
    reads = [row for row in running_simulator.journal(service="defender") if row["method"] == "GET"]
    assert len(reads) == 1
