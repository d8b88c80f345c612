# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents group the alerts of a world, and keep what is said of them."""

from __future__ import annotations

import pytest
from unit.simulator.tenant import Tenant
from unit.simulator.test_graph_alerts import pages
from unit.simulator.typed import wrong

BIG, HOSTILE, OLD = "1126093", "1126094", "1126001"
COMMENT = {"@odata.type": "microsoft.graph.security.alertComment", "comment": "called the owner"}


def get(tenant: Tenant, id_: str, **query: str) -> dict:
    row = tenant.ask("graph_incident.get", incidentId=id_, query={f"${name}": value for name, value in query.items()})
    assert row.pop("@odata.context").endswith("/v1.0/$metadata#security/incidents/$entity")
    return row


def change(tenant: Tenant, id_: str, **body: object) -> dict:
    return tenant.ask("graph_incident.update", incidentId=id_, body=body)


@pytest.mark.parametrize("name", ["five_machines", "under_attack", "large:300"])
@pytest.mark.parametrize("query", [{}, {"$expand": "alerts"}])
def test_incidents_are_of_their_type(name, query):
    rows = Tenant(name).ask("graph_incident.list", query=query, headers={"prefer": "include-unknown-enum-members"})["value"]
    assert rows and [fault for row in rows for fault in wrong(row, "GraphIncident")] == []
    assert {("alerts" in row) for row in rows} == {bool(query)}


def test_an_incident_says_what_its_alerts_say(attacked):
    row = get(attacked, OLD)
    assert (row["status"], row["severity"], row["assignedTo"]) == ("resolved", "medium", "analyst@contoso.com")
    assert (row["classification"], row["determination"]) == ("truePositive", "malware")
    assert row["displayName"] == "Connection to a known command server on one endpoint"


def test_the_incident_under_way(attacked):
    row = get(attacked, BIG)
    assert (row["status"], row["severity"], row["assignedTo"]) == ("active", "high", None)
    assert row["displayName"] == "Suspicious PowerShell download by an Office program on 3 endpoints"
    assert row["customTags"] == ["ransomware"] and len(row["comments"]) == 1
    alerts = attacked.list("graph_incident.list_alerts", incidentId=BIG)
    assert len(alerts) == 5 and row["createdDateTime"] == min(alert["createdDateTime"] for alert in alerts)
    assert row["lastUpdateDateTime"] >= row["createdDateTime"]


def test_alerts_come_along_when_expanded(attacked):
    alerts = attacked.list("graph_incident.list_alerts", incidentId=BIG)
    assert get(attacked, BIG, expand="alerts")["alerts"] == alerts
    (row,) = [row for row in attacked.list("graph_incident.list", {"$expand": "alerts"}) if row["id"] == BIG]
    assert row["alerts"] == alerts


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("status eq 'active'", [HOSTILE, "1126095", BIG]),
        ("status eq 'Active'", []),
        ("severity eq 'high' and status ne 'resolved'", [BIG]),
        ("assignedTo eq 'analyst@contoso.com'", [OLD]),
        ("determination eq 'malware' or severity eq 'informational'", [HOSTILE, OLD]),
    ],
)
def test_incidents_are_filtered_and_newest_first(attacked, text, ids):
    assert [row["id"] for row in attacked.list("graph_incident.list", {"$filter": text})] == ids


def test_links_lead_through_all():
    read = pages(Tenant("large:420"), "graph_incident.list", {"$expand": "alerts"})
    assert [len(rows) for rows in read] == [50, 50, 5]
    assert len({alert["id"] for rows in read for row in rows for alert in row["alerts"]}) == 420


def test_what_is_left_out_stays_and_tags_are_replaced(attacked):
    before = get(attacked, BIG)
    attacked.wait()
    change(attacked, BIG, customTags=["vip", "finance"], status="inProgress", assignedTo="mia@contoso.com")
    row = get(attacked, BIG)
    changed = {name for name in row if row[name] != before[name]}
    assert changed == {"customTags", "status", "assignedTo", "lastUpdateDateTime", "lastModifiedBy"}
    assert (row["customTags"], row["lastModifiedBy"]) == (["vip", "finance"], "drill")
    assert change(attacked, BIG, customTags=[])["customTags"] == []


