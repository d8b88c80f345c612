# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: read, changed, commented on, merged."""

from __future__ import annotations

import typing as t

from ..graph_alert import shown
from ..odata import Options
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..shown import InOrder
from ..world import World
from .graph_alerts import found_incident, open_incident
from .graph_lists import context, listing, one

WHAT = "incidents"
TYPE = "GraphIncident"
MAY_BE_NULL = ("assignedTo", "resolvingComment")


def _alerts(world: World, number: int) -> list[Row]:
    """Newest first, as in the list of all."""
    return [shown(world, alert) for alert in reversed(world.incidents.alerts(number))]


def _with_alerts(world: World, row: Row) -> dict[str, t.Any]:
    return {**row, "alerts": [dict(alert) for alert in _alerts(world, int(row["id"]))]}


@behaviour("graph_incident.list")
def list_incidents(world: World, call: Call) -> Reply:
    def finish(row: Row, asked: Options) -> Row:
        return _with_alerts(world, row) if "alerts" in asked.expand else row

    rows = InOrder(world.incidents.newest_first(), world.incidents.get)
    return listing(call, "graph_incident.list", WHAT, rows, finish)


@behaviour("graph_incident.get")
def get_incident(world: World, call: Call) -> Reply:
    """One that was merged stays readable, and says into which."""
    row = world.incidents.get(found_incident(world, call.values["incidentId"]))
    return one(call, WHAT, _with_alerts(world, row) if "$expand" in call.query else row, TYPE)


@behaviour("graph_incident.list_alerts")
def list_alerts(world: World, call: Call) -> Reply:
    id_ = call.values["incidentId"]
    rows = _alerts(world, found_incident(world, id_))
    return listing(call, "graph_incident.list_alerts", f"{WHAT}('{id_}')/alerts", InOrder(rows, lambda row: row))


@behaviour("graph_incident.update")
def update(world: World, call: Call) -> Reply:
    """Tags are replaced as a whole; alerts stay as they are. Only a merge redirects."""
    number = open_incident(world, call.values["incidentId"])
    if any(value is None and name not in MAY_BE_NULL for name, value in call.body.items()) or call.body.get("status") == "redirected":
        raise Problem(400, "BadRequest", "A value is not allowed here.")
    fields = dict(call.body)
    if "assignedTo" in fields:
        fields["assignedTo"] = fields["assignedTo"] or None
    world.incidents.write(number, now=call.now, by=call.app.name, **fields)
    return one(call, WHAT, world.incidents.get(number), TYPE)


@behaviour("graph_incident.add_comment")
def add_comment(world: World, call: Call) -> Reply:
    """Answers with all comments; the same one may be added again and again."""
    id_ = call.values["incidentId"]
    comments = world.incidents.comment(open_incident(world, id_), call.body["comment"], by=call.app.name, now=call.now)
    return Reply(200, {"@odata.context": context(call, f"{WHAT}('{id_}')/comments"), "value": comments})


@behaviour("graph_incident.merge")
def merge(world: World, call: Call) -> Reply:
    numbers = {open_incident(world, id_) for id_ in call.body["incidentIds"]}
    if len(numbers) < 2:
        raise Problem(400, "BadRequest", "A merge takes two incidents or more.")
    target = world.incidents.merge(numbers, now=call.now, by=call.app.name)
    if call.body.get("incidentComment"):
        world.incidents.comment(target, call.body["incidentComment"], now=call.now, by=call.app.name)
    return Reply(200, {"targetIncidentId": str(target)})
