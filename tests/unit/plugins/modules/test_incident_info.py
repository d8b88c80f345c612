# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents are found where they live on, and with their alerts nothing that those name is left out."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NoRoles, NotFound, PartlyFailed, Refused
from simulator.worlds.incident import INCIDENT
from unit.plugins.modules.playing import work

OTHER = INCIDENT + 1


def read(tenant, **options):
    return work(tenant, "incident_info", **options)


def merged(tenant, *ids: int) -> str:
    return work(tenant, "incident", app="commander", id=[str(id_) for id_ in ids], merge=True)["merged_into"]


def test_an_incident_is_read_by_its_number(tenant):
    result = read(tenant, id=[INCIDENT])
    assert [row["id"] for row in result["incidents"]] == [str(INCIDENT)]
    assert (result["complete"], result["redirected"], "entities" in result) == (True, [], False)


def test_its_alerts_name_the_same_things_as_those_that_either_service_reads(tenant):
    result = read(tenant, id=[INCIDENT], alerts=True)
    by_alerts = [work(tenant, "alert_info", service=service, incident_id=[INCIDENT], evidence=True) for service in ("defender", "graph")]
    assert result["entities"] == by_alerts[0]["entities"] == by_alerts[1]["entities"]
    assert len(result["incidents"][0]["alerts"]) == by_alerts[0]["count"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"status": ["Active"], "severity": ["High"]}, {str(INCIDENT)}),
        ({"status": ["Resolved"]}, {"1126001"}),
        ({"classification": ["TruePositive"]}, {"1126001"}),
        ({"assigned_to": ["analyst@contoso.com"]}, {"1126001"}),
        ({"created_before": "2020-01-01T00:00:00Z"}, set()),
        ({"filter": "severity eq 'high'", "updated_after": "2020-01-01T00:00:00Z"}, {str(INCIDENT)}),
    ],
    ids=str,
)
def test_options_narrow_each_other(tenant, options, found):
    assert {row["id"] for row in read(tenant, **options)["incidents"]} == found


def test_of_undecided_ones_is_said_that_they_are(tenant):
    assert all(row["classification"] == "unknown" for row in read(tenant, classification=["Unknown"])["incidents"])


def test_an_incident_that_was_merged_is_told_by_the_one_it_lives_on_in(tenant):
    living = merged(tenant, INCIDENT, OTHER)
    gone = str(OTHER if living == str(INCIDENT) else INCIDENT)
    result = read(tenant, id=[gone, living], alerts=True)
    assert [(row["id"], row["redirected_from"]) for row in result["incidents"]] == [(living, [gone])]
    assert result["redirected"] == [{"id": gone, "into": living}]
    assert len(result["incidents"][0]["alerts"]) == 6


def test_an_incident_that_was_merged_twice_is_followed_to_the_end(tenant):
    merged(tenant, INCIDENT, OTHER)
    last = merged(tenant, int(read(tenant, id=[OTHER])["incidents"][0]["id"]), 1126001)
    assert {row["into"] for row in read(tenant, id=[INCIDENT, OTHER, 1126001])["redirected"]} == {last}


def test_an_unknown_incident_fails_the_task_and_is_named(tenant):
    with pytest.raises(NotFound, match="there is no incident 7") as missing:
        read(tenant, id=[7, INCIDENT])
    assert missing.value.details["not_found"] == ["7"]
    assert read(tenant, id=[7, INCIDENT], allow_missing=True)["count"] == 1


def test_alerts_of_too_many_are_not_read(tenant):
    with pytest.raises(Refused, match="more than 1 incidents"):
        read(tenant, alerts=True, alerts_max=1)
    assert not tenant.journal(operation="graph_incident.list_alerts")
    with pytest.raises(BadInput, match="alerts_max is 0"):
        read(tenant, alerts=True, alerts_max=0)


def test_alerts_that_cannot_be_read_are_no_empty_list(tenant):
    tenant.faults([{"match": {"operation": "graph_incident.list_alerts", "path": str(INCIDENT)}, "kind": "status", "status": 400, "code": "BadRequest"}])
    with pytest.raises(PartlyFailed, match="alerts of 1 of 1 incidents"):
        read(tenant, id=[INCIDENT], alerts=True)
    result = read(tenant, id=[INCIDENT], alerts=True, allow_incomplete=True)
    assert (result["complete"], result["incidents"][0]["alerts"], result["alerts_failed"][0]["id"]) == (False, None, str(INCIDENT))


def test_without_the_role_nothing_is_asked(tenant):
    with pytest.raises(NoRoles):
        read(tenant, app="feed", id=[INCIDENT])
    assert not tenant.journal(service="graph")
