# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading alerts."""

from __future__ import annotations

from ..rows import Listed
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing
from .machines import found_machine


@behaviour("alert.list")
def list_alerts(world: World, call: Call) -> Reply:
    return listing(world, call, "alert.list", world.alerts)


@behaviour("alert.get")
def get_alert(world: World, call: Call) -> Reply:
    """Evidence is filled in without being asked for (the sample of alerts.md)."""
    wanted = call.values["id"]
    alert = world.alerts.get(wanted)
    if alert is None:
        raise Problem(404, "ResourceNotFound", f"Alert {wanted} was not found")
    return Reply(200, dict(alert))


@behaviour("machine.list_alerts")
def list_alerts_of_machine(world: World, call: Call) -> Reply:
    machine = found_machine(world, call)
    raised = [{**row, "evidence": []} for row in world.alerts.find("machineId", machine["id"])]
    return listing(world, call, "machine.list_alerts", Listed(raised))
