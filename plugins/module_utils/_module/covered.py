# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written by modules of ours, which look before they write: by operation, the module to use."""

from __future__ import annotations

MODULES = {
    "alert": ("alert.update", "alert.batch_update", "graph_alert.update", "graph_alert.add_comment", "graph_alert.move"),
    "alert_create": ("alert.create_by_reference",),
    "app_credential": (
        "application.add_password", "application.remove_password", "application.create_federated_credential",
        "application.update_federated_credential", "application.delete_federated_credential",
    ),
    "app_registration": (
        "application.create", "application.update", "application.delete", "application.restore", "application.add_owner", "service_principal.create",
        "service_principal.create_app_role_assigned_to", "service_principal.delete_app_role_assigned_to",
    ),
    "incident": ("graph_incident.update", "graph_incident.add_comment", "graph_incident.merge"),
    "indicator": ("indicator.submit", "indicator.delete"),
    "indicators": ("indicator.import", "indicator.batch_delete"),
    "library_file": ("library_file.upload", "library_file.delete"),
    "machine_action": ("machine_action.cancel",),
    "machine_app_restriction": ("machine.restrict_code_execution", "machine.unrestrict_code_execution"),
    "machine_evidence": ("machine.collect_investigation_package",),
    "machine_file_quarantine": ("machine.stop_and_quarantine_file",),
    "machine_isolation": ("machine.isolate", "machine.unisolate"),
    "machine_live_response": ("machine.run_live_response",),
    "machine_offboard": ("machine.offboard",),
    "machine_scan": ("machine.run_antivirus_scan",),
    "machine_tags": ("machine.tag", "machine.tag_multiple", "machine.update"),
    "machine_value": ("machine.set_device_value",),
}

COVERED = {operation: module for module, operations in MODULES.items() for operation in operations}
