# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raising an alert on an event that is there already."""

from __future__ import annotations

import hashlib

from .. import hunting
from ..clock import moment, stamp
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from ..worlds.records import alert as new_alert


@behaviour("alert.create_by_reference")
def create(world: World, call: Call) -> Reply:
    """The event must be there; an open alert of the same title on the same machine takes the new one in."""
    machine = world.machines.get(call.body["machineId"])
    if machine is None or not _is_there(world, call.body["reportId"], call.body["eventTime"], machine["id"]):
        raise Problem(404, "ResourceNotFound", "No event matches reportId, eventTime and machineId")
    same = (row for row in world.alerts.find("machineId", machine["id"]) if row["title"] == call.body["title"] and row["status"] != "Resolved")
    open_one = next(same, None)
    if open_one is not None:
        return Reply(200, dict(world.alerts.write(open_one["id"], lastEventTime=call.body["eventTime"], lastUpdateTime=stamp(call.now))))
    raised = _raised(call, machine, len(world.alerts))
    world.alerts.add(raised)
    return Reply(200, dict(raised))


def _is_there(world: World, report_id: str, time: str, machine_id: str) -> bool:
    return report_id.isdecimal() and hunting.has_event(world, int(report_id), moment(time), machine_id)


def _raised(call: Call, machine: Row, number: int) -> Row:
    told = {name: call.body[name] for name in ("severity", "description", "category")}
    name = hashlib.sha256(f"{machine['id']} {call.body['title']} {number}".encode()).hexdigest()
    at = {"firstEventTime": call.body["eventTime"], "lastEventTime": call.body["eventTime"]}
    return new_alert(
        f"da63867{int(name[:12], 16) % 10**11:011d}_{int(name[12:20], 16) % 10**9}", machine, created=call.now, title=call.body["title"],
        detectionSource="CustomerTI", **told, **at,
    )
