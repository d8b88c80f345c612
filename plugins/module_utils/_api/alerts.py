# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of the Defender for Endpoint service."""

from __future__ import annotations

from .._operation import NONE, PAGE, WRITE, Field, Operation, Rate
from .record_kinds import ALERT

ALERT_READ = (("Alert.Read.All", "Alert.ReadWrite.All"),)
ALERT_WRITE = (("Alert.ReadWrite.All",),)
ALERT_ID = Field("alert_id", "id", required=True)

CATEGORIES = (
    "General", "CommandAndControl", "Collection", "CredentialAccess", "DefenseEvasion", "Discovery", "Exfiltration", "Exploit", "Execution",
    "InitialAccess", "LateralMovement", "Malware", "Persistence", "PrivilegeEscalation", "Ransomware", "SuspiciousActivity",
)
STATUS_TO_SET = ("New", "InProgress", "Resolved")
DETERMINATIONS = {
    "TruePositive": ("MultiStagedAttack", "MaliciousUserActivity", "CompromisedUser", "Malware", "Phishing", "UnwantedSoftware", "Other"),
    "InformationalExpectedActivity": ("SecurityTesting", "LineOfBusinessApplication", "ConfirmedActivity", "Other"),
    "FalsePositive": ("NotMalicious", "InsufficientData", "Other"),
}
"""Classification -> what may stand beside it (update-alert.md)."""
OTHER_SPELLINGS = {"ConfirmedActivity": "ConfirmedUserActivity", "NotMalicious": "Clean"}
"""What update-alert.md calls a determination -> what alerts.md and batch-update-alerts.md call it."""
DETERMINATION_TO_SET = tuple(dict.fromkeys(word for words in DETERMINATIONS.values() for word in words))

LIST = Operation(
    id="alert.list",
    method="GET",
    path="/api/alerts",
    source="get-alerts.md, exposed-apis-odata-samples.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    page_size=10_000,
    # InvestigationId is spelt with a capital here and investigationId in the answer (get-alerts.md).
    filterable=(
        "alertCreationTime", "lastUpdateTime", "incidentId", "InvestigationId", "id", "assignedTo",
        "detectionSource", "lastEventTime", "status", "severity", "category",
    ),
    expandable=("evidence",),
)

GET = Operation(
    id="alert.get",
    method="GET",
    path="/api/alerts/{id}",
    source="get-alert-info-by-id.md, alerts.md",
    record=ALERT,
    roles=ALERT_READ,
    path_fields=(ALERT_ID,),
)

LIST_OF_MACHINE = Operation(
    id="machine.list_alerts",
    method="GET",
    path="/api/machines/{id}/alerts",
    source="get-machine-related-alerts.md, exposed-apis-odata-samples.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=(Field("machine_id", "id", required=True),),
    filterable=("status",),
)

UPDATE = Operation(
    id="alert.update",
    method="PATCH",
    path="/api/alerts/{id}",
    source="update-alert.md",
    record=ALERT,
    roles=ALERT_WRITE,
    effect=WRITE,
    path_fields=(ALERT_ID,),
    # The table of the page begins these names with capitals, its example does not, and letter case matters.
    body_fields=(
        Field("status", "status", choices=STATUS_TO_SET),
        Field("assigned_to", "assignedTo"),
        Field("classification", "classification", choices=tuple(DETERMINATIONS)),
        Field("determination", "determination", choices=DETERMINATION_TO_SET),
        Field("comment", "comment"),
    ),
)

BATCH_UPDATE = Operation(
    id="alert.batch_update",
    method="POST",
    path="/api/alerts/batchUpdate",
    source="batch-update-alerts.md",
    roles=ALERT_WRITE,
    effect=WRITE,
    reply=NONE,
    body_fields=(
        Field("alert_ids", "alertIds", type="list", required=True),
        Field("status", "status", choices=STATUS_TO_SET),
        Field("assigned_to", "assignedTo"),
        Field("classification", "classification", choices=tuple(DETERMINATIONS)),
        Field("determination", "determination", choices=tuple(OTHER_SPELLINGS.get(word, word) for word in DETERMINATION_TO_SET)),
        Field("comment", "comment"),
    ),
    rate=Rate(per_minute=10, per_hour=500),
    # The page does not tell the maximum.
    hints=(("MaximumBatchSizeExceeded", "Set batch_size to the number that the message names"),),
)

CREATE_BY_REFERENCE = Operation(
    id="alert.create_by_reference",
    method="POST",
    path="/api/alerts/CreateAlertByReference",
    source="create-alert-by-reference.md",
    record=ALERT,
    roles=ALERT_WRITE,
    effect=WRITE,
    body_fields=(
        Field("event_time", "eventTime", type="instant", required=True),
        Field("report_id", "reportId", required=True),
        Field("machine_id", "machineId", required=True),
        Field("severity", "severity", required=True, choices=("Low", "Medium", "High")),
        Field("title", "title", required=True),
        Field("description", "description", required=True),
        Field("recommended_action", "recommendedAction", required=True),
        Field("category", "category", required=True, choices=CATEGORIES),
    ),
    rate=Rate(per_minute=15, per_hour=None),
    hints=(("ResourceNotFound", "Give ReportId, Timestamp and DeviceId of one row of a hunting query, the time with all its digits"),),
)
