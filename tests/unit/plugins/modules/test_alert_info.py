# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts are read whole, and what they are about comes out once each."""

from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadInput,
    NotFound,
    Refused,
    RoleMissing,
    TokenRejected,
)
from simulator.worlds.incident import INCIDENT
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

MAIL = "da638679130511223344_1364969609"
BLOCKED = "da638679149000776655_771020304"


def read(tenant, **options):
    return work(tenant, "alert_info", **options)


def asked(tenant):
    return [row["operation"] for row in tenant.journal(service="defender")]


def unsigned(tenant, roles):
    """A token that says what it must, and that no service would take."""
    claims = {
        "aud": "https://api.securitycenter.microsoft.com", "tid": tenant.tenant_id, "appid": "an-app", "roles": roles,
        "exp": 32_503_680_000, "ver": "1.0",
    }
    parts = ({"alg": "RS256"}, claims, {"not": "a signature"})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


def test_the_alerts_of_an_incident_name_its_machines(tenant):
    result = read(tenant, incident_id=[INCIDENT])
    assert {machine["name"] for machine in result["entities"]["machines"]} == {"fin-07.contoso.com", "hr-03.contoso.com", "files-02.contoso.com"}
    assert all(alert["incidentId"] == INCIDENT for alert in result["alerts"])
    assert (result["complete"], len(asked(tenant))) == (True, 1)


def test_evidence_is_read_only_when_asked_for_and_names_files_addresses_and_urls(tenant):
    assert read(tenant, incident_id=[INCIDENT])["entities"]["files"] == []
    entities = read(tenant, incident_id=[INCIDENT], evidence=True)["entities"]
    assert all(entities[kind] for kind in ("machines", "files", "ips", "urls", "users"))


def test_options_narrow_each_other(tenant):
    result = read(tenant, severity=["High"], category=["Ransomware", "Execution"], status=["New", "InProgress"], created_after="2020-01-01T00:00:00Z")
    assert result["count"] > 0
    assert all(alert["severity"] == "High" and alert["category"] in ("Ransomware", "Execution") for alert in result["alerts"])


def test_alerts_are_read_by_id_with_their_evidence(tenant):
    first, second = (alert["id"] for alert in read(tenant, incident_id=[INCIDENT])["alerts"][:2])
    result = read(tenant, id=[second, first], evidence=True)
    assert [alert["id"] for alert in result["alerts"]] == [second, first]
    assert result["alerts"][0]["evidence"]


def test_an_unknown_alert_fails_the_task_and_is_named(tenant):
    with pytest.raises(NotFound, match="da-unknown"):
        read(tenant, id=["da-unknown"])


def test_a_machine_is_named_by_id_or_by_name(tenant):
    by_name = read(tenant, machine=["fin-07"])
    assert by_name["alerts"] == read(tenant, machine=[machine_id("fin-07")])["alerts"]
    assert {alert["computerDnsName"] for alert in by_name["alerts"]} == {"fin-07.contoso.com"}


def test_an_id_costs_no_look_up(tenant):
    read(tenant, machine=[machine_id("fin-07")])
    assert asked(tenant) == ["machine.list_alerts"]


def test_evidence_of_a_machines_alerts_takes_one_more_call_and_the_other_options_hold(tenant):
    result = read(tenant, machine=[machine_id("fin-07")], evidence=True, severity=["High"])
    assert result["count"] and all(alert["severity"] == "High" and alert["evidence"] for alert in result["alerts"])
    assert asked(tenant) == ["machine.list_alerts", "alert.list"]


def test_an_unknown_machine_is_an_error_and_not_a_clean_bill(tenant):
    with pytest.raises(NotFound, match="no machine is known as nobody-1"):
        read(tenant, machine=["nobody-1"])
    with pytest.raises(NotFound):
        read(tenant, machine=["f" * 40])


def test_a_name_that_means_two_machines_is_refused_with_both(tenant):
    with pytest.raises(BadInput, match="means 2 machines") as failure:
        read(tenant, machine=["mkt-11"])
    assert len(failure.value.details["refused"][0]["candidates"]) == 2


def test_only_a_name_needs_the_role_to_read_machines(tenant):
    token = unsigned(tenant, ["Alert.Read.All"])
    with pytest.raises(RoleMissing, match="Machine.Read.All"):
        read(tenant, app=None, access_token=token, machine=["fin-07"])
    assert asked(tenant) == []
    with pytest.raises(TokenRejected):
        read(tenant, app=None, access_token=token, machine=[machine_id("fin-07")])
    assert asked(tenant) == ["machine.list_alerts"]


def test_a_hostile_filter_value_stays_a_value(tenant):
    assert read(tenant, assigned_to=["x' or severity ne 'y"])["count"] == 0


def test_what_is_tied_to_an_alert_is_read_when_asked_for(tenant):
    [alert] = work(tenant, "alert_info", app="commander", id=[MAIL], related=["files", "ips", "domains", "machine", "user"])["alerts"]
    related = alert["related"]
    assert related["machine"]["id"] == machine_id("fin-07") and related["user"]["accountName"] == "lena"
    assert [related[kind] != [] for kind in ("files", "ips", "domains")] == [True] * 3


def test_an_alert_without_a_user_has_none(tenant):
    result = work(tenant, "alert_info", app="commander", id=[BLOCKED], related=["user"])
    assert (result["alerts"][0]["related"], result["related_failed"], result["complete"]) == ({"user": None}, [], True)


def test_what_is_tied_to_too_many_alerts_is_not_read(tenant):
    with pytest.raises(Refused, match="more than 1 alerts"):
        work(tenant, "alert_info", app="commander", related=["user"], related_max=1)
    assert asked(tenant) == ["alert.list"]


def test_what_is_related_takes_roles_of_its_own(tenant):
    with pytest.raises(RoleMissing, match="File.Read.All"):
        read(tenant, id=[MAIL], related=["files"])
    assert asked(tenant) == []
