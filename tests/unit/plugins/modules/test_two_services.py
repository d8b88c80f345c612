# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same is read and changed at either service, and the roles held decide at which."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NoRoles, NotFound, PartlyFailed, RoleMissing
from simulator.worlds.incident import INCIDENT
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import connection, run, work

SERVICES = ("defender", "graph")
MAIL = "da638679130511223344_1364969609"
LSASS = "da638679135900112233_-812345678"
ANALYSTS = "da638679149000776655_771020304"

at_either = pytest.mark.parametrize("service", SERVICES)


def read(tenant, **options):
    return work(tenant, "alert_info", **options)


def asked(tenant) -> set[str]:
    return {row["service"] for row in tenant.journal()} & set(SERVICES)


@pytest.mark.parametrize(
    "question",
    [
        {"incident_id": [INCIDENT]},
        {"incident_id": [INCIDENT], "status": ["InProgress"]},
        {"severity": ["High"], "category": ["Ransomware", "Execution"], "status": ["New"]},
        {"machine": ["fin-07"]},
        {"machine": [machine_id("files-02")], "severity": ["High"]},
        {"assigned_to": ["analyst@contoso.com"]},
        {"detection_source": ["WindowsDefenderAv"]},
        {"created_after": "2020-01-01T00:00:00Z", "created_before": "2090-01-01T00:00:00Z"},
        {"id": [LSASS, MAIL]},
    ],
    ids=str,
)
def test_the_same_question_finds_the_same_alerts_and_the_same_entities(tenant, question):
    classic, graph = (read(tenant, service=service, evidence=True, **question) for service in SERVICES)
    assert [classic["service"], graph["service"]] == list(SERVICES)
    assert sorted(alert["id"] for alert in classic["alerts"]) == sorted(alert["id"] for alert in graph["alerts"]) != []
    assert classic["entities"] == graph["entities"]
    assert classic["complete"] and graph["complete"]


def test_alerts_of_other_products_are_read_only_when_asked_for(tenant):
    ours, all_of_them = (read(tenant, service="graph", incident_id=[INCIDENT + 2], all_products=wanted) for wanted in (False, True))
    assert ours["alerts"] == [] and [alert["serviceSource"] for alert in all_of_them["alerts"]] == ["microsoftSentinel"]
    assert read(tenant, service="graph")["count"] < read(tenant, service="graph", all_products=True)["count"]
    assert read(tenant, all_products=True)["service"] == "graph"


@pytest.mark.parametrize(("app", "service"), [("responder", "defender"), ("graph_only", "graph")])
def test_the_roles_held_choose_the_service(tenant, app, service):
    assert read(tenant, app=app, incident_id=[INCIDENT], evidence=True)["service"] == service
    assert asked(tenant) == {service}


def test_without_the_roles_of_either_both_ways_are_named(tenant):
    with pytest.raises(RoleMissing) as failure:
        read(tenant, app="nobody")
    assert "Alert.Read.All" in failure.value.hint and "SecurityAlert.Read.All" in failure.value.hint
    assert asked(tenant) == set()


def test_a_service_that_is_named_is_asked_or_none(tenant):
    with pytest.raises(NoRoles):
        read(tenant, app="graph_only", service="defender")
    assert asked(tenant) == set()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"service": "graph", "related": ["files"]}, "Microsoft Graph cannot do this: related"),
        ({"service": "graph", "machine": ["10.20.3.44"]}, "machine by the address 10.20.3.44"),
        ({"service": "graph", "incident_id": [1], "filter": "x eq 'y'"}, "filter beside incident_id"),
        ({"service": "defender", "all_products": True}, "Defender for Endpoint cannot do this: all_products"),
        ({"related": ["files"], "all_products": True}, "do not go together"),
    ],
    ids=str,
)
def test_what_a_service_cannot_do_is_refused_before_anything_is_asked(tenant, options, says):
    with pytest.raises(BadInput, match=says):
        read(tenant, **options)
    assert asked(tenant) == set()


def test_a_filter_is_for_the_classic_service_unless_the_task_says_otherwise(tenant):
    assert read(tenant, filter="status eq 'InProgress'")["service"] == "defender"
    with pytest.raises(NoRoles):
        read(tenant, app="graph_only", filter="status eq 'InProgress'")
    assert read(tenant, service="graph", filter="status eq 'inProgress'")["count"] > 0


def test_graph_does_not_call_a_machine_clean_that_it_knows_nothing_of(tenant):
    with pytest.raises(NotFound, match="no alert names nobody-1") as missing:
        read(tenant, service="graph", machine=["nobody-1", "fin-07"])
    assert missing.value.details == {"not_found": ["nobody-1"]}
    found = read(tenant, service="graph", machine=["nobody-1", "fin-07"], allow_missing=True)
    assert found["not_found"] == ["nobody-1"] and found["count"] > 0


NOT_THERE = {"match": {"operation": "graph_incident.list_alerts"}, "times": 1, "kind": "status", "status": 404, "code": "NotFound"}


@pytest.mark.parametrize("faults", [[], [NOT_THERE]], ids=["empty", "not there"])
def test_an_incident_that_was_merged_is_followed_at_graph(tenant, faults):
    """What the list of its own alerts answers is not told."""
    living = work(tenant, "incident", app="commander", id=[str(INCIDENT), str(INCIDENT + 1)], merge=True)["merged_into"]
    gone = INCIDENT + 1 if living == str(INCIDENT) else INCIDENT
    whole = read(tenant, service="graph", incident_id=[int(living)])
    tenant.faults(faults)
    ended = run("alert_info", {**connection(tenant), "service": "graph", "incident_id": [gone]})
    assert ended.result["entities"] == whole["entities"] and ended.result["count"] == 6
    assert f"Incident {gone} was merged into {living}" in str(ended.result["warnings"])


