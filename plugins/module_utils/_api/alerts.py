# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of the Defender for Endpoint service."""

from __future__ import annotations

from .._operation import PAGE, Field, Operation

ALERT_READ = (("Alert.Read.All", "Alert.ReadWrite.All"),)
ALERT_ID = Field("alert_id", "id", required=True)

LIST = Operation(
    id="alert.list",
    method="GET",
    path="/api/alerts",
    source="get-alerts.md, exposed-apis-odata-samples.md",
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
    roles=ALERT_READ,
    path_fields=(ALERT_ID,),
)

LIST_OF_MACHINE = Operation(
    id="machine.list_alerts",
    method="GET",
    path="/api/machines/{id}/alerts",
    source="get-machine-related-alerts.md, exposed-apis-odata-samples.md",
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=(Field("machine_id", "id", required=True),),
    filterable=("status",),
)
