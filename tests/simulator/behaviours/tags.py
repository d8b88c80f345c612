# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting tags and value of machines."""

from __future__ import annotations

from ..contract import endpoints
from ..rows import Listed, Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing
from .machines import found_machine

MULTIPLE = "machine.tag_multiple"


@behaviour("machine.update")
def update(world: World, call: Call) -> Reply:
    """A list of tags takes the place of all others, unless the simulator is set to the other reading of the page."""
    machine = found_machine(world, call)
    sent = {name: value for name, value in call.body.items() if value is not None}
    if "machineTags" in sent:
        kept = () if world.settings.tags_are_replaced else machine["machineTags"]
        sent["machineTags"] = list(dict.fromkeys((*kept, *sent["machineTags"])))
    return Reply(200, dict(world.machines.write(machine["id"], **sent)))


@behaviour("machine.tag")
def tag(world: World, call: Call) -> Reply:
    return Reply(200, dict(_tagged(world, found_machine(world, call), call)))


@behaviour(MULTIPLE)
def tag_multiple(world: World, call: Call) -> Reply:
    """The answer holds the changed machines; an unknown id is not among them (what becomes of it is not told)."""
    wanted, most = call.body["MachineIds"], endpoints()[MULTIPLE]["body"]["MachineIds"]["max_items"]
    if len(wanted) > most:
        raise Problem(400, "MaximumBatchSizeExceeded", f"The maximum batch size is {most}, and {len(wanted)} were sent")
    known = [machine for machine in map(world.machines.get, dict.fromkeys(wanted)) if machine is not None]
    return listing(world, call, MULTIPLE, Listed(dict(_tagged(world, machine, call)) for machine in known))


def _tagged(world: World, machine: Row, call: Call) -> Row:
    """A tag that is there already, or is not there to be removed, changes nothing and is no error."""
    tag = call.body["Value"]
    others = [have for have in machine["machineTags"] if have != tag]
    if call.body["Action"] == "Remove":
        return world.machines.write(machine["id"], machineTags=others)
    return world.machines.write(machine["id"], machineTags=machine["machineTags"] if tag in machine["machineTags"] else [*others, tag])


@behaviour("machine.set_device_value")
def set_value(world: World, call: Call) -> Reply:
    machine = found_machine(world, call)
    return Reply(200, dict(world.machines.write(machine["id"], deviceValue=call.body["DeviceValue"])))
