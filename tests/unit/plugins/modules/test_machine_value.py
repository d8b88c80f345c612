# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines are worth what they are said to be worth, and what fails is told for each."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed, Refused
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work


def give(tenant, **options):
    return work(tenant, "machine_value", app="commander", **options)


def sent(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["method"] != "GET"]


def test_only_machines_of_another_value_are_sent_it(tenant):
    result = give(tenant, machines=["dc-01", "fin-07", "hr-03"], value="High")
    assert (result["summary"]["succeeded"], result["summary"]["unchanged"]) == (2, 1)
    assert len(sent(tenant)) == 2
    assert tenant.machine(machine_id("fin-07"))["value"] == "High"
    assert not give(tenant, machines=["dc-01", "fin-07"], value="High")["changed"]


def test_check_mode_tells_what_the_run_does(tenant):
    tenant.lock()
    foretold = work(tenant, "machine_value", app="commander", dry=True, machines=["fin-07"], value="Low")
    tenant.lock(False)
    assert foretold["diff"] == give(tenant, machines=["fin-07"], value="Low")["diff"]
    assert foretold["machines"][0]["before"] == {"value": "Normal"}


def test_a_filter_that_finds_too_many_sends_nothing(tenant):
    with pytest.raises(Refused, match=r"1\d machines were found"):
        give(tenant, filter="deviceValue ne 'Low'", value="Low", max_machines=10)
    assert not sent(tenant)


def test_a_call_whose_answer_is_lost_is_not_repeated_when_it_arrived(tenant):
    tenant.faults([{"match": {"operation": "machine.set_device_value"}, "times": 1, "kind": "drop_after"}])
    assert give(tenant, machines=["fin-07"], value="High")["machines"][0]["outcome"] == "succeeded"
    assert len(sent(tenant)) == 1


def test_a_refused_token_stops_the_rest(tenant):
    fault = {"match": {"operation": "machine.set_device_value"}, "every": 1, "kind": "expired_token"}
    tenant.faults([fault])
    names = ["fin-07", "hr-03", "files-02", "lab-02", "build-01", "app-01", "sales-05", "reception-1", "cnc-mill", "laptop-19", "old-kiosk", "dev-04"]
    with pytest.raises(PartlyFailed) as failed:
        give(tenant, machines=names, value="Low")
    summary = failed.value.details["summary"]
    assert summary["failed"] + summary["not_sent"] == len(names) and summary["not_sent"] >= 1
