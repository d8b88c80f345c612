# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents come to what is wanted, from nobody's hands, and the same is not sent again."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound, PartlyFailed, Refused, RoleMissing, ServiceError
from simulator.worlds.incident import INCIDENT
from unit.plugins.modules.playing import work

OTHER = INCIDENT + 1
OF_YESTERDAY = 1126001
"""One that analyst@contoso.com has."""
LENA = "lena@contoso.com"


def change(tenant, *ids, dry=False, **options):
    return work(tenant, "incident", app="commander", dry=dry, id=[str(id_) for id_ in ids], **options)


def read(tenant, id_) -> dict:
    return work(tenant, "incident_info", id=[id_])["incidents"][0]


def writes(tenant) -> list[str]:
    return [row["operation"] for row in tenant.journal(service="graph") if row["method"] != "GET"]


def test_an_incident_is_changed_and_the_same_is_not_sent_again(tenant):
    wanted = {
        "status": "InProgress", "assigned_to": LENA, "classification": "TruePositive", "determination": "CompromisedUser", "severity": "Low",
        "display_name": "Mail with a macro", "add_tags": ["on-call", "finance"], "comment": "taken", "resolving_comment": "Clean",
    }
    assert change(tenant, INCIDENT, **wanted)["changed"]
    row = read(tenant, INCIDENT)
    assert [row[name] for name in ("status", "assignedTo", "determination", "severity", "displayName", "resolvingComment")] == [
        "inProgress", LENA, "compromisedAccount", "low", "Mail with a macro", "Clean",
    ]
    assert {"on-call", "finance"} <= set(row["customTags"]) and row["comments"][-1]["comment"] == "taken"
    again = change(tenant, INCIDENT, **{**wanted, "determination": "CompromisedAccount"})
    assert not again["changed"] and again["incidents"][0]["outcome"] == "unchanged"
    assert writes(tenant) == ["graph_incident.update", "graph_incident.add_comment"]


def test_tags_of_others_stay(tenant):
    change(tenant, INCIDENT, add_tags=["one", "two"])
    before = read(tenant, INCIDENT)["customTags"]
    change(tenant, INCIDENT, add_tags=["three"], remove_tags=["one"])
    assert read(tenant, INCIDENT)["customTags"] == [*(tag for tag in before if tag != "one"), "three"]
    assert not change(tenant, INCIDENT, add_tags=["three"], remove_tags=["one"])["changed"]


def test_an_incident_is_not_taken_from_a_person(tenant):
    with pytest.raises(Refused, match="taken already, by analyst@contoso.com") as refused:
        change(tenant, INCIDENT, OF_YESTERDAY, assigned_to=LENA)
    assert refused.value.details["taken"] == [{"id": str(OF_YESTERDAY), "assigned_to": "analyst@contoso.com"}]
    assert not writes(tenant)
    assert change(tenant, INCIDENT, OF_YESTERDAY, assigned_to=LENA, take_over=True)["changed"]


def test_check_mode_tells_what_the_run_does(tenant):
    asked = {"status": "Resolved", "classification": "TruePositive", "determination": "Malware", "add_tags": ["closed"], "comment": "closed"}
    tenant.lock()
    foretold = change(tenant, INCIDENT, OTHER, dry=True, **asked)
    tenant.lock(False)
    done = change(tenant, INCIDENT, OTHER, **asked)
    assert foretold["changed"] and foretold["diff"] == done["diff"]
    assert {entry["outcome"] for entry in foretold["incidents"]} == {"planned"}


def test_two_incidents_become_one_and_the_same_is_not_asked_again(tenant):
    tenant.lock()
    foretold = change(tenant, INCIDENT, OTHER, dry=True, merge=True)
    tenant.lock(False)
    done = change(tenant, INCIDENT, OTHER, merge=True, comment="same file")
    assert (foretold["diff"], foretold["merged_into"]) == (done["diff"], None)
    again = change(tenant, INCIDENT, OTHER, merge=True, comment="same file")
    assert (again["changed"], again["merged_into"]) == (False, done["merged_into"])
    assert read(tenant, done["merged_into"])["comments"][-1]["comment"] == "same file"


def test_an_incident_that_was_merged_is_changed_where_it_lives_on(tenant):
    living = change(tenant, INCIDENT, OTHER, merge=True)["merged_into"]
    gone = next(str(id_) for id_ in (INCIDENT, OTHER) if str(id_) != living)
    result = change(tenant, gone, severity="Medium")
    assert result["redirected"] == [{"id": gone, "into": living}] and [entry["id"] for entry in result["incidents"]] == [living]
    assert read(tenant, living)["severity"] == "medium"


