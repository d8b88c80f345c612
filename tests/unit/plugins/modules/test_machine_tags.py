# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags come out as wanted, in few calls, and whatever goes wrong is told for each machine."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

TWO = ["fin-07", "hr-03"]


def tag(tenant, **options):
    return work(tenant, "machine_tags", app="commander", **options)


def tags(tenant, name: str) -> list[str]:
    return sorted(tenant.machine(machine_id(name))["tags"])


def writes(tenant) -> list[str]:
    return [row["operation"] for row in tenant.journal(service="defender") if row["method"] != "GET"]


def by_name(result) -> dict[str, dict]:
    return {entry["name"].partition(".")[0]: entry for entry in result["machines"]}


def test_one_tag_goes_to_all_machines_in_one_call(tenant):
    result = tag(tenant, machines=[*TWO, "files-02"], add=["incident-1126093"])
    assert writes(tenant) == ["machine.tag_multiple"]
    assert result["msg"] == "tags: of 3 machine(s) 3 changed"
    assert by_name(result)["fin-07"]["before"] == {"tags": ["finance"]}
    assert by_name(result)["fin-07"]["after"] == {"tags": ["finance", "incident-1126093"]}
    assert tags(tenant, "hr-03") == ["hr", "incident-1126093"]


def test_all_that_differs_on_one_machine_goes_in_one_call(tenant):
    tag(tenant, machines=["dc-01"], set=["tier-1", "a", "b"])
    assert writes(tenant) == ["machine.update"]
    assert tags(tenant, "dc-01") == ["a", "b", "tier-1"]


def test_an_empty_set_takes_all_tags_off(tenant):
    tag(tenant, machines=["fin-07"], set=[])
    assert tags(tenant, "fin-07") == []


def test_what_is_so_already_is_not_sent(tenant):
    result = tag(tenant, machines=TWO, add=["finance", "hr"])
    again = tag(tenant, machines=TWO, add=["hr", " finance "])
    assert result["changed"] and not again["changed"]
    assert again["summary"]["unchanged"] == 2
    assert not tag(tenant, machines=TWO, remove=["never-there"])["changed"]


def test_tags_are_compared_to_the_letter(tenant):
    assert tag(tenant, machines=["fin-07"], add=["Finance"], remove=["FINANCE"])["machines"][0]["after"] == {"tags": ["Finance", "finance"]}


def test_check_mode_tells_what_the_run_does(tenant):
    tenant.lock()
    foretold = work(tenant, "machine_tags", app="commander", dry=True, machines=TWO, add=["x"], remove=["hr"])
    tenant.lock(False)
    done = tag(tenant, machines=TWO, add=["x"], remove=["hr"])
    assert foretold["diff"] == done["diff"]
    assert foretold["summary"]["planned"] == done["summary"]["succeeded"] == 2
    assert done["diff"]["after"] == {
        f"fin-07.contoso.com ({machine_id('fin-07')})": ["finance", "x"],
        f"hr-03.contoso.com ({machine_id('hr-03')})": ["x"],
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"add": ["  "]}, "add holds an empty tag"),
        ({"remove": ["x" * 201]}, "has 201 characters"),
        ({"add": []}, "there is nothing to do"),
        ({"add": ["x", "y"], "remove": ["x "]}, "x stands in add and in remove"),
        ({"machines": [], "add": ["x"]}, "machines is empty"),
        ({"add": ["x"], "max_failures": -1}, "max_failures: -1"),
        ({"add": ["x"], "max_machines": 0}, "max_machines: 0"),
    ],
    ids=lambda value: "",
)
def test_bad_input_has_its_own_message_and_nothing_is_asked(tenant, wrong, said):
    with pytest.raises(BadInput, match=said):
        tag(tenant, **{"machines": TWO, **wrong})
    assert not tenant.journal(service="defender")


def test_more_machines_than_expected_are_refused_with_the_plan(tenant):
    with pytest.raises(Refused) as refused:
        tag(tenant, machines=TWO, add=["x"], max_machines=1)
    assert refused.value.details["plan"][0]["after"] == {"tags": ["finance", "x"]}
    with pytest.raises(Refused, match="confirm says 3"):
        tag(tenant, machines=TWO, add=["x"], confirm=3)
    assert not writes(tenant)


