# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks as a responder runs them."""

from __future__ import annotations

import json
import re

import rehearsal

INCIDENT = {"respond_incident_id": 1126093}
ON_ALERT = {"fin-07.contoso.com", "hr-03.contoso.com", "files-02.contoso.com"}
ISOLATED_BEFORE = {"sales-05.contoso.com"}
STATS = {"ANSIBLE_SHOW_CUSTOM_STATS": "true", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}


def isolated(tenant) -> set[str]:
    """The names of the machines that are cut off, as the tenant knows it."""
    names = {action["machineId"]: action["computerDnsName"] for action in tenant.actions()}
    return {name for machine_id, name in names.items() if tenant.machine(machine_id)["isolated"]}


def handed_on(log: str) -> dict:
    """What set_stats left for the jobs after this one."""
    found = re.search(r"CUSTOM STATS: \*+\n\s*RUN: (\{.*?\n?\})\n*$", log, re.DOTALL)
    assert found is not None, log
    return json.loads(found[1])


def test_those_that_may_be_isolated_are_and_the_rest_is_named(under_attack):
    also = "dc-01.contoso.com, laptop-19"
    status, log = under_attack.play("respond_to_incident.yml", {**INCIDENT, "respond_machines_also": also, "contain_wait_timeout": 6}, environ=STATS)
    assert status == 0, log
    assert isolated(under_attack.tenant) == ON_ALERT | ISOLATED_BEFORE
    assert "dc-01.contoso.com: NOT isolated, refused; its value is High, which is protected" in log
    assert "laptop-19.contoso.com: asked for, NOT YET isolated" in log
    stats = handed_on(log)
    assert len(stats["secops_defender_isolated_ids"]) == 4
    assert len(stats["secops_defender_action_ids"]) == 1
    assert len(under_attack.tenant.journal(service="entra", method="POST")) == 1


def test_check_mode_says_what_would_be_done_and_sends_nothing(under_attack):
    under_attack.tenant.lock()
    status, log = under_attack.play("respond_to_incident.yml", INCIDENT, "--check", "--diff")
    assert status == 0, log
    assert [name for name in ON_ALERT if f"{name}: would be isolated" not in log] == []


def test_a_second_answer_changes_nothing(under_attack):
    assert under_attack.play("respond_to_incident.yml", INCIDENT)[0] == 0
    under_attack.tenant.lock()
    status, log = under_attack.play("respond_to_incident.yml", INCIDENT)
    assert status == 0, log
    assert "changed=0" in log


def test_an_incident_nobody_knows_stops_before_any_machine(under_attack):
    under_attack.tenant.lock()
    status, log = under_attack.play("respond_to_incident.yml", {"respond_incident_id": 1})
    assert status == 2
    assert "Incident 1 has no open alert" in log


def test_an_app_that_may_only_read_is_stopped_before_the_first_call(under_attack):
    rehearsal.lock_away(rehearsal.connection(under_attack.tenant, under_attack.folder, "reader"), under_attack.folder)
    status, log = under_attack.play("respond_to_incident.yml", INCIDENT)
    assert status == 2
    assert "Grant Machine.Isolate" in log.replace("\n", "")
    assert under_attack.tenant.journal(service="defender") == []


def test_a_certificate_does_as_well_as_a_secret(under_attack):
    variables = rehearsal.connection(under_attack.tenant, under_attack.folder)
    del variables["defender_client_secret"]
    variables["defender_certificate_path"] = under_attack.tenant.apps["responder"]["pfx_path"]
    variables["defender_certificate_passphrase"] = under_attack.tenant.apps["responder"]["pfx_passphrase"]
    rehearsal.lock_away(variables, under_attack.folder)
    status, log = under_attack.play("verify_access.yml", {})
    assert status == 0, log


def test_a_vars_file_that_is_not_there_is_said(under_attack):
    status, log = under_attack.play("verify_access.yml", {"defender_vars_file": "tenants/contoso.yml"})
    assert status != 0
    assert "the file 'tenants/contoso.yml'" in log
