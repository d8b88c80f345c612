# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent, joined, left alone or refused."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, Refused
from ansible_collections.secops.defender.plugins.module_utils._response.guard import Guard, check_count, out_of_reach
from ansible_collections.secops.defender.plugins.module_utils._response.history import History, Running
from ansible_collections.secops.defender.plugins.module_utils._response.order import Order
from ansible_collections.secops.defender.plugins.module_utils._response.plan import make_plan
from ansible_collections.secops.defender.plugins.module_utils._response.two_states import ISOLATION

MACHINE = {
    "id": "1e5bc9d7e413ddd7902c2932e418702b84d0cc07",
    "computerDnsName": "ws-anna.contoso.com",
    "onboardingStatus": "Onboarded",
    "healthStatus": "Active",
    "deviceValue": "Normal",
    "machineTags": ["Finance"],
    "rbacGroupName": "Workstations",
    "lastSeen": "2026-11-20T03:00:00Z",
}
OPEN = Guard(max_machines=10)
ISOLATE = ISOLATION.order("isolated", scope="Full")
RELEASE = ISOLATION.order("released")
PENDING = {"id": "a1", "type": "Isolate", "status": "Pending", "scope": "Full"}


def plan_for(order: Order, before: History, guard: Guard = OPEN, **machine):
    return make_plan(order, guard, [{**MACHINE, **machine}], {MACHINE["id"]: before}, {})


@pytest.mark.parametrize(
    ("order", "before", "verdict"),
    [
        (ISOLATE, History("released", "no_record"), "send"),
        (ISOLATE, History("isolated", "action", scope="Full"), "nothing"),
        (ISOLATE, History("isolated", "action", scope="Selective"), "send"),
        (ISOLATE, History("isolated", "action", scope=None), "send"),
        (ISOLATE, History("unknown", "unreadable"), "send"),
        (ISOLATE, History("released", "no_record", running=Running("isolated", PENDING)), "join"),
        (RELEASE, History("isolated", "action", scope="Selective"), "send"),
        (RELEASE, History("released", "expired"), "nothing"),
    ],
)
def test_verdict_follows_from_what_is_and_what_is_wanted(order, before, verdict):
    plan = plan_for(order, before)
    assert [step.verdict for step in plan.steps] == [verdict]
    assert not plan.refusals


@pytest.mark.parametrize(
    ("order", "running"),
    [
        (RELEASE, Running("isolated", PENDING)),
        (ISOLATE, Running("isolated", {**PENDING, "scope": "Selective"})),
        (ISOLATE, Running("released", {**PENDING, "type": "Unisolate", "scope": None})),
    ],
)
def test_machine_on_its_way_elsewhere_is_refused_with_the_action_named(order, running):
    plan = plan_for(order, History("released", "no_record", running=running))
    assert [refusal.rule for refusal in plan.refusals] == ["conflict"]
    assert "a1" in plan.refusals[0].reason


@pytest.mark.parametrize(
    ("guard", "machine", "rule"),
    [
        (OPEN, {"onboardingStatus": "CanBeOnboarded"}, "not_onboarded"),
        (OPEN, {"onboardingStatus": None}, "not_onboarded"),
        (Guard(10, protected_tags=("finance",)), {}, "protected_tag"),
        (Guard(10, protected_groups=("WORKSTATIONS",)), {}, "protected_group"),
        (Guard(10, protected_values=("High",)), {"deviceValue": "High"}, "protected_value"),
        (Guard(10, protected_names=("ws-*.CONTOSO.com",)), {}, "protected_name"),
        (Guard(10, refuse_inactive=True), {"healthStatus": "Inactive"}, "inactive"),
    ],
)
def test_each_rail_refuses_isolation_and_lets_release_pass(guard, machine, rule):
    released = History("released", "no_record")
    assert [refusal.rule for refusal in plan_for(ISOLATE, released, guard, **machine).refusals] == [rule]
    assert not plan_for(RELEASE, History("isolated", "action"), guard, **machine).refusals


def test_small_letter_of_onboarded_is_no_reason_to_refuse():
    assert out_of_reach(OPEN, {**MACHINE, "onboardingStatus": "onboarded"}, onboarded=True) is None


def test_protected_machine_that_is_isolated_already_is_no_refusal():
    guard = Guard(10, protected_names=("*",))
    assert not plan_for(ISOLATE, History("isolated", "action", scope="Full"), guard).refusals


@pytest.mark.parametrize(("confirm", "count", "passes"), [(None, 10, True), (None, 11, False), (11, 11, True), (12, 11, False), (3, 2, False)])
def test_count_is_held_against_the_cap_and_the_expectation(confirm, count, passes):
    guard = Guard(max_machines=10, confirm=confirm)
    if passes:
        check_count(guard, count, details={})
        return
    with pytest.raises(Refused, match="nothing was sent") as refused:
        check_count(guard, count, details={"plan": ["kept"]})
    assert f"confirm: {count}" in refused.value.hint
    assert refused.value.details == {"plan": ["kept"]}


@pytest.mark.parametrize(("confirm", "count", "passes"), [(None, 1, False), (1, 1, True), (2, 1, False), (3, 3, False)])
def test_strict_guard_wants_a_number_each_time_and_holds_the_cap_whatever_it_says(confirm, count, passes):
    guard = Guard(max_machines=2, confirm=confirm, strict=True)
    if passes:
        check_count(guard, count, details={})
        return
    with pytest.raises(Refused, match="nothing was sent"):
        check_count(guard, count, details={})


@pytest.mark.parametrize("option", ["max_machines", "confirm"])
def test_number_that_makes_no_sense_is_named(option):
    params = {
        "max_machines": 10, "confirm": None, "protected_tags": [], "protected_groups": [], "protected_values": [],
        "protected_names": [], "refuse_inactive": False, option: 0,
    }
    with pytest.raises(BadInput, match=f"{option}: 0"):
        Guard.of(params)
