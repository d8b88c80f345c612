# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags and value are set as the service's pages say, and where they are silent, as our behaviours choose."""

from __future__ import annotations

import pytest
from simulator.worlds.records import machine_id
from unit.simulator.tenant import Tenant


def tag(tenant: Tenant, key: str, name: str, change: str = "Add") -> list[str]:
    return tenant.ask("machine.tag", id=machine_id(key), body={"Value": name, "Action": change})["machineTags"]


def test_tag_is_added_and_removed(attacked):
    assert tag(attacked, "fin-07", "case 7") == ["finance", "case 7"]
    assert attacked.ask("machine.get", id="fin-07.contoso.com")["machineTags"] == ["finance", "case 7"]
    assert tag(attacked, "fin-07", "finance", "Remove") == ["case 7"] == attacked.truth("fin-07")["tags"]


@pytest.mark.parametrize(("name", "change"), [("finance", "Add"), ("no such tag", "Remove")])
def test_tag_that_is_as_wanted_changes_nothing(attacked, name, change):
    assert tag(attacked, "fin-07", name, change) == ["finance"]


def test_tagged_machines_are_found_by_it(attacked):
    for key in ("fin-07", "printer-2f"):
        tag(attacked, key, "case 7")
    found = attacked.list("machine.list", {"$filter": "machineTags/any(tag: tag eq 'case 7')"})
    assert {row["id"] for row in found} == {machine_id("fin-07"), machine_id("printer-2f")}
    assert len(attacked.list("machine.find_by_tag", {"tag": "case 7"})) == 2


def test_many_machines_are_tagged_in_one_call_and_an_unknown_one_is_left_out(attacked):
    ids = [machine_id(key) for key in ("fin-07", "hr-03", "nobody", "fin-07")]
    rows = attacked.ask("machine.tag_multiple", body={"Value": "case 7", "Action": "Add", "MachineIds": ids})["value"]
    assert [(row["id"], row["machineTags"][-1]) for row in rows] == [(machine_id("fin-07"), "case 7"), (machine_id("hr-03"), "case 7")]
    attacked.ask("machine.tag_multiple", body={"Value": "case 7", "Action": "Remove", "MachineIds": ids})
    assert attacked.truth("hr-03")["tags"] == ["hr"]


def test_one_call_takes_500_machines_and_no_more():
    tenant = Tenant("large:600")
    ids = [row["id"] for row in tenant.world.machines]
    body = {"Value": "case 7", "Action": "Add"}
    assert len(tenant.ask("machine.tag_multiple", body={**body, "MachineIds": ids[:500]})["value"]) == 500
    assert tenant.refused("machine.tag_multiple", body={**body, "MachineIds": ids[:501]}) == (400, "MaximumBatchSizeExceeded")
    rows = tenant.list("machine.list")
    assert [("case 7" in row["machineTags"]) for row in rows] == [True] * 500 + [False] * 100


def test_update_replaces_the_tags_and_leaves_what_is_not_sent(attacked):
    body = {"machineTags": ["a", "b"]}
    row = attacked.ask("machine.update", id=machine_id("fin-07"), body=body)
    assert (row["machineTags"], row["deviceValue"]) == (["a", "b"], "Normal")
    row = attacked.ask("machine.update", id=machine_id("fin-07"), body={"deviceValue": "High"})
    assert (row["machineTags"], row["deviceValue"]) == (["a", "b"], "High")
    assert attacked.ask("machine.update", id=machine_id("fin-07"), body={"machineTags": []})["machineTags"] == []


def test_value_is_set(attacked):
    attacked.ask("machine.set_device_value", id=machine_id("fin-07"), body={"DeviceValue": "Low"})
    assert attacked.truth("fin-07")["value"] == "Low"
    assert [row["id"] for row in attacked.list("machine.list", {"$filter": "deviceValue eq 'Low'"})] == [machine_id("fin-07")]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("machine.update", {"machineTags": []}),
        ("machine.tag", {"Value": "x", "Action": "Add"}),
        ("machine.set_device_value", {"DeviceValue": "Low"}),
    ],
)
def test_unknown_machine_is_not_found(quiet, operation, body):
    assert quiet.refused(operation, id="nobody", body=body) == (404, "ResourceNotFound")
