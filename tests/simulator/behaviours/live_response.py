# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Live response: a session is checked whole, then its commands run one at a time."""

from __future__ import annotations

import math
import typing as t

from ..actions import ACTIVE, FAILED, IN_PROGRESS, LIVE_RESPONSE, PENDING, SUCCEEDED, Fate, Steps
from ..live_response import KEYS, ORDER, PUT, RUN, Command, commands_of, run, value
from ..machine_files import files_now
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .asking import asked_machine, started


@behaviour("machine.run_live_response")
def run_live_response(world: World, call: Call) -> Reply:
    if not world.settings.live_response:
        raise Problem(403, "DisabledFeature", "Live response is turned off in the tenant")
    machine = asked_machine(world, call, LIVE_RESPONSE)
    _check(call.body["Commands"], world)
    if not world.actions.active(machine["id"], LIVE_RESPONSE, call.now):
        _check_sessions(world, call)
    commands = commands_of(call.body["Commands"])
    return started(world, call, machine, LIVE_RESPONSE, commands=commands, steps=_steps(world, machine, commands))


def _steps(world: World, machine: Row, commands: t.Sequence[Command]) -> Steps | None:
    """How a session goes on a machine that works; the others never come to a command."""
    if world.fate(machine["id"]) is not Fate.WORKS:
        return None
    seconds = world.settings.action_seconds
    ends = run(commands, world.library, files_now(world, machine), begins=seconds / 2, ends=seconds)
    return ((0.0, PENDING), (seconds / 2, IN_PROGRESS), (ends, FAILED if any(one.error for one in commands) else SUCCEEDED))


def _check_sessions(world: World, call: Call) -> None:
    """How long to wait is not on the page; the first session to end says it here."""
    open_ = [action for action in world.actions.newest_first() if action.type == LIVE_RESPONSE and action.status(call.now) in ACTIVE]
    if len(open_) >= world.settings.live_response_sessions:
        left = min(action.steps[-1][0] - (call.now - action.created).total_seconds() for action in open_)
        wait = {"Retry-After": str(max(1, math.ceil(left)))}
        raise Problem(429, "TooManyRequests", f"{len(open_)} live response sessions are open, and no more may be", wait)


def _check(commands: t.Any, world: World) -> None:
    """The page gives the order and the names; the codes are the likely ones of common-errors.md."""
    for command in commands:
        _check_command(command)
    places = [ORDER.index(command["type"]) for command in commands]
    if places != sorted(places):
        raise Problem(400, "InvalidInput", "Commands must be in this order: all PutFile, then RunScript, then GetFile")
    for command in commands:
        name = value(command["params"], {PUT: "FileName", RUN: "ScriptName"}.get(command["type"], ""))
        if name and name not in world.library:
            raise Problem(400, "InvalidInput", f"The file '{name}' is not in the library")


def _check_command(command: t.Any) -> None:
    wrong = Problem(400, "InvalidRequestBody", "Request body is incorrect")
    if not isinstance(command, dict) or set(command) != {"type", "params"} or command["type"] not in KEYS:
        raise wrong
    keys, params = KEYS[command["type"]], command["params"]
    if not isinstance(params, list) or not all(isinstance(one, dict) and set(one) == {"key", "value"} for one in params):
        raise wrong
    if not all(one["key"] in keys and isinstance(one["value"], str) for one in params):
        raise wrong
    for key, needed in keys.items():
        if needed and not value(params, key):
            raise Problem(400, "MissingRequiredParameter", f"{command['type']} needs the parameter {key}")
