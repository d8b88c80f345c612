# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of Microsoft Graph: alerts that belong together."""

from __future__ import annotations

from .._operation import GRAPH, NO_RATE_GIVEN, PAGE, WRITE, Field, Operation
from .graph_alerts import ALL_MEMBERS, CLASSIFICATIONS, COMMENT, DETERMINATIONS
from .record_kinds import GRAPH_ALERT, INCIDENT

INCIDENT_READ = (("SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All"),)
INCIDENT_WRITE = (("SecurityIncident.ReadWrite.All",),)
INCIDENT_ID = Field("incident_id", "incidentId", required=True)

# The service sets redirected itself, when incidents are merged.
STATUS_TO_SET = ("active", "inProgress", "resolved", "redirected")
SEVERITIES = ("unknown", "informational", "low", "medium", "high")

LIST = Operation(
    id="graph_incident.list",
    method="GET",
    path="/v1.0/security/incidents",
    source="security-list-incidents.md",
    service=GRAPH,
    record=INCIDENT,
    headers=ALL_MEMBERS,
    roles=INCIDENT_READ,
    reply=PAGE,
    page_size=50,
    filterable=("assignedTo", "classification", "createdDateTime", "determination", "lastUpdateDateTime", "severity", "status"),
    expandable=("alerts",),
    rate=NO_RATE_GIVEN,
)

GET = Operation(
    id="graph_incident.get",
    method="GET",
    path="/v1.0/security/incidents/{incidentId}",
    source="security-incident-get.md",
    service=GRAPH,
    record=INCIDENT,
    headers=ALL_MEMBERS,
    roles=INCIDENT_READ,
    path_fields=(INCIDENT_ID,),
    query_fields=(Field("expand", "$expand", choices=("alerts",)),),
    rate=NO_RATE_GIVEN,
)

UPDATE = Operation(
    id="graph_incident.update",
    method="PATCH",
    path="/v1.0/security/incidents/{incidentId}",
    source="security-incident-update.md",
    service=GRAPH,
    record=INCIDENT,
    headers=ALL_MEMBERS,
    roles=INCIDENT_WRITE,
    effect=WRITE,
    path_fields=(INCIDENT_ID,),
    body_fields=(
        Field("assigned_to", "assignedTo"),
        Field("classification", "classification", choices=CLASSIFICATIONS),
        # All that the incident shall have: the list takes the place of the one before.
        Field("tags", "customTags", type="list"),
        Field("description", "description"),
        Field("determination", "determination", choices=DETERMINATIONS),
        Field("name", "displayName"),
        Field("severity", "severity", choices=SEVERITIES),
        Field("resolving_comment", "resolvingComment"),
        Field("status", "status", choices=STATUS_TO_SET),
        Field("summary", "summary"),
    ),
    rate=NO_RATE_GIVEN,
)

ADD_COMMENT = Operation(
    id="graph_incident.add_comment",
    method="POST",
    path="/v1.0/security/incidents/{incidentId}/comments",
    source="security-incident-post-comments.md",
    service=GRAPH,
    roles=INCIDENT_WRITE,
    effect=WRITE,
    reply=PAGE,
    path_fields=(INCIDENT_ID,),
    body_fields=COMMENT,
    rate=NO_RATE_GIVEN,
)

LIST_ALERTS = Operation(
    id="graph_incident.list_alerts",
    method="GET",
    path="/v1.0/security/incidents/{incidentId}/alerts",
    source="SDK 1.65 request builders",
    service=GRAPH,
    record=GRAPH_ALERT,
    headers=ALL_MEMBERS,
    # Whether the roles for alerts are needed too is not documented.
    roles=INCIDENT_READ,
    reply=PAGE,
    path_fields=(INCIDENT_ID,),
    rate=NO_RATE_GIVEN,
)

MERGE = Operation(
    id="graph_incident.merge",
    method="POST",
    path="/v1.0/security/incidents/mergeIncidents",
    source="security-incident-mergeincidents.md",
    service=GRAPH,
    roles=INCIDENT_WRITE,
    effect=WRITE,
    body_fields=(
        Field("incident_ids", "incidentIds", type="list", required=True),
        Field("comment", "incidentComment"),
        # Several stand in one text, with commas between.
        Field("reasons", "mergeReasons"),
    ),
    rate=NO_RATE_GIVEN,
)
