# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raising an alert on an event that is there already."""

from __future__ import annotations

import hashlib

from ..clock import moment, stamp
from ..events import of_machine
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from ..worlds.records import alert as new_alert


@behaviour("alert.create_by_reference")
def create(world: World, call: Call) -> Reply:
    """The event must be there; an open alert of the same title on the same machine takes the new one in."""
    machine = world.machines.get(call.body["machineId"])
    wanted = (call.body["reportId"], _seconds(call.body["eventTime"]))
    if machine is None or wanted not in {(event.report_id, _seconds(event.time)) for event in of_machine(world, machine["id"])}:
        raise Problem(404, "ResourceNotFound", "No event matches reportId, eventTime and machineId")
    same = (row for row in world.alerts.find("machineId", machine["id"]) if row["title"] == call.body["title"] and row["status"] != "Resolved")
    open_one = next(same, None)
    if open_one is not None:
        return Reply(200, dict(world.alerts.write(open_one["id"], lastEventTime=call.body["eventTime"], lastUpdateTime=stamp(call.now))))
    raised = _raised(call, machine, len(world.alerts))
    world.alerts.add(raised)
    return Reply(200, dict(raised))


def _seconds(time: str) -> float:
    return moment(time).timestamp()


def _raised(call: Call, machine: Row, number: int) -> Row:
    told = {name: call.body[name] for name in ("severity", "description", "category")}
    name = hashlib.sha256(f"{machine['id']} {call.body['title']} {number}".encode()).hexdigest()
    at = {"firstEventTime": call.body["eventTime"], "lastEventTime": call.body["eventTime"]}
    return new_alert(
        f"da63867{int(name[:12], 16) % 10**11:011d}_{int(name[12:20], 16) % 10**9}", machine, created=call.now, title=call.body["title"],
        detectionSource="CustomerTI", **told, **at,
    )