def test_a_merge_whose_answer_is_lost_is_looked_up(tenant):
    tenant.faults([{"match": {"operation": "graph_incident.merge"}, "times": 1, "kind": "drop_after"}])
    assert change(tenant, INCIDENT, OTHER, merge=True)["changed"]
    assert writes(tenant) == ["graph_incident.merge"]


def test_a_merge_that_does_not_show_is_a_failure(tenant):
    tenant.faults([{"match": {"operation": "graph_incident.merge"}, "kind": "status", "status": 200, "body": {"targetIncidentId": "1"}}])
    with pytest.raises(ServiceError, match="was asked to merge"):
        change(tenant, INCIDENT, OTHER, merge=True)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"classification": "FalsePositive", "determination": "Malware"}, "does not go with"),
        ({"comment": " "}, "comment is empty"),
        ({"display_name": ""}, "display_name is empty"),
        ({"add_tags": [" "]}, "holds an empty tag"),
        ({"add_tags": ["a"], "remove_tags": ["a"]}, "stands in add_tags and in remove_tags"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_asked(tenant, wrong, says):
    with pytest.raises(BadInput, match=says):
        change(tenant, INCIDENT, **wrong)
    assert not tenant.journal()


def test_an_incident_that_is_not_there_stops_the_task_unless_told(tenant):
    with pytest.raises(NotFound):
        change(tenant, INCIDENT, 7, status="Resolved")
    assert not writes(tenant)
    assert change(tenant, INCIDENT, 7, status="Resolved", allow_missing=True)["not_found"] == ["7"]


def test_a_comment_whose_answer_is_lost_is_looked_up_and_not_made_twice(tenant):
    tenant.faults([{"match": {"operation": "graph_incident.add_comment"}, "times": 1, "kind": "drop_after"}])
    assert change(tenant, INCIDENT, comment="seen")["changed"]
    assert [comment["comment"] for comment in read(tenant, INCIDENT)["comments"]].count("seen") == 1


def test_one_that_fails_does_not_stop_the_others(tenant):
    tenant.faults([{"match": {"operation": "graph_incident.update", "path": str(INCIDENT)}, "kind": "status", "status": 400, "code": "BadRequest"}])
    with pytest.raises(PartlyFailed, match=f"1 failed, 1 succeeded; first {INCIDENT}: The service answered .* with 400 BadRequest") as failed:
        change(tenant, INCIDENT, OTHER, severity="Low")
    assert [entry["outcome"] for entry in failed.value.details["incidents"]] == ["failed", "succeeded"]


def test_without_the_role_nothing_is_asked(tenant):
    with pytest.raises(RoleMissing, match="SecurityIncident.ReadWrite.All"):
        work(tenant, "incident", id=[str(INCIDENT)], status="Resolved")
    assert not tenant.journal(service="graph")


def redirected(tenant, **into: str) -> None:
    """From now on these incidents are shown as merged, each into another."""
    row = read(tenant, INCIDENT)
    tenant.faults([
        {
            "match": {"method": "GET", "path": f"incidents/{id_.lstrip('_')}$"}, "kind": "status", "status": 200,
            "body": {**row, "id": id_.lstrip("_"), "status": "redirected", "redirectIncidentId": head},
        }
        for id_, head in into.items()
    ])


@pytest.mark.parametrize(
    ("merges", "says"),
    [
        ({f"_{INCIDENT}": str(OTHER), f"_{OTHER}": str(INCIDENT)}, f"{INCIDENT} was merged into {INCIDENT}, and that again into itself"),
        ({f"_{INCIDENT}": str(INCIDENT)}, "and that again into itself"),
        ({f"_{INCIDENT}": "7"}, f"{INCIDENT} was merged into 7, which cannot be read"),
        ({f"_{INCIDENT}": "100", **{f"_{number}": str(number + 1) for number in range(100, 140)}}, "which cannot be read"),
    ],
    ids=["circle", "itself", "nowhere", "endless"],
)
def test_an_incident_of_which_no_end_is_seen_is_neither_changed_nor_read_as_empty(tenant, merges, says):
    redirected(tenant, **merges)
    with pytest.raises(NotFound, match=says):
        change(tenant, INCIDENT, status="InProgress")
    with pytest.raises(NotFound, match=says) as failed:
        work(tenant, "incident_info", id=[INCIDENT], alerts=True)
    assert failed.value.details["not_found"] == [str(INCIDENT)] and not writes(tenant)


def test_a_classification_that_does_not_go_with_what_is_there_is_refused(tenant):
    change(tenant, INCIDENT, classification="FalsePositive", determination="Clean")
    with pytest.raises(BadInput, match="with NotMalicious"):
        change(tenant, INCIDENT, classification="TruePositive")
    assert change(tenant, INCIDENT, classification="TruePositive", determination="Phishing")["changed"]