def test_an_incident_that_is_not_there_fails_at_graph(tenant):
    with pytest.raises(NotFound, match="there is no incident 1"):
        read(tenant, service="graph", incident_id=[1])


@at_either
def test_alerts_are_changed_the_same_way(tenant, service):
    wanted = {"status": "Resolved", "classification": "FalsePositive", "determination": "Clean", "comment": "looked at", "assigned_to": "lena@contoso.com"}
    result = work(tenant, "alert", app="commander", service=service, id=[MAIL, LSASS], **wanted)
    assert [entry["outcome"] for entry in result["alerts"]] == ["succeeded", "succeeded"]
    assert result["diff"]["before"][MAIL] == {"status": "New", "assigned_to": None, "classification": None, "determination": None, "comment": None}
    for either in SERVICES:
        again = work(tenant, "alert", app="commander", service=either, id=[MAIL, LSASS], **{**wanted, "determination": "NotMalicious"})
        assert not again["changed"]
    [alert] = read(tenant, service="defender", id=[MAIL])["alerts"]
    assert [comment["comment"] for comment in alert["comments"]] == ["looked at"]


@at_either
def test_check_mode_foretells_either_service(tenant, service):
    asked_for = {"service": service, "id": [MAIL, ANALYSTS], "status": "InProgress", "comment": "on it"}
    tenant.lock()
    foretold = work(tenant, "alert", app="commander", dry=True, **asked_for)
    tenant.lock(False)
    done = work(tenant, "alert", app="commander", **asked_for)
    assert foretold["changed"] and foretold["diff"] == done["diff"]


def test_a_comment_whose_answer_is_lost_at_graph_is_looked_up_and_not_made_twice(tenant):
    tenant.faults([{"match": {"operation": "graph_alert.add_comment"}, "times": 1, "kind": "drop_after"}])
    assert work(tenant, "alert", app="commander", service="graph", id=[MAIL], comment="seen")["changed"]
    [alert] = read(tenant, service="graph", id=[MAIL])["alerts"]
    assert len(alert["comments"]) == 1


def test_when_graph_takes_the_change_and_not_the_comment_both_are_told(tenant):
    tenant.faults([{"match": {"operation": "graph_alert.add_comment", "path": MAIL}, "kind": "status", "status": 400, "code": "BadRequest"}])
    with pytest.raises(PartlyFailed) as failed:
        work(tenant, "alert", app="commander", service="graph", id=[MAIL, LSASS], status="Resolved", comment="closed")
    first, second = failed.value.details["alerts"]
    assert (first["outcome"], first["changed"], first["after"]) == ("failed", True, {"status": "Resolved", "comment": None})
    assert second["outcome"] == "succeeded"


def test_what_graph_did_not_take_gets_no_comment(tenant):
    tenant.faults([{"match": {"operation": "graph_alert.update"}, "kind": "status", "status": 400, "code": "BadRequest"}])
    with pytest.raises(PartlyFailed):
        work(tenant, "alert", app="commander", service="graph", id=[MAIL], status="Resolved", comment="closed")
    assert not tenant.journal(operation="graph_alert.add_comment")


def test_alerts_are_moved_in_one_call_and_only_at_graph(tenant):
    wanted = {"id": [MAIL, LSASS], "incident_id": str(INCIDENT + 1), "status": "InProgress"}
    result = work(tenant, "alert", app="commander", **wanted)
    assert (result["service"], result["diff"]["before"][MAIL]) == ("graph", {"incident_id": str(INCIDENT), "status": "New"})
    assert len(tenant.journal(operation="graph_alert.move")) == 1
    assert {alert["incidentId"] for alert in read(tenant, service="defender", id=[MAIL, LSASS])["alerts"]} == {INCIDENT + 1}
    assert not work(tenant, "alert", app="commander", **wanted)["changed"]
    with pytest.raises(BadInput, match="cannot do this: incident_id"):
        work(tenant, "alert", app="commander", service="defender", **wanted)


def test_alerts_that_cannot_be_moved_are_told(tenant):
    with pytest.raises(PartlyFailed) as failed:
        work(tenant, "alert", app="commander", id=[MAIL], incident_id="7", status="Resolved")
    [entry] = failed.value.details["alerts"]
    assert (entry["outcome"], entry["changed"], entry["after"]["status"]) == ("failed", True, "Resolved")


@pytest.mark.parametrize(("app", "service"), [("commander", "defender"), ("graph_only", "graph")])
def test_the_roles_held_choose_who_is_told(tenant, app, service):
    assert work(tenant, "alert", app=app, id=[MAIL], status="InProgress")["service"] == service


@pytest.mark.parametrize("service", ["defender", "graph"])
@pytest.mark.parametrize("gone", ["nobody-1", "0" * 40])
def test_a_machine_that_may_be_missing_is_named_and_the_others_are_read(tenant, service, gone):
    with pytest.raises(NotFound, match=gone):
        read(tenant, service=service, machine=["fin-07", gone])
    result = read(tenant, service=service, machine=["fin-07", gone], allow_missing=True)
    assert (result["count"], result["not_found"]) == (2, [gone])