def test_an_unknown_or_ambiguous_machine_stops_the_task_unless_it_may_be_skipped(tenant):
    with pytest.raises(Refused, match="mkt-11 means 2 machines"):
        tag(tenant, machines=["fin-07", "mkt-11", "nobody-1"], add=["x"])
    assert not writes(tenant)
    result = tag(tenant, machines=["fin-07", "mkt-11", "nobody-1"], add=["x"], refused="skip")
    assert (result["summary"]["succeeded"], result["summary"]["refused"]) == (1, 2)


def test_the_mark_of_a_case_is_taken_off_and_a_second_run_is_no_failure(tenant):
    tag(tenant, machines=TWO, add=["case"])
    assert tag(tenant, tag="case", remove=["case"])["summary"]["succeeded"] == 2
    assert tag(tenant, tag="case", remove=["case"])["summary"]["total"] == 0


def test_a_token_that_may_only_read_is_told_so_before_the_first_call(tenant):
    with pytest.raises(RoleMissing, match="Machine.ReadWrite.All"):
        work(tenant, "machine_tags", app="reader", machines=TWO, add=["x"])
    assert not tenant.journal(service="defender")


def test_a_lost_answer_is_looked_up_and_the_tag_is_not_sent_twice(tenant):
    tenant.faults([{"match": {"operation": "machine.tag_multiple"}, "times": 1, "kind": "drop_after"}])
    assert tag(tenant, machines=TWO, add=["x"])["summary"]["succeeded"] == 2
    assert writes(tenant) == ["machine.tag_multiple"]


def test_a_call_that_did_not_arrive_is_sent_again(tenant):
    tenant.faults([{"match": {"operation": "machine.tag_multiple"}, "times": 1, "kind": "drop"}])
    assert tag(tenant, machines=TWO, add=["x"])["summary"]["succeeded"] == 2


def test_what_never_gets_an_answer_is_unclear_and_no_success(tenant):
    tenant.faults([{"match": {"operation": "machine.tag"}, "every": 1, "kind": "status", "status": 500, "code": "InternalServerError"}])
    with pytest.raises(PartlyFailed) as failed:
        tag(tenant, machines=["fin-07"], add=["x"])
    entry = failed.value.details["machines"][0]
    assert (entry["outcome"], entry["error"]["status"]) == ("unknown", 500)


def test_a_machine_that_fails_is_told_and_the_others_are_done(tenant):
    fault = {"match": {"operation": "machine.update"}, "every": 1, "kind": "status", "status": 404, "code": "ResourceNotFound"}
    tenant.faults([fault])
    options = {"machines": ["dc-01", "fin-07"], "set": ["finance"]}
    with pytest.raises(PartlyFailed, match="1 so already, 1 failed .dc-01.contoso.com."):
        tag(tenant, **options)
    assert tag(tenant, **options, max_failures=1)["summary"]["failed"] == 1


def test_a_whole_list_that_only_adds_is_finished_tag_by_tag(tenant):
    tenant.settings(tags_are_replaced=False)
    result = tag(tenant, machines=["dc-01"], set=["tier-0", "a"])
    assert result["machines"][0]["outcome"] == "succeeded"
    assert tags(tenant, "dc-01") == ["a", "tier-0"]


def test_a_machine_that_the_answer_leaves_out_is_looked_at(tenant):
    tenant.faults([{"match": {"operation": "machine.tag_multiple"}, "every": 1, "kind": "status", "status": 200, "body": {"value": []}}])
    with pytest.raises(PartlyFailed) as failed:
        tag(tenant, machines=TWO, add=["x"])
    assert failed.value.details["summary"]["failed"] == 2
    assert "still differs" in failed.value.details["machines"][0]["reason"]


def test_five_hundred_machines_cost_two_calls(running_simulator):
    running_simulator.load("large:600")
    bearer = {"Authorization": f"Bearer {running_simulator.token('commander')}"}
    rows = running_simulator.session.get(f"{running_simulator.url}/api/machines", headers=bearer, timeout=30).json()["value"]
    running_simulator.clear_journal()
    oldest = sorted(row["lastSeen"] for row in rows)[-500]
    result = tag(running_simulator, filter=f"lastSeen ge {oldest}", add=["incident-1126093"], confirm=500)
    assert result["summary"]["succeeded"] == 500
    assert [row["operation"] for row in running_simulator.journal(service="defender")] == ["machine.list", "machine.tag_multiple"]
