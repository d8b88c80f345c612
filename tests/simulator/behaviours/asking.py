# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all requests to a machine have in common: may it be asked, can it do it, is it not at it already."""

from __future__ import annotations

import typing as t

from ..actions import Action
from ..platforms import refuse_unfit
from ..rows import Row
from ..seam import Call, Problem, Reply
from ..world import World
from .machines import found_machine


def asked_machine(world: World, call: Call, type_: str, scope: str | None = None) -> Row:
    """The onboarded machine of the path, when it may and can be asked for this.

    Which of several refusals comes first is not told by any page.
    """
    machine = found_machine(world, call)
    refuse_disallowed(world, machine, type_)
    if machine["onboardingStatus"] != "Onboarded":
        # No page gives the answer; the code is the general one of common-errors.md.
        raise Problem(400, "BadRequest", f"Machine {machine['id']} is not onboarded")
    refuse_unfit(machine, type_, scope)
    return machine


def refuse_disallowed(world: World, machine: Row, type_: str) -> None:
    """restrict-response-actions-high-value-assets.md: also by API, with an error that says so."""
    if type_ in world.disallowed.get(machine["id"], ()):
        raise Problem(403, "DisallowedOperation", f"{type_} is not allowed on machine {machine['id']}: its security operations are restricted")


def started(world: World, call: Call, machine: Row, type_: str, *, status: int = 201, **facts: t.Any) -> Reply:
    """A new action; 400 when one of its type has not ended on the machine."""
    if world.actions.active(machine["id"], type_, call.now):
        raise Problem(400, "ActiveRequestAlreadyExists", f"Action is already in progress on machine {machine['id']}")
    comment = call.body.get("Comment") or ""
    action: Action = world.start(machine["id"], type_, comment=comment, requestor=call.app.client_id, **facts)
    # Right after an app-only request the name is not there yet (seen by clients).
    return Reply(status, {**action.single(call.now), "computerDnsName": None})