def test_an_incident_is_resolved_and_its_alerts_stay_as_they_are(attacked):
    row = change(attacked, BIG, status="resolved", classification="truePositive", determination="multiStagedAttack", resolvingComment="rebuilt")
    assert (row["status"], row["determination"], row["resolvingComment"]) == ("resolved", "multiStagedAttack", "rebuilt")
    assert "new" in {alert["status"] for alert in attacked.list("graph_incident.list_alerts", incidentId=BIG)}


def test_alerts_that_are_closed_later_do_not_close_it(attacked):
    for alert in attacked.list("graph_incident.list_alerts", incidentId=HOSTILE):
        attacked.ask("graph_alert.update", alertId=alert["id"], body={"status": "resolved"})
    assert get(attacked, HOSTILE)["status"] == "active"


def test_a_change_to_an_alert_is_one_to_its_incident(attacked):
    before = get(attacked, HOSTILE)["lastUpdateDateTime"]
    (alert,) = attacked.list("graph_incident.list_alerts", incidentId=HOSTILE)
    attacked.ask("alert.update", id=alert["id"], body={"comment": "seen"})
    assert get(attacked, HOSTILE)["lastUpdateDateTime"] > before


def test_nobody_is_assigned_any_more(attacked):
    change(attacked, BIG, assignedTo="mia@contoso.com")
    assert change(attacked, BIG, assignedTo=None)["assignedTo"] is None


@pytest.mark.parametrize("body", [{"status": "redirected"}, {"status": None}, {"customTags": None}])
def test_what_may_not_be_set(attacked, body):
    assert attacked.refused("graph_incident.update", incidentId=BIG, body=body) == (400, "BadRequest")


def test_comments_are_all_told_and_always_added(attacked):
    attacked.ask("graph_incident.add_comment", incidentId=BIG, body=COMMENT)
    told = attacked.list("graph_incident.add_comment", incidentId=BIG, body=COMMENT)
    assert [one["comment"] for one in told[1:]] == ["called the owner"] * 2
    assert get(attacked, BIG)["comments"] == told and wrong(told[-1], "GraphAlertComment") == []


def test_of_merged_incidents_one_stays_and_the_others_lead_to_it(attacked):
    answer = attacked.ask("graph_incident.merge", body={"incidentIds": [HOSTILE, BIG, "1126095"], "incidentComment": "one story"})
    assert answer == {"targetIncidentId": BIG}, "the oldest"
    for id_ in (HOSTILE, "1126095"):
        gone = get(attacked, id_, expand="alerts")
        assert (gone["status"], gone["redirectIncidentId"], gone["alerts"]) == ("redirected", BIG, [])
        assert wrong(gone, "GraphIncident") == []
    row = get(attacked, BIG, expand="alerts")
    assert len(row["alerts"]) == 7 and {alert["incidentId"] for alert in row["alerts"]} == {BIG}
    assert (row["status"], row["redirectIncidentId"], row["comments"][-1]["comment"]) == ("active", None, "one story")
    moved = attacked.list("alert.list", {"$filter": f"incidentId eq {BIG}"})
    assert len(moved) == 6, "Defender does not know the one of another product"


def test_one_that_was_merged_is_not_changed_any_more(attacked):
    attacked.ask("graph_incident.merge", body={"incidentIds": [HOSTILE, BIG]})
    assert attacked.refused("graph_incident.update", incidentId=HOSTILE, body={"status": "active"}) == (400, "BadRequest")
    assert attacked.refused("graph_incident.add_comment", incidentId=HOSTILE, body=COMMENT) == (400, "BadRequest")
    assert attacked.refused("graph_incident.merge", body={"incidentIds": [HOSTILE, OLD]}) == (400, "BadRequest")


@pytest.mark.parametrize(("ids", "status"), [([BIG], 400), ([BIG, BIG], 400), ([BIG, "7"], 404)])
def test_a_merge_takes_two_that_are_there(attacked, ids, status):
    assert attacked.refused("graph_incident.merge", body={"incidentIds": ids})[0] == status


@pytest.mark.parametrize("id_", ["7", "x", "", "01126093", "-1"])
def test_an_incident_that_is_not_there(attacked, id_):
    for operation in ("graph_incident.get", "graph_incident.list_alerts", "graph_incident.update", "graph_incident.add_comment"):
        assert attacked.refused(operation, incidentId=id_, body=COMMENT) == (404, "NotFound")


def test_a_quiet_world_has_none():
    assert Tenant("empty").list("graph_incident.list") == []
