# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts of Graph, which are those of Defender for Endpoint and of other products: read, changed, commented on, moved."""

from __future__ import annotations

from ..alert_writes import commented, written
from ..graph_alert import comments, shown
from ..graph_words import to_defender
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..shown import InOrder
from ..world import World
from .graph_lists import context, listing, one

WHAT = "alerts_v2"
TYPE = "GraphAlert"
WORDS = ("status", "classification", "determination")


def found_alert(world: World, id_: str) -> Row:
    alert = world.all_alerts.get(id_)
    if alert is None:
        raise Problem(404, "NotFound", f"Alert {id_} was not found")
    return alert


@behaviour("graph_alert.list")
def list_alerts(world: World, call: Call) -> Reply:
    """Newest first (reference: graph_alert.list)."""
    rows = InOrder(world.all_alerts.newest_first(), lambda id_: shown(world, found_alert(world, id_)))
    return listing(call, "graph_alert.list", WHAT, rows)


@behaviour("graph_alert.get")
def get_alert(world: World, call: Call) -> Reply:
    return one(call, WHAT, shown(world, found_alert(world, call.values["alertId"])), TYPE)


@behaviour("graph_alert.update")
def update(world: World, call: Call) -> Reply:
    """What is left out stays. No page tells that pairs of classification and determination are judged here."""
    id_ = found_alert(world, call.values["alertId"])["id"]
    if any(call.body.get(name, "") is None for name in WORDS):
        raise Problem(400, "BadRequest", "A value of null is not allowed here.")
    fields = {name: to_defender(name, call.body[name]) for name in WORDS if name in call.body}
    if "assignedTo" in call.body:
        fields["assignedTo"] = call.body["assignedTo"] or None
    if "customDetails" in call.body:
        world.custom_details[id_] = call.body["customDetails"]
    return one(call, WHAT, shown(world, written(world, id_, fields, now=call.now)), TYPE)


@behaviour("graph_alert.add_comment")
def add_comment(world: World, call: Call) -> Reply:
    """Answers with all comments; the same one may be added again and again."""
    id_ = found_alert(world, call.values["alertId"])["id"]
    alert = commented(world, id_, call.body["comment"], by=call.app.name, now=call.now)
    return Reply(200, {"@odata.context": context(call, f"{WHAT}('{id_}')/comments"), "value": comments(alert)})


@behaviour("graph_alert.move")
def move(world: World, call: Call) -> Reply:
    ids = [found_alert(world, id_)["id"] for id_ in dict.fromkeys(call.body["alertIds"])]
    wanted = call.body.get("incidentId")
    number = None if wanted is None else open_incident(world, wanted)
    target = world.incidents.move(ids, number, now=call.now, by=call.app.name)
    if call.body.get("alertComment"):
        for id_ in ids:
            commented(world, id_, call.body["alertComment"], by=call.app.name, now=call.now)
    return Reply(200, {"targetIncidentId": str(target)})


def found_incident(world: World, id_: str) -> int:
    number = world.incidents.number(id_)
    if number is None:
        raise Problem(404, "NotFound", f"Incident {id_} was not found")
    return number


def open_incident(world: World, id_: str) -> int:
    """An incident that has not been merged into another. What a change to one that has is answered with is not told."""
    number = found_incident(world, id_)
    if world.incidents.get(number)["status"] == "redirected":
        raise Problem(400, "BadRequest", f"Incident {id_} was merged into another")
    return number
