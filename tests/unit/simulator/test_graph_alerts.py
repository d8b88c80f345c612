# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Graph's alerts are those of Defender for Endpoint in other words, and what is done to one shows in the other."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from simulator.graph_evidence import evidence
from simulator.worlds.records import machine_id, registry
from unit.simulator.tenant import Tenant
from unit.simulator.typed import wrong

YOUNGER = {"prefer": "include-unknown-enum-members"}
FIRST = "da638679130511223344_1364969609"
BLOCKED = "da638679149000776655_771020304"
SENTINEL = "sn4c6b8e02-0000-4000-8000-00000000a11e"
WORLDS = ("five_machines", "under_attack", "large:300")


def pages(tenant: Tenant, operation: str, query: dict, **values: str) -> list[list[dict]]:
    """The rows of all pages, following the links."""
    found = []
    while True:
        answer = tenant.ask(operation, query=query, **values)
        found.append(answer["value"])
        if "@odata.nextLink" not in answer:
            return found
        query = dict(parse_qsl(urlsplit(answer["@odata.nextLink"]).query))


def kinds(alert: dict) -> list[str]:
    return [piece["@odata.type"].rpartition(".")[2] for piece in alert["evidence"]]


@pytest.mark.parametrize("name", WORLDS)
def test_alerts_are_of_their_type(name):
    for row in Tenant(name).ask("graph_alert.list", headers=YOUNGER)["value"]:
        assert wrong(row, "GraphAlert") == []


def test_each_alert_of_defender_is_there_and_newest_first(attacked):
    rows = attacked.list("graph_alert.list")
    assert {row["id"] for row in rows} == {row["id"] for row in attacked.list("alert.list")} | {SENTINEL}
    assert [row["createdDateTime"] for row in rows] == sorted((row["createdDateTime"] for row in rows), reverse=True)


def test_an_alert_says_the_same_in_graphs_words(attacked):
    ours, theirs = attacked.ask("alert.get", id=BLOCKED), attacked.ask("graph_alert.get", alertId=BLOCKED)
    assert (theirs["severity"], theirs["status"], theirs["detectionSource"]) == ("medium", "inProgress", "antivirus")
    assert (theirs["classification"], theirs["determination"]) == ("unknown", "unknown")
    assert theirs["serviceSource"] == "microsoftDefenderForEndpoint"
    assert theirs["incidentId"] == str(ours["incidentId"])
    assert (theirs["threatDisplayName"], theirs["createdDateTime"]) == (ours["threatName"], ours["alertCreationTime"])
    assert [one["comment"] for one in theirs["comments"]] == [one["comment"] for one in ours["comments"]]
    assert theirs["comments"][0]["createdByDisplayName"] == ours["comments"][0]["createdBy"]


def test_evidence_has_a_type_for_each_kind_and_the_machine_first(attacked):
    alert = attacked.ask("graph_alert.get", alertId=FIRST)
    assert kinds(alert) == ["deviceEvidence", "userEvidence", "fileEvidence", "processEvidence", "urlEvidence", "ipEvidence"]
    device, user, file, process, _url, _ip = alert["evidence"]
    ours = attacked.ask("alert.get", id=FIRST)
    assert device["mdeDeviceId"] == file["mdeDeviceId"] == process["mdeDeviceId"] == ours["machineId"]
    assert (device["deviceDnsName"], device["hostName"], device["riskScore"]) == ("fin-07.contoso.com", "fin-07", "high")
    assert user["userAccount"]["userPrincipalName"] == "lena@contoso.com"
    assert file["fileDetails"]["sha256"] == ours["evidence"][1]["sha256"]
    assert process["parentProcessImageFile"]["fileName"] == "WINWORD.EXE"


def test_a_key_of_the_registry_is_another_kind_than_a_value(attacked):
    key = registry("HKEY_CURRENT_USER", "Software\\Run", attacked.world.clock.now())
    alert = {**attacked.world.alerts.get(FIRST), "evidence": [key], "relatedUser": None}
    assert kinds({"evidence": evidence(attacked.world, alert)}) == ["deviceEvidence", "registryKeyEvidence"]
    moved = attacked.list("graph_alert.list", {"$filter": "severity eq 'medium'"})
    assert "registryValueEvidence" in [kind for row in moved for kind in kinds(row)]


