# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts come to what is wanted in few calls, from nobody's hands, and the same is not sent again."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound, PartlyFailed, Refused, RoleMissing
from unit.plugins.modules.playing import work

MAIL = "da638679130511223344_1364969609"
LSASS = "da638679135900112233_-812345678"
MOVED = "da638679146677889900_-22019384"
ANALYSTS = "da638679149000776655_771020304"
"""The one that analyst@contoso.com has."""
LENA = "lena@contoso.com"


def change(tenant, *ids, **options):
    return work(tenant, "alert", app="commander", id=list(ids), **options)


def read(tenant, *ids) -> list[dict]:
    return work(tenant, "alert_info", id=list(ids))["alerts"]


def writes(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["method"] != "GET"]


def test_one_alert_is_changed_and_the_same_is_not_sent_again(tenant):
    wanted = {"status": "Resolved", "classification": "TruePositive", "determination": "Malware", "comment": "cleaned", "assigned_to": LENA}
    assert change(tenant, MAIL, **wanted)["changed"]
    [alert] = read(tenant, MAIL)
    assert [alert[name] for name in ("status", "classification", "determination", "assignedTo")] == ["Resolved", "TruePositive", "Malware", LENA]
    assert [comment["comment"] for comment in alert["comments"]] == ["cleaned"]
    again = change(tenant, MAIL, **wanted)
    assert not again["changed"] and again["alerts"][0]["outcome"] == "unchanged"
    assert [row["operation"] for row in writes(tenant)] == ["alert.update"]


def test_many_that_lack_the_same_are_changed_in_one_call(tenant):
    result = change(tenant, MAIL, LSASS, MOVED, status="InProgress", assigned_to=LENA)
    assert [entry["outcome"] for entry in result["alerts"]] == ["succeeded"] * 3
    assert [row["operation"] for row in writes(tenant)] == ["alert.batch_update"]
    assert {alert["assignedTo"] for alert in read(tenant, MAIL, LSASS, MOVED)} == {LENA}


def test_each_is_sent_only_what_it_lacks(tenant):
    result = change(tenant, MAIL, ANALYSTS, status="InProgress", comment="on it")
    assert [row["body"] for row in writes(tenant)] == [{"status": "InProgress", "comment": "on it"}, {"comment": "on it"}]
    assert result["diff"]["before"] == {MAIL: {"status": "New", "comment": None}, ANALYSTS: {"comment": None}}


@pytest.mark.parametrize("determination, classification", [("NotMalicious", "FalsePositive"), ("ConfirmedActivity", "InformationalExpectedActivity")])
def test_either_spelling_of_a_determination_is_the_same(tenant, determination, classification):
    wanted = {"classification": classification, "determination": determination}
    assert change(tenant, MAIL, LSASS, **wanted)["changed"]
    assert not change(tenant, MAIL, LSASS, **wanted)["changed"]


def test_an_alert_is_not_taken_from_a_person(tenant):
    with pytest.raises(Refused, match="taken already, by analyst@contoso.com") as refused:
        change(tenant, MAIL, ANALYSTS, assigned_to=LENA)
    assert refused.value.details["taken"] == [{"id": ANALYSTS, "assigned_to": "analyst@contoso.com"}]
    assert not writes(tenant)
    assert change(tenant, MAIL, ANALYSTS, assigned_to=LENA, take_over=True)["changed"]


def test_who_has_it_already_is_recognised_in_any_case(tenant):
    assert not change(tenant, ANALYSTS, assigned_to="Analyst@Contoso.com")["changed"]


def test_a_pair_that_is_not_legal_is_refused_before_anything_is_asked(tenant):
    with pytest.raises(BadInput, match="Malware does not go with the classification FalsePositive"):
        change(tenant, MAIL, classification="FalsePositive", determination="Malware")
    with pytest.raises(BadInput, match="comment is empty"):
        change(tenant, MAIL, comment="  ")
    with pytest.raises(BadInput, match="batch_size is 0"):
        change(tenant, MAIL, status="New", batch_size=0)
    assert not tenant.journal(service="defender")


