# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that are told from a playbook are those that its run uses."""

from __future__ import annotations

from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from ansible_collections.secops.defender.plugins.module_utils._module.needs import without_implied
from ansible_collections.secops.defender.plugins.module_utils._operation import roles_needed
from unit.plugins.lookup.test_lookups import look_up

INCIDENT = {"respond_incident_id": 1126093}


def used(tenant):
    """The groups of roles of all that was asked of Defender for Endpoint."""
    asked = {row["operation"] for row in tenant.journal(service="defender")}
    return set(without_implied(roles_needed(operation for operation in every_operation() if operation.id in asked)))


def told(playbook, **options):
    (report,) = look_up("playbook_roles", [f"secops.defender.{playbook}"], **options)
    assert report["graph"] == []
    return {tuple(group) for group in report["defender"]}


def test_an_incident_uses_what_was_told(under_attack):
    status, log = under_attack.play("respond_to_incident.yml", INCIDENT)
    assert status == 0, log
    assert used(under_attack.tenant) == told("respond_to_incident", as_written=True)


def test_an_incident_with_evidence_uses_all_that_was_told(every_action):
    variables = {
        **INCIDENT, "respond_collect": True, "collect_evidence_dest": str(every_action.folder / "evidence"),
        "collect_evidence_commands": [{"run_script": "autoruns.ps1"}],
    }
    every_action.play("respond_to_incident.yml", variables)
    assert used(every_action.tenant) == told("respond_to_incident")

