# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tied to an alert follows from its evidence, and an alert is raised only on an event that is there."""

from __future__ import annotations

import pytest
from simulator.worlds.records import machine_id
from unit.simulator.typed import wrong

MAIL = "da638679130511223344_1364969609"
BLOCKED = "da638679149000776655_771020304"
"""An alert that names no user."""


@pytest.mark.parametrize(("operation", "type_"), [("alert.list_files", "File"), ("alert.list_ips", "Ip"), ("alert.list_domains", "Domain")])
def test_lists_are_of_their_type(attacked, operation, type_):
    rows = attacked.list(operation, id=MAIL)
    assert rows and [wrong(row, type_) for row in rows] == [[]] * len(rows)


@pytest.mark.parametrize(("operation", "type_"), [("alert.get_machine", "Machine"), ("alert.get_user", "User")])
def test_records_are_of_their_type(attacked, operation, type_):
    assert wrong(attacked.ask(operation, id=MAIL), type_) == []


def test_an_alert_without_a_user_is_answered_as_if_it_were_not_there(attacked):
    assert attacked.refused("alert.get_user", id=BLOCKED) == attacked.refused("alert.get_user", id="da1_1") == (404, "ResourceNotFound")


def asked_for(world, **special):
    [started] = [piece for piece in world.alerts.get(MAIL)["evidence"] if piece["processCreationTime"]]
    return {
        "eventTime": started["processCreationTime"], "reportId": str(started["processId"]), "machineId": machine_id("fin-07"),
        "severity": "High", "title": "Drill", "description": "A drill", "recommendedAction": "None", "category": "Execution", **special,
    }


def test_an_alert_is_raised_once_while_it_is_open(attacked):
    body = asked_for(attacked.world)
    raised = attacked.ask("alert.create_by_reference", body=body)
    assert wrong(raised, "Alert") == [] and raised["title"] == "Drill"
    assert attacked.ask("alert.create_by_reference", body=body)["id"] == raised["id"]
    attacked.world.alerts.write(raised["id"], status="Resolved")
    assert attacked.ask("alert.create_by_reference", body=body)["id"] != raised["id"]


@pytest.mark.parametrize("special", [{"reportId": "0"}, {"machineId": "0" * 40}, {"eventTime": "2026-11-25T03:00:00Z"}])
def test_an_alert_without_an_event_is_not_raised(attacked, special):
    assert attacked.refused("alert.create_by_reference", body=asked_for(attacked.world, **special)) == (404, "ResourceNotFound")
