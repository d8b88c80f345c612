# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How alerts are read at each of the two services, from one set of options."""

from __future__ import annotations

from .._api import alerts, graph_alerts, incidents, machines
from .._client.errors import NotFound
from .._response import alert_words as words
from . import graph_alerts as at_graph
from .entities import entities
from .filters import BEFORE, SINCE, Filter
from .found import Found, rows_with
from .info import Info, Way
from .machine_words import machines_of_task
from .related import OF_ALERTS
from .two_services import AUTO, Side

SEVERITY = ("UnSpecified", "Informational", "Low", "Medium", "High")
STATUS = ("Unknown", "New", "InProgress", "Resolved")


def _expand(params):
    return ("evidence",) if params["evidence"] else ()


def _of_machines(client, params):
    """The alerts of each machine; that list gives no evidence, so with it they are read once more by their ids."""
    client.require((alerts.LIST_OF_MACHINE, alerts.LIST))
    ids, not_found = machines_of_task(client, params)
    rows = []
    for machine_id in ids:
        try:
            rows += client.list(alerts.LIST_OF_MACHINE, machine_id=machine_id)
        except NotFound:
            if not params["allow_missing"]:
                raise
            not_found[machine_id] = f"there is no machine {machine_id}"
    if params["evidence"]:
        rows = list(rows_with(client, alerts.LIST, "id", [row["id"] for row in rows], expand=_expand(params)))
    return Found(rows, not_found)


_CLASSIC = Info(
    noun="alerts",
    listing=alerts.LIST,
    ways={"machine": Way(_of_machines, operations=(alerts.LIST_OF_MACHINE, machines.LIST, machines.FIND_BY_IP))},
    options={"evidence": {"type": "bool", "default": False}, **OF_ALERTS.options},
    enrich=OF_ALERTS.step,
    operations_of_steps=OF_ALERTS.operations,
    filters=(
        Filter("incident_id", "incidentId", elements="int"),
        Filter("severity", "severity", choices=SEVERITY),
        Filter("status", "status", choices=STATUS),
        Filter("category", "category"),
        Filter("assigned_to", "assignedTo"),
        Filter("detection_source", "detectionSource"),
        Filter("created_after", "alertCreationTime", compare=SINCE),
        Filter("created_before", "alertCreationTime", compare=BEFORE),
        Filter("updated_after", "lastUpdateTime", compare=SINCE),
        Filter("updated_before", "lastUpdateTime", compare=BEFORE),
    ),
    expand=_expand,
    summary=lambda rows: {"entities": entities(rows)},
)
_GRAPH = Info(
    noun="alerts",
    listing=graph_alerts.LIST,
    by_id=Way(at_graph.by_id, operations=(graph_alerts.GET,)),
    ways={"incident_id": Way(at_graph.of_incidents, operations=(incidents.LIST_ALERTS, incidents.GET))},
    also=at_graph.only_ours,
    sift=at_graph.sift,
    filters=(
        Filter("severity", "severity", choices=SEVERITY, spelt=words.GRAPH[words.SEVERITY]),
        Filter("status", "status", choices=STATUS, spelt=words.GRAPH[words.STATUS]),
        Filter("category", "category", sent=False),
        Filter("assigned_to", "assignedTo"),
        Filter("detection_source", "detectionSource", sent=False, spelt=words.DETECTION_SOURCE),
        Filter("created_after", "createdDateTime", compare=SINCE),
        Filter("created_before", "createdDateTime", compare=BEFORE),
        Filter("updated_after", "lastUpdateDateTime", compare=SINCE),
        Filter("updated_before", "lastUpdateDateTime", compare=BEFORE),
    ),
    summary=_CLASSIC.summary,
)


def _needed_of_classic(params):
    return (alerts.LIST,) if params["machine"] is None else (alerts.LIST_OF_MACHINE, alerts.LIST)


def _needed_of_graph(params):
    if params["id"] is not None:
        return (graph_alerts.GET,)
    return (graph_alerts.LIST,) if params["incident_id"] is None else (incidents.LIST_ALERTS, incidents.GET)


def _not_in_classic(params):
    return ["all_products"] if params["all_products"] else []


def _not_in_graph(params):
    """What of the options Graph cannot do, in words."""
    lacks = ["related"] if params["related"] is not None else []
    lacks += [f"machine by the address {word}" for word in at_graph.addresses(params)]
    if params["filter"] is not None and params["service"] == AUTO:
        lacks.append("filter, which is taken to be in the words of Defender for Endpoint unless service says otherwise")
    if params["filter"] is not None and params["incident_id"] is not None:
        lacks.append("filter beside incident_id")
    return lacks


AT_DEFENDER = Side(
    _CLASSIC.work, operations=_CLASSIC.operations, operations_for=_CLASSIC.operations_for, needs=_needed_of_classic, lacks=_not_in_classic,
)
AT_GRAPH = Side(
    _GRAPH.work, operations=(graph_alerts.LIST, graph_alerts.GET, incidents.LIST_ALERTS, incidents.GET), needs=_needed_of_graph, lacks=_not_in_graph,
)
OPTIONS = {**_CLASSIC.argument_spec, "all_products": {"type": "bool", "default": False}}
RULES = _CLASSIC.rules
