# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of Microsoft Graph, those of Defender for Endpoint among them."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, PAGE, WRITE, Field, Operation, Rate
from .record_kinds import GRAPH_ALERT

ALERT_READ = (("SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"),)
ALERT_WRITE = (("SecurityAlert.ReadWrite.All",),)
ALERT_ID = Field("alert_id", "alertId", required=True)

ALL_MEMBERS = (("Prefer", "include-unknown-enum-members"),)
"""Without it younger words, such as the names of some products, come as unknownFutureValue (Graph best practices page)."""
STATUS_TO_SET = ("new", "inProgress", "resolved")
CLASSIFICATIONS = ("unknown", "falsePositive", "truePositive", "informationalExpectedActivity")
# The update page prints compromisedUser, clean, insufficientData and confirmedUserActivity; the metadata has these.
DETERMINATIONS = (
    "unknown", "apt", "malware", "securityPersonnel", "securityTesting", "unwantedSoftware", "other", "multiStagedAttack",
    "compromisedAccount", "phishing", "maliciousUserActivity", "notMalicious", "notEnoughDataToValidate", "confirmedActivity",
    "lineOfBusinessApplication",
)
COMMENT_TYPE = "microsoft.graph.security.alertComment"
"""What the type of every comment has to say, on alerts and on incidents."""
COMMENT = (Field("odata_type", "@odata.type", required=True, choices=(COMMENT_TYPE,)), Field("comment", "comment", required=True))

LIST = Operation(
    id="graph_alert.list",
    method="GET",
    path="/v1.0/security/alerts_v2",
    source="security-list-alerts_v2.md, security-error-codes.md",
    service=GRAPH,
    record=GRAPH_ALERT,
    headers=ALL_MEMBERS,
    roles=ALERT_READ,
    reply=PAGE,
    page_size=1000,
    filterable=(
        "assignedTo", "classification", "determination", "createdDateTime", "lastUpdateDateTime", "severity", "serviceSource", "status",
    ),
    rate=Rate(per_minute=150, per_hour=None),
)

GET = Operation(
    id="graph_alert.get",
    method="GET",
    path="/v1.0/security/alerts_v2/{alertId}",
    source="security-alert-get.md",
    service=GRAPH,
    record=GRAPH_ALERT,
    headers=ALL_MEMBERS,
    roles=ALERT_READ,
    path_fields=(ALERT_ID,),
    rate=NO_RATE_GIVEN,
)

UPDATE = Operation(
    id="graph_alert.update",
    method="PATCH",
    path="/v1.0/security/alerts_v2/{alertId}",
    source="security-alert-update.md",
    service=GRAPH,
    record=GRAPH_ALERT,
    headers=ALL_MEMBERS,
    roles=ALERT_WRITE,
    effect=WRITE,
    path_fields=(ALERT_ID,),
    body_fields=(
        Field("status", "status", choices=STATUS_TO_SET),
        Field("classification", "classification", choices=CLASSIFICATIONS),
        Field("determination", "determination", choices=DETERMINATIONS),
        Field("assigned_to", "assignedTo"),
        Field("custom_details", "customDetails", type="object"),
    ),
    rate=NO_RATE_GIVEN,
)

ADD_COMMENT = Operation(
    id="graph_alert.add_comment",
    method="POST",
    path="/v1.0/security/alerts_v2/{alertId}/comments",
    source="security-alert-post-comments.md",
    service=GRAPH,
    roles=ALERT_WRITE,
    effect=WRITE,
    reply=PAGE,
    path_fields=(ALERT_ID,),
    body_fields=COMMENT,
    rate=NO_RATE_GIVEN,
)

MOVE = Operation(
    id="graph_alert.move",
    method="POST",
    path="/v1.0/security/alerts_v2/moveAlerts",
    source="security-alert-movealerts.md",
    service=GRAPH,
    roles=ALERT_WRITE,
    effect=WRITE,
    body_fields=(
        Field("alert_ids", "alertIds", type="list", required=True),
        # Without one, the alerts come into an incident of their own.
        Field("incident_id", "incidentId"),
        Field("comment", "alertComment"),
        # Several stand in one text, with commas between.
        Field("reasons", "newCorrelationReasons"),
    ),
    rate=NO_RATE_GIVEN,
)