def test_the_incident_holds_several_of_each_kind(attacked):
    rows = attacked.list("graph_incident.list_alerts", incidentId="1126093")
    pieces = [piece for row in rows for piece in row["evidence"]]
    assert len({piece["mdeDeviceId"] for piece in pieces if piece["@odata.type"].endswith("deviceEvidence")}) == 3
    for kind in ("userEvidence", "fileEvidence", "processEvidence", "ipEvidence"):
        assert len([piece for piece in pieces if piece["@odata.type"].endswith(kind)]) > 1


def test_younger_members_of_enums_come_only_when_asked_for(attacked):
    plain, asked = (attacked.ask("graph_alert.get", alertId=SENTINEL, headers=headers) for headers in ({}, {"prefer": f"odata.x, {YOUNGER['prefer']}"}))
    assert (plain["serviceSource"], plain["detectionSource"]) == ("unknownFutureValue", "unknownFutureValue")
    assert (asked["serviceSource"], asked["detectionSource"]) == ("microsoftSentinel", "scheduledAlerts")
    assert {piece["remediationStatus"] for piece in plain["evidence"]} == {"unknownFutureValue"}
    assert {piece["remediationStatus"] for piece in asked["evidence"]} == {"active"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("severity eq 'high'", 3),
        ("severity eq 'High'", 0),
        ("serviceSource eq 'microsoftDefenderForEndpoint'", 7),
        ("serviceSource eq 'microsoftSentinel'", 1),
        ("status eq 'resolved' and classification eq 'truePositive'", 1),
        ("determination eq 'malware'", 1),
        ("assignedTo eq 'analyst@contoso.com'", 2),
        ("status in ('new','inProgress') and not (severity eq 'high')", 4),
    ],
)
def test_alerts_are_filtered_by_graphs_words(attacked, text, count):
    assert len(attacked.list("graph_alert.list", {"$filter": text})) == count


def test_moments_stand_bare(attacked):
    newest = attacked.list("graph_alert.list")[0]
    assert attacked.list("graph_alert.list", {"$filter": f"createdDateTime ge {newest['createdDateTime']}"}) == [newest]


@pytest.mark.parametrize("query", [{}, {"$top": "3"}, {"$top": "1000", "$filter": "severity ne 'high'"}])
def test_links_lead_through_all(query):
    tenant = Tenant("large:2100")
    tenant.world.settings.next_link = False
    read = pages(tenant, "graph_alert.list", query)
    size = int(query.get("$top", 1000))
    assert [len(rows) for rows in read[:-1]] == [size] * (len(read) - 1) and len(read) > 1
    ids = [row["id"] for rows in read for row in rows]
    assert len(set(ids)) == len(ids) == tenant.ask("graph_alert.list", query={**query, "$count": "true"})["@odata.count"]


def test_skipping_is_for_the_first_few_only(attacked):
    every = attacked.list("graph_alert.list")
    assert attacked.list("graph_alert.list", {"$skip": "5"}) == every[5:]
    assert attacked.refused("graph_alert.list", query={"$skip": "501"}) == (400, "BadRequest")


def test_what_is_written_here_shows_in_defender(attacked):
    body = {"status": "resolved", "classification": "truePositive", "determination": "compromisedAccount", "assignedTo": "mia@contoso.com"}
    answer = attacked.ask("graph_alert.update", alertId=FIRST, body=body)
    assert {name: answer[name] for name in body} == body and answer["resolvedDateTime"]
    ours = attacked.ask("alert.get", id=FIRST)
    assert (ours["status"], ours["classification"], ours["determination"]) == ("Resolved", "TruePositive", "CompromisedUser")
    assert (ours["assignedTo"], ours["resolvedTime"]) == ("mia@contoso.com", answer["resolvedDateTime"])
    assert wrong(ours, "Alert") == []


def test_what_is_written_in_defender_shows_here(attacked):
    body = {"status": "Resolved", "classification": "FalsePositive", "determination": "InsufficientData", "comment": "nothing in it"}
    attacked.ask("alert.update", id=FIRST, body=body)
    row = attacked.ask("graph_alert.get", alertId=FIRST)
    assert (row["status"], row["classification"], row["determination"]) == ("resolved", "falsePositive", "notEnoughDataToValidate")
    assert [one["comment"] for one in row["comments"]] == ["nothing in it"]


@pytest.mark.parametrize("word", ["ConfirmedActivity", "ConfirmedUserActivity"])
def test_both_spellings_of_a_determination_are_one_here(attacked, word):
    attacked.ask("alert.batch_update", body={"alertIds": [FIRST], "classification": "InformationalExpectedActivity", "determination": word})
    assert attacked.ask("graph_alert.get", alertId=FIRST)["determination"] == "confirmedActivity"


