# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours answer as the service's pages say, asked directly."""

from __future__ import annotations

import datetime as dt

import pytest
from simulator.clock import stamp
from simulator.contract import endpoints
from simulator.worlds.records import machine_id
from unit.simulator.tenant import APP_ID, Tenant

DAY = 86_400


def test_an_empty_tenant_has_no_machine_list_but_404():
    assert Tenant("empty").refused("machine.list") == (404, "NotFound")


def test_other_lists_of_an_empty_tenant_are_empty():
    assert Tenant("empty").list("alert.list") == []
    assert Tenant("empty").list("machine_action.list") == []


def test_a_machine_is_found_by_id_and_by_name(quiet):
    name = "sales-01.contoso.com"
    assert quiet.ask("machine.get", id=name) == quiet.ask("machine.get", id=machine_id(name))


def test_an_unknown_machine_is_not_found(quiet):
    assert quiet.refused("machine.get", id="nobody") == (404, "ResourceNotFound")
    assert quiet.refused("machine.list_alerts", id="nobody") == (404, "ResourceNotFound")
    assert quiet.refused("machine.isolate", id="nobody", body={"Comment": "x"}) == (404, "ResourceNotFound")


def test_the_name_that_two_machines_share_gives_the_one_seen_last(attacked):
    assert attacked.ask("machine.get", id="mkt-11.contoso.com")["id"] == machine_id("mkt-11 desk")


def test_machines_are_listed_by_filter(attacked):
    rows = attacked.list("machine.list", {"$filter": "riskScore eq 'High' and rbacGroupId eq 140"})
    assert [row["computerDnsName"] for row in rows] == ["fin-07.contoso.com", "hr-03.contoso.com"]


def test_a_bad_filter_is_an_odata_error(quiet):
    assert quiet.refused("machine.list", query={"$filter": "bad eq eq"}) == (400, "ODataError")


def test_machines_are_found_by_exact_tag_or_prefix(attacked):
    assert [row["computerDnsName"] for row in attacked.list("machine.find_by_tag", {"tag": "hr"})] == ["hr-03.contoso.com"]
    assert attacked.list("machine.find_by_tag", {"tag": "domain"}) == []
    assert len(attacked.list("machine.find_by_tag", {"tag": "domain", "useStartsWithFilter": "true"})) == 1


@pytest.mark.parametrize("minutes, found", [(0, 1), (-194, 1), (-196, 0), (14, 1), (16, 0)])
def test_an_address_leads_to_the_machine_for_a_quarter_of_an_hour_around_its_use(attacked, minutes, found):
    moment = stamp(attacked.world.clock.now() + dt.timedelta(minutes=minutes))
    assert len(attacked.list("machine.find_by_ip", ip="10.20.3.44", timestamp=moment)) == found


def test_an_address_that_was_lent_on_leads_to_who_had_it_then(attacked):
    moment = stamp(attacked.world.clock.now() - dt.timedelta(days=4))
    rows = attacked.list("machine.find_by_ip", ip="10.20.3.44", timestamp=moment)
    assert [row["id"] for row in rows] == [machine_id("mkt-11 desk")]


def test_an_address_may_belong_to_two_machines_at_once(attacked):
    moment = stamp(attacked.world.clock.now() - dt.timedelta(days=2))
    assert len(attacked.list("machine.find_by_ip", ip="10.99.0.5", timestamp=moment)) == 2


def test_an_address_is_not_known_for_longer_than_thirty_days(attacked):
    moment = stamp(attacked.world.clock.now() - dt.timedelta(days=31))
    assert attacked.refused("machine.find_by_ip", ip="10.20.3.44", timestamp=moment) == (400, "BadRequest")
    assert attacked.refused("machine.find_by_ip", ip="10.20.3.44", timestamp="yesterday") == (400, "BadRequest")


def test_evidence_of_listed_alerts_is_empty_unless_it_is_asked_for(attacked):
    assert all(row["evidence"] == [] for row in attacked.list("alert.list"))
    assert all(row["evidence"] for row in attacked.list("alert.list", {"$expand": "evidence"}))


def test_a_single_alert_shows_its_evidence(attacked):
    alert = attacked.ask("alert.get", id="da638679130511223344_1364969609")
    assert {piece["entityType"] for piece in alert["evidence"]} == {"User", "File", "Process", "Url", "Ip"}
    assert attacked.refused("alert.get", id="da1_1") == (404, "ResourceNotFound")


def test_the_incident_has_five_alerts_on_three_machines(attacked):
    alerts = attacked.list("alert.list", {"$filter": "incidentId eq 1126093"})
    assert len(alerts) == 5
    assert {row["machineId"] for row in alerts} == {machine_id(key) for key in ("fin-07", "hr-03", "files-02")}


def test_alerts_of_a_machine_are_filtered_by_status_only(attacked):
    hr = machine_id("hr-03")
    assert len(attacked.list("machine.list_alerts", id=hr)) == 2
    assert len(attacked.list("machine.list_alerts", {"$filter": "status eq 'New'"}, id=hr)) == 1
    assert attacked.refused("machine.list_alerts", id=hr, query={"$filter": "severity eq 'High'"}) == (400, "ODataError")


