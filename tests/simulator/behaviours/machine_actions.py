# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking machines to do something, and reading how far they are."""

from __future__ import annotations

from ..actions import ISOLATE, UNISOLATE
from ..rows import Listed, Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing
from .machines import found_machine

FULL = "Full"
SELECTIVE = "Selective"
UNMANAGED = "UnManagedDevice"

ANY_SCOPE = frozenset({FULL, SELECTIVE})
SCOPES: dict[str, frozenset[str]] = {
    "Windows10": ANY_SCOPE,
    "Windows11": ANY_SCOPE,
    "WindowsServer2012R2": ANY_SCOPE,
    "WindowsServer2016": ANY_SCOPE,
    "WindowsServer2019": ANY_SCOPE,
    "WindowsServer2022": ANY_SCOPE,
    "WindowsServer2025": ANY_SCOPE,
    "macOS": ANY_SCOPE,
    "Linux": frozenset({FULL}),
}
"""Which isolation each platform knows: isolate-machine.md, respond-machine-alerts.md."""

WINDOWS_10_SINCE = 1703


@behaviour("machine.isolate")
def isolate(world: World, call: Call) -> Reply:
    machine = found_machine(world, call)
    scope = call.body.get("IsolationType") or FULL
    _refuse_unfit(machine, scope)
    return _start(world, call, machine, ISOLATE, scope=None if scope == UNMANAGED else scope)


@behaviour("machine.unisolate")
def unisolate(world: World, call: Call) -> Reply:
    return _start(world, call, found_machine(world, call), UNISOLATE)


def _refuse_unfit(machine: Row, scope: str) -> None:
    managed = machine["onboardingStatus"] == "Onboarded"
    if managed == (scope == UNMANAGED):
        # No page gives the answer for this pair; the code is the general one of common-errors.md.
        raise Problem(400, "BadRequest", f"IsolationType {scope} does not fit machine {machine['id']}")
    if not managed:
        return
    platform, version = machine["osPlatform"], machine["version"] or ""
    too_old = platform == "Windows10" and version.isdigit() and int(version) < WINDOWS_10_SINCE
    if too_old or scope not in SCOPES.get(platform, ()):
        raise Problem(400, "OsPlatformNotSupported", f"{scope} isolation is not supported on {platform} {version}")


def _start(world: World, call: Call, machine: Row, type_: str, scope: str | None = None) -> Reply:
    if world.actions.active(machine["id"], type_, call.now):
        raise Problem(400, "ActiveRequestAlreadyExists", f"Action is already in progress on machine {machine['id']}")
    action = world.start(machine["id"], type_, scope=scope, comment=call.body["Comment"], requestor=call.app.client_id)
    # Right after an app-only request the name is not there yet (seen by clients).
    return Reply(201, {**action.single(call.now), "computerDnsName": None})


@behaviour("machine_action.list")
def list_actions(world: World, call: Call) -> Reply:
    shown = Listed(action.listed(call.now) for action in world.actions.newest_first())
    return listing(world, call, "machine_action.list", shown)


@behaviour("machine_action.get")
def get_action(world: World, call: Call) -> Reply:
    wanted = call.values["id"]
    action = world.actions.get(wanted)
    if action is None:
        raise Problem(404, "ResourceNotFound", f"Machine action {wanted} was not found")
    return Reply(200, action.single(call.now))
