# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles that are told from a playbook are those that its run uses."""

from __future__ import annotations

from pathlib import Path

import rehearsal
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation
from ansible_collections.secops.defender.plugins.module_utils._module.needs import without_implied
from ansible_collections.secops.defender.plugins.module_utils._operation import roles_needed
from unit.plugins.lookup.test_lookups import look_up

TWO = Path(__file__).parent / "files" / "two_identities.yml"
INCIDENT = {"respond_incident_id": 1126093}


def used(tenant, app=None):
    """The groups of roles of all that was asked of Defender for Endpoint, or that one app asked."""
    asked = {row["operation"] for row in tenant.journal(service="defender") if app is None or row["app_id"] == tenant.apps[app]["client_id"]}
    return set(without_implied(roles_needed(operation for operation in every_operation() if operation.id in asked)))


def told(playbook, **options):
    (report,) = look_up("playbook_roles", [f"secops.defender.{playbook}"], **options)
    assert report["graph"] == []
    return grouped(report)


def grouped(report):
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


def test_an_identity_that_looks_and_one_that_acts_use_what_was_told_of_each(under_attack):
    variables = rehearsal.connection(under_attack.tenant, under_attack.folder)
    shared = {name.removeprefix("defender_"): value for name, value in variables.items() if name not in ("defender_ledger", "defender_client_secret")}
    identities = {app: {**shared, **{name: under_attack.tenant.apps[app][name] for name in ("client_id", "client_secret")}} for app in ("reader", "responder")}
    rehearsal.lock_away(identities, under_attack.folder)
    status, log = under_attack.play(str(TWO), {}, "-e", f"@{under_attack.folder / 'defender.yml'}")
    assert status == 0, log
    (report,) = look_up("playbook_roles", [str(TWO)])
    assert (used(under_attack.tenant, "reader"), used(under_attack.tenant, "responder")) == (grouped(report["read"]), grouped(report["act"]))
