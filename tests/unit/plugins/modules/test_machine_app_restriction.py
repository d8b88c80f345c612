# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restriction to signed programs and its end, told from the whole record."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed, Refused, RoleMissing
from simulator.worlds.records import machine_id
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import work

DAY = 86_400


@pytest.fixture
def restrict(tenant):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_app_restriction", state="restricted")


def test_machine_is_restricted_then_left_alone_then_free_then_left_alone(restrict):
    assert restrict("fin-07")["changed"] and restrict.truth("fin-07")["restricted"]
    assert not restrict("fin-07")["changed"]
    assert restrict("fin-07", state="unrestricted")["changed"] and not restrict.truth("fin-07")["restricted"]
    assert not restrict("fin-07", state="unrestricted")["changed"]
    assert restrict.truth("fin-07")["actions_asked"] == {"RestrictCodeExecution": 1, "UnrestrictCodeExecution": 1}


def test_restriction_does_not_lift_itself_however_old_it_is(restrict):
    restrict("fin-07")
    restrict.tenant.advance(200 * DAY)
    known = restrict("fin-07", ahead=200 * DAY)
    before = entry(known, "fin-07")["before"]
    assert not known["changed"] and (before["state"], before["basis"]) == ("restricted", "action")
    assert before["age_seconds"] > 199 * DAY


def test_restriction_by_someone_else_is_known_and_machine_without_a_record_is_free(restrict):
    assert entry(restrict("dev-04"), "dev-04")["before"]["state"] == "restricted"
    free = entry(restrict("hr-03", state="unrestricted"), "hr-03")
    assert (free["outcome"], free["before"]["basis"]) == ("unchanged", "no_record")
    assert not restrict.sent()


def test_state_of_a_few_machines_costs_one_call(restrict):
    restrict("fin-07", "hr-03", wait=False)
    assert len(restrict.tenant.journal(operation="machine_action.list")) == 1


def test_restriction_under_way_is_joined_and_taken_up_by_another_job(restrict):
    restrict.tenant.settings(action_seconds=1)
    asked = restrict("fin-07", wait=False)
    assert entry(restrict("fin-07"), "fin-07")["joined"]
    assert entry(restrict.again(asked), "fin-07")["outcome"] == "succeeded"
    assert restrict.sent() == 1


def test_machine_on_its_way_to_the_other_state_is_refused(restrict):
    restrict("laptop-19", wait=False)
    with pytest.raises(Refused, match="RestrictCodeExecution is under way"):
        restrict("laptop-19", state="unrestricted")


def test_restriction_that_someone_else_asks_for_meanwhile_is_joined(restrict):
    tenant = restrict.tenant
    tenant.settings(action_seconds=3)
    tenant.faults([{"match": {"operation": "machine.restrict_code_execution"}, "times": 1, "kind": "slow", "seconds": 1.5}])
    url = f"{tenant.url}/api/machines/{machine_id('fin-07')}/restrictCodeExecution"
    bearer = {"Authorization": f"Bearer {tenant.token('commander')}"}
    someone_else = threading.Timer(0.7, tenant.session.post, (url,), {"json": {"Comment": "someone else"}, "headers": bearer, "timeout": 30})
    someone_else.start()
    result = restrict("fin-07", wait_timeout=30)
    someone_else.join()
    assert restrict.truth("fin-07")["actions_asked"] == {"RestrictCodeExecution": 1}
    assert entry(result, "fin-07")["joined"] and not result["changed"]


@pytest.mark.parametrize(("name", "outcome"), [("lab-02", "failed"), ("build-01", "timed_out")])
def test_action_that_ends_badly_fails_the_task_and_leaves_the_state_as_it_was(restrict, name, outcome):
    with pytest.raises(PartlyFailed, match=name) as failed:
        restrict("fin-07", name, refuse_servers=False)
    told = entry(failed.value.details, name)
    assert (told["outcome"], told["after"]) == (outcome, {"state": "unrestricted"})


def test_check_mode_foretells_and_writes_nothing(restrict):
    restrict.tenant.lock()
    foretold = restrict("fin-07", "dev-04", dry=True)
    assert not restrict.tenant.violations() and not restrict.sent()
    restrict.tenant.lock(locked=False)
    assert foretold["diff"] == restrict("fin-07", "dev-04")["diff"]


def test_servers_and_machines_that_cannot_be_restricted_are_refused_before_anything_is_sent(restrict):
    with pytest.raises(Refused) as refused:
        restrict("fin-07", "files-02", "app-01", "cnc-mill", "dc-01")
    rules = {name: rule for name, (rule, _reason) in refusals(refused.value).items()}
    assert rules == {"files-02": "server", "app-01": "unfit", "cnc-mill": "unfit", "dc-01": "protected_value"}
    assert not restrict.sent()


def test_server_is_restricted_when_that_is_said_and_freed_without_saying_it(restrict):
    assert restrict("files-02", refuse_servers=False)["changed"] and restrict.truth("files-02")["restricted"]
    assert not restrict("files-02")["changed"]  # so already, so nothing is refused
    assert restrict("files-02", state="unrestricted")["changed"]


def test_what_the_machine_does_not_allow_is_told_with_its_reason(restrict):
    with pytest.raises(PartlyFailed) as failed:
        restrict("dc-01", protected_values=[], refuse_servers=False)
    error = entry(failed.value.details, "dc-01")["error"]
    assert (error["code"], error["status"]) == ("DisallowedOperation", 403)
    assert "whatever roles one has" in error["hint"]
    assert "security operations are restricted" in entry(failed.value.details, "dc-01")["reason"]


def test_role_is_missed_before_the_first_call(restrict):
    with pytest.raises(RoleMissing, match=r"Machine\.RestrictExecution"):
        work(restrict.tenant, "machine_app_restriction", app="responder", machines=["fin-07"], comment="Drill", state="restricted")
    assert not restrict.tenant.journal(service="defender")
