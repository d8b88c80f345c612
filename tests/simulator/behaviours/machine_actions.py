# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of what was asked of machines: reading it, cancelling, and links to what an action has brought."""

from __future__ import annotations

import datetime as dt
import json

from ..actions import (
    ACTIVE,
    ISOLATE,
    LIVE_RESPONSE,
    OFFBOARD,
    PACKAGE,
    QUARANTINE,
    RESTRICT,
    SCAN,
    SUCCEEDED,
    UNISOLATE,
    UNRESTRICT,
    Action,
)
from ..rows import Listed
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing
from .response_actions import package_name

CANCELLED_BY = {
    ISOLATE: "Machine.Isolate",
    UNISOLATE: "Machine.Isolate",
    RESTRICT: "Machine.RestrictExecution",
    UNRESTRICT: "Machine.RestrictExecution",
    SCAN: "Machine.Scan",
    QUARANTINE: "Machine.StopAndQuarantine",
    PACKAGE: "Machine.CollectForensics",
    LIVE_RESPONSE: "Machine.LiveResponse",
    OFFBOARD: "Machine.Offboard",
}
"""The role for each kind: the page lists them as alternatives, and leaves open whether the matching one is needed."""

PACKAGE_LINK_LASTS = dt.timedelta(minutes=10)
"""Short, says get-package-sas-uri.md, and no number."""
RESULT_LINK_LASTS = dt.timedelta(minutes=30)
"""get-live-response-result.md."""


@behaviour("machine_action.list")
def list_actions(world: World, call: Call) -> Reply:
    recorded = call.now - dt.timedelta(seconds=world.settings.recorded_after)
    shown = Listed(action.listed(call.now) for action in world.actions.newest_first() if action.earlier or action.created <= recorded)
    return listing(world, call, "machine_action.list", shown)


@behaviour("machine_action.get")
def get_action(world: World, call: Call) -> Reply:
    return Reply(200, _found(world, call).single(call.now))


@behaviour("machine_action.cancel")
def cancel(world: World, call: Call) -> Reply:
    action = _found(world, call)
    role = CANCELLED_BY[action.type]
    if role not in call.app.roles:
        held = ",".join(call.app.roles)
        raise Problem(403, "Forbidden", f"Missing application roles. API required roles: {role}, application roles: {held}.")
    if action.status(call.now) not in ACTIVE:
        # The page says that it cannot be cancelled and not what is answered; the code is the general one.
        raise Problem(400, "BadRequest", f"Machine action {action.id} has ended: {action.status(call.now)}")
    action.cancel(call.now, call.app.client_id, call.body.get("Comment"))
    return Reply(200, action.single(call.now))


@behaviour("machine_action.get_package_uri")
def get_package_link(world: World, call: Call) -> Reply:
    action = _found(world, call)
    if action.type != PACKAGE or action.status(call.now) != SUCCEEDED:
        raise Problem(404, "ResourceNotFound", f"There is no package of machine action {action.id}")
    link = world.blobs.link(call.origin, package_name(action), now=call.now, lasts=PACKAGE_LINK_LASTS)
    return _link(call, json.dumps(link))  # the value has quotes of its own (the sample)


@behaviour("machine_action.get_live_response_result")
def get_live_response_result(world: World, call: Call) -> Reply:
    """Nothing is told of a command that brings nothing; it is not found here."""
    action = _found(world, call)
    index = call.values["index"]
    command = next((one for one in action.commands if str(one.index) == index), None)
    if command is None or command.result is None or not command.completed(action, call.now):
        raise Problem(404, "ResourceNotFound", f"Command {index} of machine action {action.id} has no result")
    name = f"results/{action.id}/{index}"
    world.blobs.put(name, command.result)
    return _link(call, world.blobs.link(call.origin, name, now=call.now, lasts=RESULT_LINK_LASTS))


def _link(call: Call, value: str) -> Reply:
    return Reply(200, {"@odata.context": f"{call.origin}/api/$metadata#Edm.String", "value": value})


def _found(world: World, call: Call) -> Action:
    wanted = call.values["id"]
    action = world.actions.get(wanted)
    if action is None:
        raise Problem(404, "ResourceNotFound", f"Machine action {wanted} was not found")
    return action
