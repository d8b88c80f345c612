# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunting: one query of a person's own, on Microsoft Graph or, until its end, on the Defender for Endpoint service."""

from __future__ import annotations

import datetime

from .._operation import GRAPH, Field, Operation, Rate

QUERY = Field("query", "Query", required=True)

GRAPH_RUN = Operation(
    id="hunting.graph_run",
    method="POST",
    path="/v1.0/security/runHuntingQuery",
    source="security-security-runhuntingquery.md, security-api-overview.md",
    service=GRAPH,
    roles=(("ThreatHunting.Read.All",),),
    body_fields=(QUERY, Field("timespan", "Timespan"), Field("workspace_id", "workspaceId")),
    # At least so many; the tenant's size may allow more.
    rate=Rate(per_minute=45, per_hour=None),
)

MDE_RUN = Operation(
    id="hunting.mde_run",
    method="POST",
    path="/api/advancedqueries/run",
    source="run-advanced-query-api.md",
    roles=(("AdvancedQuery.Read.All",),),
    body_fields=(QUERY,),
    rate=Rate(per_minute=45, per_hour=1500),
    ends=datetime.date(2027, 2, 1),
    replacement=GRAPH_RUN.id,
    instead="Set service to graph, and grant the app ThreatHunting.Read.All of Microsoft Graph",
)