def test_a_verdict_can_be_taken_back(attacked):
    attacked.ask("graph_alert.update", alertId=FIRST, body={"classification": "truePositive", "determination": "phishing"})
    attacked.ask("graph_alert.update", alertId=FIRST, body={"classification": "unknown", "determination": "unknown", "assignedTo": None})
    ours = attacked.ask("alert.get", id=FIRST)
    assert (ours["classification"], ours["determination"], ours["assignedTo"]) == (None, None, None)
    assert attacked.refused("graph_alert.update", alertId=FIRST, body={"status": None}) == (400, "BadRequest")


def test_notes_of_a_persons_own_are_graphs_alone(attacked):
    answer = attacked.ask("graph_alert.update", alertId=FIRST, body={"customDetails": {"case": "7"}})
    assert answer["customDetails"] == {"case": "7"}
    assert wrong(attacked.ask("alert.get", id=FIRST), "Alert") == []


def test_comments_are_all_told_and_always_added(attacked):
    body = {"@odata.type": "microsoft.graph.security.alertComment", "comment": "phoned the owner"}
    attacked.ask("graph_alert.add_comment", alertId=BLOCKED, body=body)
    told = attacked.list("graph_alert.add_comment", alertId=BLOCKED, body=body)
    assert [one["comment"] for one in told] == ["same file as on fin-07?", "phoned the owner", "phoned the owner"]
    assert told[-1]["createdByDisplayName"] == "drill" and wrong(told[-1], "GraphAlertComment") == []
    assert [one["comment"] for one in attacked.ask("alert.get", id=BLOCKED)["comments"]] == [one["comment"] for one in told]


def test_an_alert_of_another_product_is_changed_here_and_unknown_to_defender(attacked):
    attacked.ask("graph_alert.update", alertId=SENTINEL, body={"status": "inProgress"})
    assert attacked.ask("graph_alert.get", alertId=SENTINEL)["status"] == "inProgress"
    assert attacked.refused("alert.get", id=SENTINEL) == (404, "ResourceNotFound")


def test_alerts_are_moved_to_another_incident(attacked):
    answer = attacked.ask("graph_alert.move", body={"alertIds": [SENTINEL], "incidentId": "1126093", "alertComment": "same user"})
    assert answer == {"targetIncidentId": "1126093"}
    row = attacked.ask("graph_alert.get", alertId=SENTINEL)
    assert (row["incidentId"], row["comments"][-1]["comment"]) == ("1126093", "same user")
    assert attacked.list("graph_incident.list_alerts", incidentId="1126095") == []
    assert attacked.ask("graph_incident.get", incidentId="1126095")["displayName"] == "Many sign-ins refused from one address"


@pytest.mark.parametrize("nowhere", [{}, {"incidentId": None}])
def test_alerts_are_moved_to_an_incident_of_their_own(attacked, nowhere):
    target = attacked.ask("graph_alert.move", body={"alertIds": [FIRST], **nowhere})["targetIncidentId"]
    assert target == "1126096"
    row = attacked.list("graph_incident.list")[0]
    assert (row["id"], row["status"], row["severity"]) == (target, "active", "high") and wrong(row, "GraphIncident") == []
    assert attacked.ask("alert.get", id=FIRST)["incidentId"] == int(target)


@pytest.mark.parametrize("body", [{"alertIds": ["x"]}, {"alertIds": [FIRST], "incidentId": "1"}, {"alertIds": [FIRST], "incidentId": "x"}])
def test_what_is_not_there_is_not_moved(attacked, body):
    assert attacked.refused("graph_alert.move", body=body) == (404, "NotFound")


def test_an_alert_that_comes_later_is_the_newest(attacked):
    raised = {**attacked.world.alerts.get(FIRST), "id": "da638700000000000001_1", "alertCreationTime": "2026-12-01T00:00:00Z", "incidentId": None}
    attacked.list("graph_alert.list")
    attacked.world.alerts.add(raised)
    row = attacked.list("graph_alert.list")[0]
    assert (row["id"], row["incidentId"], row["incidentWebUrl"]) == (raised["id"], None, None)


def test_a_machine_that_is_not_there_is_no_evidence(attacked):
    assert kinds(attacked.ask("graph_alert.get", alertId=SENTINEL)) == ["userEvidence", "ipEvidence"]
    assert machine_id("fin-07") not in str(attacked.ask("graph_alert.get", alertId=SENTINEL))
