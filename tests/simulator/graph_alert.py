# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An alert as Graph shows it (MdeAlertToGraphMap of the reference)."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .contract import types
from .graph_evidence import evidence
from .graph_words import to_graph
from .incidents import PORTAL
from .rows import Row
from .shown import Shown
from .world import World

ENDPOINT = "microsoftDefenderForEndpoint"
PRODUCTS = {ENDPOINT: "Microsoft Defender for Endpoint", "microsoftSentinel": "Microsoft Sentinel"}


def shown(world: World, alert: Row) -> Row:
    return Shown(FIELDS, world, alert)


def _same(name: str) -> Callable[[World, Row], t.Any]:
    return lambda _world, alert: alert[name]


def _word(name: str) -> Callable[[World, Row], str]:
    return lambda _world, alert: to_graph(name, alert[name])


def _always(value: t.Any) -> Callable[[World, Row], t.Any]:
    return lambda _world, _alert: value


def _detection_source(_world: World, alert: Row) -> str:
    facts = types()["GraphAlert"]["fields"]["detectionSource"]
    word = to_graph("detectionSource", alert["detectionSource"])
    return word if word in (*facts["choices"], *facts["choices_when_asked"]) else "unknown"


def _service(_world: World, alert: Row) -> str:
    return alert.get("serviceSource", ENDPOINT)


def comments(alert: Row) -> list[dict[str, t.Any]]:
    return [
        {"comment": one["comment"], "createdByDisplayName": one["createdBy"], "createdDateTime": one["createdTime"]} for one in alert["comments"]
    ]


def _incident_url(world: World, alert: Row) -> str | None:
    return alert["incidentId"] and f"{PORTAL}/incidents/{alert['incidentId']}?tid={world.tenant_id}"


FIELDS: dict[str, Callable[[World, Row], t.Any]] = {
    "@odata.type": _always("#microsoft.graph.security.alert"),
    "id": _same("id"),
    "providerAlertId": _same("id"),
    "incidentId": lambda _world, alert: alert["incidentId"] and str(alert["incidentId"]),
    "status": _word("status"),
    "severity": _word("severity"),
    "classification": _word("classification"),
    "determination": _word("determination"),
    "serviceSource": _service,
    "detectionSource": _detection_source,
    "detectorId": _same("detectorId"),
    "productName": lambda world, alert: PRODUCTS[_service(world, alert)],
    "tenantId": _same("aadTenantId"),
    "title": _same("title"),
    "description": _same("description"),
    "recommendedActions": _always(None),
    "category": _same("category"),
    "categories": lambda _world, alert: [alert["category"]],
    "assignedTo": _same("assignedTo"),
    "alertWebUrl": lambda world, alert: f"{PORTAL}/alerts/{alert['id']}?tid={world.tenant_id}",
    "incidentWebUrl": _incident_url,
    "actorDisplayName": _always(None),
    "threatDisplayName": _same("threatName"),
    "threatFamilyName": _same("threatFamilyName"),
    "mitreTechniques": _same("mitreTechniques"),
    "createdDateTime": _same("alertCreationTime"),
    "lastUpdateDateTime": _same("lastUpdateTime"),
    "resolvedDateTime": _same("resolvedTime"),
    "firstActivityDateTime": _same("firstEventTime"),
    "lastActivityDateTime": _same("lastEventTime"),
    "comments": lambda _world, alert: comments(alert),
    "evidence": evidence,
    "systemTags": _always([]),
    "alertPolicyId": _always(None),
    "investigationState": _word("investigationState"),
    "additionalData": _always(None),
    "customDetails": lambda world, alert: world.custom_details.get(alert["id"]),
}
