# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An alert is raised on an event, once on a machine while it is open."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound, RoleMissing, ServiceError
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

FIN_07 = machine_id("fin-07")
MAIL = "da638679130511223344_1364969609"
OPEN_ALREADY = "Memory of LSASS read"


def event(tenant) -> dict:
    """What a hunting query shows of the start of a program."""
    [alert] = work(tenant, "alert_info", service="defender", id=[MAIL], evidence=True)["alerts"]
    piece = next(piece for piece in alert["evidence"] if piece["processCreationTime"])
    return {"report_id": str(piece["processId"]), "event_time": piece["processCreationTime"]}


def create(tenant, dry=False, **options):
    told = {"title": "Drill", "description": "A drill", "recommended_action": "None", "severity": "High", "category": "Execution"}
    return work(tenant, "alert_create", app="commander", dry=dry, **{**told, "machine": FIN_07, **options})


def raised(tenant) -> int:
    return len(tenant.journal(operation="alert.create_by_reference"))


def test_an_alert_is_raised_once_while_it_is_open(tenant):
    on = event(tenant)
    result = create(tenant, **on)
    assert result["changed"] and result["alert"]["machineId"] == FIN_07
    again = create(tenant, **on)
    assert not again["changed"] and again["alert"]["id"] == result["alert"]["id"] and raised(tenant) == 1
    work(tenant, "alert", app="commander", id=[result["alert"]["id"]], status="Resolved")
    assert create(tenant, **on)["alert"]["id"] != result["alert"]["id"]


def test_an_open_alert_of_the_same_title_on_the_machine_is_left_alone(tenant):
    assert not create(tenant, **event(tenant), title=OPEN_ALREADY)["changed"]
    assert raised(tenant) == 0


def test_all_digits_of_the_time_are_sent(tenant):
    on = event(tenant)
    exact = f"{on['event_time'][:19]}.0000000Z"
    create(tenant, **{**on, "event_time": exact})
    [row] = tenant.journal(operation="alert.create_by_reference")
    assert row["body"]["eventTime"] == exact


def test_a_machine_may_be_named(tenant):
    assert create(tenant, **event(tenant), machine="fin-07.contoso.com")["alert"]["machineId"] == FIN_07
    with pytest.raises(NotFound, match="no machine is known as nobody-1"):
        create(tenant, **event(tenant), machine="nobody-1")


def test_check_mode_tells_what_the_run_does(tenant):
    on = event(tenant)
    tenant.lock()
    foretold = create(tenant, dry=True, **on)
    tenant.lock(False)
    assert foretold["alert"] is None
    done = create(tenant, **on)
    assert (foretold["changed"], foretold["diff"]) == (done["changed"], done["diff"])


def test_an_event_that_is_not_there_is_told_with_what_to_give(tenant):
    with pytest.raises(NotFound) as missing:
        create(tenant, **{**event(tenant), "report_id": "0"})
    assert "one row of a hunting query" in missing.value.hint


def test_an_alert_whose_answer_is_lost_is_looked_up_and_not_raised_twice(tenant):
    on = event(tenant)
    tenant.faults([{"match": {"operation": "alert.create_by_reference"}, "times": 1, "kind": "drop_after"}])
    assert create(tenant, **on)["changed"]
    assert not create(tenant, **on)["changed"]


def test_another_alert_than_was_asked_for_is_a_failure(tenant):
    on = event(tenant)
    tenant.faults([{"match": {"operation": "alert.create_by_reference"}, "kind": "status", "status": 200, "body": {"id": "da1_1", "title": "Other"}}])
    with pytest.raises(ServiceError, match="shows another one"):
        create(tenant, **on)


@pytest.mark.parametrize(("wrong", "says"), [({"title": " "}, "title is empty"), ({"event_time": "noon"}, "noon")])
def test_what_cannot_be_is_refused_before_anything_is_asked(tenant, wrong, says):
    with pytest.raises(BadInput, match=says):
        create(tenant, **{"report_id": "1", "event_time": "2026-11-25T03:00:00Z", **wrong})
    assert not tenant.journal()


def test_without_the_role_nothing_is_asked(tenant):
    with pytest.raises(RoleMissing, match="Alert.ReadWrite.All"):
        work(tenant, "alert_create", title="Drill", description="A", recommended_action="A", severity="Low", category="General", machine=FIN_07,
             report_id="1", event_time="2026-11-25T03:00:00Z")
    assert not tenant.journal(service="defender")
