# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An incident is looked at by whoever may, at the service that may be asked, and taken from nobody."""

from __future__ import annotations

import json

import pytest
from unit.playbooks.conftest import rehearsed

INCIDENT = {"triage_incident_id": 1126093}


@pytest.fixture
def by_graph_alone(simulator, tmp_path):
    """The tenant, for an app that has permissions of Microsoft Graph and no others."""
    return rehearsed(simulator, tmp_path, "graph_only")


def report_of(held, **variables):
    path = held.folder / "triage.json"
    status, log = held.play("triage_incident.yml", {**INCIDENT, "triage_report_file": str(path), **variables})
    assert status == 0, log
    return json.loads(path.read_text(encoding="utf-8")), log


def test_an_app_of_graph_alone_is_told_what_it_cannot_see(by_graph_alone):
    report, log = report_of(by_graph_alone)
    assert (report["service"], report["incidents"][0]["id"], report["machines"]) == ("graph", "1126093", [])
    assert [kind for kind in ("machines", "files", "addresses", "domains", "users") if f"{kind} were not looked up, " not in log] == []
    assert by_graph_alone.tenant.journal(service="graph", method="PATCH") == []


def test_an_incident_that_somebody_has_stays_with_them(by_graph_alone):
    taken, _log = report_of(by_graph_alone, triage_owner="lena@contoso.com")
    assert [entry["outcome"] for entry in taken["claim"]["incidents"]] == ["succeeded"]
    left, log = report_of(by_graph_alone, triage_owner="otto@contoso.com", triage_claim="both")
    assert (left["claim"]["incidents"], left["claim"]["alerts"]) == ([], [])
    assert "1126093: left with lena@contoso.com" in log
    assert len(by_graph_alone.tenant.journal(service="graph", method="PATCH")) == 1


def test_what_hunts_have_found_is_in_the_report_and_nothing_there_can_be_clicked(every_action):
    path = every_action.folder / "triage.md"
    hunts = {"triage_hunts": "url_clicked,first_machines", "triage_hunt_rows": 1, "triage_report_file": str(path)}
    status, log = every_action.play("triage_incident.yml", {**INCIDENT, **hunts})
    report = path.read_text(encoding="utf-8")
    assert status == 0 and "2 row(s), the first 1 here" in report and "| lena@contoso.com | hxxp://invoices" in report, log
    assert "http://" not in log + report


def test_an_app_that_only_reads_is_stopped_before_it_takes_anything(under_attack):
    status, log = under_attack.play("triage_incident.yml", {**INCIDENT, "triage_owner": "lena@contoso.com", "triage_service": "defender"})
    assert status == 2
    assert "Grant Alert.ReadWrite.All" in log.replace("\n", "")
    assert under_attack.tenant.journal(service="defender") == []
