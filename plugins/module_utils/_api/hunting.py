# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunting: one query of a person's own, on Microsoft Graph or, until its end, on the Defender for Endpoint service."""

from __future__ import annotations

import datetime

from .._operation import GRAPH, Field, Operation, Rate

QUERY = Field("query", "Query", required=True)

MOST_ROWS = 100_000
"""In one answer (run-advanced-query-api.md); an answer of so many rows may have been cut, and nothing in it says so."""
DAYS_KEPT = 30
"""How far the data of Defender goes back."""

LONGEST_QUERY = 240
"""Seconds: the service gives a query up after 180 or 200, and has to say so."""

_LESS = "Ask for less: fewer queries, a shorter time, fewer tables; or raise retry_time to wait"
_QUOTA = f"Calls are counted by the minute, the time that queries run by the quarter of an hour, both for the whole tenant. {_LESS}"
_CLASSIC_QUOTA = f"For the whole tenant there are 45 calls a minute, and 10 minutes an hour and 3 hours a day for queries to run. {_LESS}"
OTHER_CODE = "429"
"""Seen as code: the number in place of the word."""

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
    hints=(("TooManyRequests", _QUOTA), (OTHER_CODE, _QUOTA)),
    thinks=LONGEST_QUERY,
)

MDE_RUN = Operation(
    id="hunting.mde_run",
    method="POST",
    path="/api/advancedqueries/run",
    source="run-advanced-query-api.md",
    roles=(("AdvancedQuery.Read.All",),),
    body_fields=(QUERY,),
    rate=Rate(per_minute=45, per_hour=1500),
    hints=(("TooManyRequests", _CLASSIC_QUOTA), (OTHER_CODE, _CLASSIC_QUOTA)),
    thinks=LONGEST_QUERY,
    ends=datetime.date(2027, 2, 1),
    replacement=GRAPH_RUN.id,
    instead="Set service to graph, and grant the app ThreatHunting.Read.All of Microsoft Graph",
)