def test_check_mode_tells_what_the_run_does(tenant):
    tenant.lock()
    foretold = work(tenant, "alert", app="commander", dry=True, id=[MAIL, LSASS], status="Resolved", comment="closed")
    tenant.lock(False)
    done = change(tenant, MAIL, LSASS, status="Resolved", comment="closed")
    assert foretold["changed"] and foretold["diff"] == done["diff"]
    assert {entry["outcome"] for entry in foretold["alerts"]} == {"planned"}


def test_an_alert_that_is_not_there_stops_the_task_unless_told(tenant):
    with pytest.raises(NotFound) as missing:
        change(tenant, MAIL, "da1_1", status="Resolved")
    assert missing.value.details["not_found"] == ["da1_1"] and not writes(tenant)
    assert change(tenant, MAIL, "da1_1", status="Resolved", allow_missing=True)["not_found"] == ["da1_1"]


@pytest.mark.parametrize("ids", [(MAIL,), (MAIL, LSASS)])
def test_a_comment_whose_answer_is_lost_is_looked_up_and_not_made_twice(tenant, ids):
    tenant.faults([{"match": {"method": "PATCH" if len(ids) == 1 else "POST", "service": "defender"}, "times": 1, "kind": "drop_after"}])
    assert change(tenant, *ids, comment="seen")["changed"]
    assert all(len(alert["comments"]) == 1 for alert in read(tenant, *ids))


def test_too_many_at_once_are_told_with_the_setting_that_mends_it(tenant):
    tenant.settings(alerts_a_batch=2)
    with pytest.raises(PartlyFailed) as failed:
        change(tenant, MAIL, LSASS, MOVED, status="InProgress")
    assert "batch_size" in failed.value.details["alerts"][0]["reason"]
    assert change(tenant, MAIL, LSASS, MOVED, status="InProgress", batch_size=2)["changed"]


def test_one_that_fails_does_not_stop_the_others(tenant):
    tenant.faults([{"match": {"operation": "alert.update", "path": MAIL}, "kind": "status", "status": 400, "code": "InvalidRequestBody"}])
    with pytest.raises(PartlyFailed) as failed:
        change(tenant, MAIL, ANALYSTS, status="New", comment="x", take_over=True)
    assert [entry["outcome"] for entry in failed.value.details["alerts"]] == ["failed", "succeeded"]
    assert failed.value.details["changed"]


def test_what_the_service_took_and_does_not_show_is_a_failure(tenant):
    tenant.faults([{"match": {"operation": "alert.batch_update"}, "times": 1, "kind": "status", "status": 200, "body": {}}])
    with pytest.raises(PartlyFailed, match="2 failed") as failed:
        change(tenant, MAIL, LSASS, status="Resolved")
    assert failed.value.details["alerts"][0]["reason"] == "the service took it, and shows another status"


def test_without_the_role_nothing_is_asked(tenant):
    with pytest.raises(RoleMissing, match="Alert.ReadWrite.All"):
        work(tenant, "alert", id=[MAIL], status="Resolved")
    assert not tenant.journal(service="defender")


def test_a_classification_that_does_not_go_with_what_is_there_is_refused_before_anything_is_sent(tenant):
    change(tenant, MAIL, classification="FalsePositive", determination="NotMalicious")
    sent = len(writes(tenant))
    for service in ("defender", "graph"):
        with pytest.raises(BadInput, match=f"1 alert\\(s\\) have .* does not go with the classification TruePositive, first {MAIL} with NotMalicious"):
            change(tenant, MAIL, LSASS, service=service, classification="TruePositive")
    assert not change(tenant, MAIL, classification="FalsePositive")["changed"] and len(writes(tenant)) == sent
    assert change(tenant, MAIL, classification="TruePositive", determination="Malware")["changed"]


def test_an_empty_id_is_named(tenant):
    with pytest.raises(BadInput, match="id holds an empty text"):
        change(tenant, " ", status="Resolved")
