# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that are not onboarded: the others keep away from them, and much about that is not told."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed, Refused
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._response import containment
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import connection

DAY = 86_400


@pytest.fixture
def contain(tenant):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_isolation", state="isolated", isolation_type="unmanaged")


def test_machine_that_is_not_onboarded_is_contained_then_left_alone(contain):
    done = contain("printer-2f")
    assert done["changed"] and entry(done, "printer-2f")["outcome"] == "succeeded"
    [asked] = contain.tenant.journal(operation="machine.isolate")
    assert asked["body"]["IsolationType"] == "UnManagedDevice"
    assert not contain("printer-2f")["changed"]
    assert contain.sent() == 1


def test_containment_is_not_taken_for_lifted_after_seven_days(contain):
    contain("printer-2f")
    contain.tenant.advance(30 * DAY)
    assert not contain("printer-2f", ahead=30 * DAY)["changed"]
    assert contain("printer-2f", state="released", ahead=30 * DAY)["changed"]


def test_release_says_that_it_is_not_proven(contain):
    contain("printer-2f")
    client = Client(settings_from(connection(contain.tenant, "commander")))
    assert containment.unproven_release(client, [{"id": "a" * 40}]) == []
    assert "look in the portal" in client.warnings[0]
    assert contain("printer-2f", state="released")["changed"]
    assert not contain("printer-2f", state="released")["changed"]


def test_onboarded_machine_is_isolated_and_not_contained_and_the_other_way_round(contain):
    with pytest.raises(Refused, match="it is onboarded, so it can be isolated itself"):
        contain("fin-07")
    with pytest.raises(Refused, match="it is not onboarded"):
        contain("printer-2f", isolation_type="full")
    assert not contain.sent()


def test_machine_that_was_contained_and_is_onboarded_since_is_not_taken_for_isolated(contain):
    contain("printer-2f")
    # As the record is for a machine that is onboarded: the action on it bears no scope.
    with pytest.raises(Refused) as refused:
        contain("printer-2f", isolation_type="full")
    assert refusals(refused.value)["printer-2f"][0] == "not_onboarded"


def test_address_that_is_someone_elses_as_well_is_refused_unless_that_is_meant(contain):
    with pytest.raises(Refused, match=r"its address 10\.20\.2\.1 is also that of reception-1") as refused:
        contain("camera-17", "printer-2f")
    assert list(refusals(refused.value)) == ["camera-17"]
    assert not contain.sent()
    assert contain("camera-17", refuse_shared_address=False)["changed"]


def test_containment_under_way_is_joined_and_taken_up_by_another_job(contain):
    contain.tenant.settings(action_seconds=1)
    asked = contain("printer-2f", wait=False)
    assert entry(contain("printer-2f", wait=False), "printer-2f")["joined"]
    assert entry(contain.again(asked), "printer-2f")["outcome"] == "succeeded"
    assert contain.sent() == 1


def test_protected_names_hold_for_gateways(contain):
    with pytest.raises(Refused, match="its name matches the protected pattern printer-"):
        contain("printer-2f", protected_names=["printer-*"])


def test_check_mode_foretells_and_writes_nothing(contain):
    contain.tenant.lock()
    assert contain("printer-2f", dry=True)["changed"]
    assert not contain.tenant.violations() and not contain.sent()


def test_more_than_are_advised_are_refused_as_a_whole(contain):
    machines = [{"id": f"{number:040x}"} for number in range(101)]
    with pytest.raises(Refused, match="101 machines were to be contained and the service advises 100"):
        containment.few_enough(None, machines)
    assert containment.few_enough(None, machines[:100]) == []


def test_what_the_machine_does_not_allow_is_told_with_its_reason(contain):
    with pytest.raises(PartlyFailed) as failed:
        contain("dc-01", isolation_type="full", protected_values=[])
    assert entry(failed.value.details, "dc-01")["error"]["code"] == "DisallowedOperation"
