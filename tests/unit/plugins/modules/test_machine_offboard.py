# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Offboarding, with every rail up: it cannot be taken back."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from simulator.worlds.records import machine_id
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import work

DAY = 86_400


class Offboarding(Asking):
    """Names each machine by its id."""

    def __call__(self, *keys, **options):
        return super().__call__(*(machine_id(key) for key in keys), **options)


@pytest.fixture
def offboard(tenant):
    tenant.settings(action_seconds=0.2)
    return Offboarding(tenant, "machine_offboard", state="gone", confirm=1)


def test_machine_leaves_and_is_left_alone_from_then_on(offboard):
    done = offboard("app-01")
    assert done["changed"] and entry(done, "app-01")["outcome"] == "succeeded"
    assert offboard.truth("app-01")["offboarded"]
    again = offboard("app-01")
    assert (again["changed"], entry(again, "app-01")["outcome"]) == (False, "unchanged")
    assert offboard.sent() == 1


def test_machine_that_is_not_onboarded_is_left_alone_and_not_refused(offboard):
    told = entry(offboard("printer-2f"), "printer-2f")
    assert (told["outcome"], told["reason"]) == ("unchanged", "it is not onboarded (CanBeOnboarded)")
    assert not offboard.sent()


def test_offboarding_under_way_is_joined_and_taken_up_by_another_job(offboard):
    offboard.tenant.settings(action_seconds=1.5)
    asked = offboard("app-01", wait=False)
    joined = entry(offboard("app-01", wait=False), "app-01")
    assert (joined["joined"], joined["changed"]) == (True, False)
    assert entry(offboard.again(asked), "app-01")["outcome"] == "succeeded"
    assert offboard.sent() == 1


def test_number_must_be_confirmed_however_small_it_is(offboard):
    with pytest.raises(Refused, match="confirm is not given") as refused:
        offboard("app-01", confirm=None)
    assert [step["name"] for step in refused.value.details["plan"]] == ["app-01.contoso.com"]
    with pytest.raises(Refused, match="confirm says 2, but 1"):
        offboard("app-01", confirm=2)
    assert not offboard.sent()


def test_cap_holds_whatever_is_confirmed(offboard):
    with pytest.raises(Refused, match="2 machines were found and max_machines is 1"):
        offboard("app-01", "cnc-mill", confirm=2)
    assert not offboard.sent()
    assert offboard("app-01", "cnc-mill", confirm=2, max_machines=2)["summary"]["succeeded"] == 2


def test_everything_that_speaks_against_it_is_told_before_anything_is_sent(offboard):
    with pytest.raises(Refused) as refused:
        offboard("app-01", "sales-05", "reception-1", "fin-07", "dc-01", max_machines=5, confirm=5)
    told = refusals(refused.value)
    assert {name: rule for name, (rule, _reason) in told.items()} == {
        "sales-05": "isolated", "reception-1": "isolated", "fin-07": "open_alerts", "dc-01": "protected_value",
    }
    assert "release it first" in told["sales-05"][1]
    assert "Isolate is under way" in told["reception-1"][1]
    assert "2 open alert(s)" in told["fin-07"][1]
    assert not offboard.sent()


def test_machine_with_open_alerts_leaves_when_that_is_meant(offboard):
    assert offboard("fin-07", refuse_open_alerts=False)["changed"]
    assert not offboard.tenant.journal(operation="alert.list")


def test_isolated_machine_is_refused_with_all_reasons(offboard):
    with pytest.raises(Refused) as refused:
        offboard("sales-05", inactive_days=30)
    reason = refusals(refused.value)["sales-05"][1]
    assert "it is isolated" in reason and "it was seen" in reason


def test_silence_is_a_proof_and_a_machine_that_was_seen_has_none(offboard):
    with pytest.raises(Refused) as refused:
        offboard("app-01", inactive_days=7)
    assert refusals(refused.value)["app-01"][0] == "seen_lately"
    assert offboard("old-kiosk", inactive_days=30, wait=False)["summary"]["pending"] == 1


@pytest.mark.parametrize("word", ["app-01", "app-01.contoso.com", "10.20.1.40"])
def test_name_alone_is_no_proof(offboard, word):
    with pytest.raises(BadInput, match="is no machine id") as refused:
        work(offboard.tenant, "machine_offboard", app="commander", state="gone", machines=[word], comment="Drill", confirm=1)
    assert "machine_info" in refused.value.hint
    assert not offboard.tenant.journal(service="defender")


def test_days_that_make_no_sense_are_named(offboard):
    with pytest.raises(BadInput, match="inactive_days: 0"):
        offboard("app-01", inactive_days=0)


def test_offboarding_that_ends_badly_fails_the_task_and_says_where(offboard):
    with pytest.raises(PartlyFailed, match="lab-02") as failed:
        offboard("lab-02")
    assert entry(failed.value.details, "lab-02")["outcome"] == "failed"
    with pytest.raises(PartlyFailed, match="build-01"):
        offboard("build-01")
    with pytest.raises(PartlyFailed, match="still pending"):
        offboard("laptop-19", wait_timeout=1)


def test_check_mode_foretells_and_writes_nothing(offboard):
    offboard.tenant.lock()
    foretold = offboard("app-01", dry=True)
    assert not offboard.tenant.violations() and not offboard.sent()
    with pytest.raises(Refused):
        offboard("sales-05", dry=True)
    offboard.tenant.lock(locked=False)
    assert foretold["changed"] and foretold["diff"] == offboard("app-01")["diff"]


def test_role_is_missed_before_the_first_call(offboard):
    with pytest.raises(RoleMissing, match=r"Machine\.Offboard"):
        work(offboard.tenant, "machine_offboard", app="responder", machines=["a" * 40], comment="Drill", state="gone", confirm=1)
    assert not offboard.tenant.journal(service="defender")