def test_isolation_is_accepted_as_a_pending_action_of_the_app(quiet):
    reply = quiet.reply("machine.isolate", id=machine_id("sales-01.contoso.com"), body={"Comment": "c", "IsolationType": "Selective"})
    assert reply.status == endpoints()["machine.isolate"]["success"] == 201
    action = reply.body
    assert (action["type"], action["status"], action["scope"]) == ("Isolate", "Pending", "Selective")
    assert (action["requestor"], action["requestSource"], action["requestorComment"]) == (APP_ID, "PublicApi", "c")


def test_an_action_moves_along_with_the_clock_alone(quiet):
    action = quiet.isolate("sales-01.contoso.com")
    seen = [quiet.status(action)]
    for _half in range(2):
        quiet.world.clock.advance(quiet.world.settings.action_seconds / 2)
        seen.append(quiet.status(action))
    assert seen == ["Pending", "InProgress", "Succeeded"]
    assert quiet.isolated("sales-01.contoso.com")


def test_the_last_change_has_one_name_in_lists_and_another_alone(quiet):
    action = quiet.isolate("sales-01.contoso.com")
    listed = quiet.list("machine_action.list")[0]
    single = quiet.ask("machine_action.get", id=action["id"])
    assert listed.pop("lastUpdateTimeUtc") == single.pop("lastUpdateDateTimeUtc")
    assert listed == single


def test_actions_are_listed_newest_first_and_filtered(attacked):
    attacked.isolate("fin-07")
    attacked.world.clock.advance(1)
    attacked.isolate("hr-03")
    rows = attacked.list("machine_action.list", {"$filter": "type eq 'Isolate'", "$top": "2"})
    assert [row["machineId"] for row in rows] == [machine_id("hr-03"), machine_id("fin-07")]
    pending = attacked.list("machine_action.list", {"$filter": f"machineId eq '{machine_id('reception-1')}' and Status eq 'Pending'"})
    assert len(pending) == 1


def test_a_second_isolation_is_refused_while_one_is_pending(attacked):
    once = attacked.world.truth(machine_id("reception-1"))
    body = {"Comment": "again", "IsolationType": "Full"}
    assert attacked.refused("machine.isolate", id=machine_id("reception-1"), body=body) == (400, "ActiveRequestAlreadyExists")
    assert attacked.world.truth(machine_id("reception-1")) == once


def test_each_request_is_counted_and_those_from_before_are_not(attacked):
    attacked.isolate("fin-07")
    assert attacked.world.truth(machine_id("fin-07"))["actions_asked"] == {"Isolate": 1}
    assert attacked.world.truth(machine_id("sales-05"))["actions_asked"] == {}


def test_a_released_machine_is_not_isolated(attacked):
    assert attacked.isolated("sales-05")
    attacked.release("sales-05")
    assert attacked.isolated("sales-05"), "only once the release has succeeded"
    attacked.world.clock.advance(10)
    assert not attacked.isolated("sales-05")


def test_isolation_lifts_itself_after_seven_days(quiet):
    quiet.isolate("sales-01.contoso.com")
    quiet.world.clock.advance(7 * DAY)
    assert quiet.isolated("sales-01.contoso.com")
    quiet.world.clock.advance(10)
    assert not quiet.isolated("sales-01.contoso.com")


def test_an_offline_machine_stays_pending_for_three_days_and_then_times_out(attacked):
    action = attacked.isolate("laptop-19")
    attacked.world.clock.advance(3 * DAY - 1)
    assert attacked.status(action) == "Pending"
    attacked.world.clock.advance(1)
    assert attacked.status(action) == "TimeOut"
    assert not attacked.isolated("laptop-19")


@pytest.mark.parametrize("key, end", [("lab-02", "Failed"), ("build-01", "TimeOut"), ("app-01", "Succeeded")])
def test_actions_end_as_the_machine_is_fated(attacked, key, end):
    action = attacked.isolate(key)
    attacked.world.clock.advance(10)
    assert attacked.status(action) == end
    assert attacked.isolated(key) == (end == "Succeeded")


@pytest.mark.parametrize("key, type_", [("app-01", "Selective"), ("cnc-mill", "Full")])
def test_a_platform_that_cannot_do_it_is_refused(attacked, key, type_):
    body = {"Comment": "c", "IsolationType": type_}
    assert attacked.refused("machine.isolate", id=machine_id(key), body=body) == (400, "OsPlatformNotSupported")


def test_an_unmanaged_machine_is_contained_and_not_isolated(attacked):
    body = {"Comment": "c", "IsolationType": "Full"}
    assert attacked.refused("machine.isolate", id=machine_id("printer-2f"), body=body) == (400, "BadRequest")
    assert attacked.isolate("printer-2f", "UnManagedDevice")["scope"] is None


def test_an_unknown_action_is_not_found(quiet):
    assert quiet.refused("machine_action.get", id="00000000-0000-0000-0000-000000000000") == (404, "ResourceNotFound")
