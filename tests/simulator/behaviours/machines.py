# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding machines: by list, id, name, address and tag."""

from __future__ import annotations

import datetime as dt

from ..clock import moment
from ..rows import Listed, Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing

IP_REACHES_BACK = dt.timedelta(days=30)


def found_machine(world: World, call: Call) -> Row:
    """The machine the path names, or 404."""
    wanted = call.values["id"]
    machine = world.machine(wanted)
    if machine is None:
        raise Problem(404, "ResourceNotFound", f"Machine {wanted} was not found")
    return machine


@behaviour("machine.list")
def list_machines(world: World, call: Call) -> Reply:
    if not len(world.machines):
        raise Problem(404, "NotFound", "No recent machines were found")  # get-machines.md: not an empty list
    return listing(world, call, "machine.list", world.machines)


@behaviour("machine.get")
def get_machine(world: World, call: Call) -> Reply:
    return Reply(200, dict(found_machine(world, call)))


@behaviour("machine.find_by_ip")
def find_by_ip(world: World, call: Call) -> Reply:
    text = call.values["timestamp"]
    try:
        when = moment(text)
    except ValueError as error:
        raise Problem(400, "BadRequest", f"The timestamp '{text}' is not valid") from error
    if when.tzinfo is None:
        raise Problem(400, "BadRequest", f"The timestamp '{text}' has no time zone")
    if call.now - when > IP_REACHES_BACK:
        raise Problem(400, "BadRequest", "The timestamp must be within the last 30 days")  # find-machines-by-ip.md
    return listing(world, call, "machine.find_by_ip", Listed(map(dict, world.seen_with(call.values["ip"], when))))


@behaviour("machine.find_by_tag")
def find_by_tag(world: World, call: Call) -> Reply:
    tag = call.query["tag"]
    by_prefix = call.query.get("useStartsWithFilter", "false").lower() == "true"
    matches = (lambda have: have.startswith(tag)) if by_prefix else tag.__eq__
    tagged = [dict(row) for row in world.machines if any(map(matches, row["machineTags"]))]
    return listing(world, call, "machine.find_by_tag", Listed(tagged))
