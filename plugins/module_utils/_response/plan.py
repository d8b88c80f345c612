# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be done with each machine, and why: sent, joined, or nothing."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .guard import Guard, out_of_reach, protects
from .history import History
from .order import Order
from .recorder import Earlier
from .targets import Refusal

SEND = "send"
JOIN = "join"
NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """One machine of the plan. ``action`` is the one to join."""

    machine: dict
    verdict: str
    why: str
    before: History
    action: dict | None = None

    @property
    def machine_id(self) -> str:
        return self.machine["id"]

    @property
    def name(self) -> str:
        return self.machine.get("computerDnsName") or self.machine["id"]


class Plan(t.NamedTuple):
    """Every machine is either a step or a refusal. ``seconds`` is how long the asking is going to take under the rate budget."""

    steps: list[Step]
    refusals: list[Refusal]
    seconds: int = 0


def make_plan(
    order: Order,
    guard: Guard,
    machines: t.Iterable[dict],
    histories: t.Mapping[str, History],
    earlier: t.Mapping[str, Earlier],
) -> Plan:
    """Decide for each machine; nothing is sent or read here. ``earlier`` is what runs that were cut short had begun."""
    plan = Plan([], [])
    for machine in machines:
        step = _step(order, machine, histories[machine["id"]], earlier.get(machine["id"]))
        refusal = _refusal(order, guard, step)
        if refusal is None:
            plan.steps.append(step)
        else:
            plan.refusals.append(refusal)
    return plan


def _step(order: Order, machine: dict, before: History, earlier: Earlier | None) -> Step:
    if before.running is not None:
        running = before.running.action
        return Step(machine, JOIN, f"{running['type']} is already under way", before, running)
    settled = order.record.settled(order, machine, before)
    if settled:
        return Step(machine, NOTHING, settled, before)
    begun = _begun(before, earlier)
    if begun:
        return Step(machine, JOIN, "an earlier run of this case, cut short, has asked for it", before, begun)
    return Step(machine, SEND, _why(order, before), before)


def _begun(before: History, earlier: Earlier | None) -> dict | None:
    """The action that an earlier run asked for, found by its id or by the marker in its comment."""
    if earlier is None:
        return None
    for action in before.actions:
        if action["id"] == earlier.action_id or earlier.marker in (action.get("requestorComment") or ""):
            return action
    return None


def _why(order: Order, before: History) -> str:
    if not order.record.keeps_state:
        return "it is asked for anew"
    if before.state == order.word:
        return f"it is {before.state}, but {(before.scope or 'otherwise').lower()}"
    return f"it is {before.state}"


def _refusal(order: Order, guard: Guard, step: Step) -> Refusal | None:
    """A machine on its way elsewhere, unfit or protected. Where nothing is sent nothing is refused."""
    running = step.before.running
    if running is not None and not order.record.leads_to(order, running):
        action = running.action
        scope = f" ({action['scope']})" if action.get("scope") else ""
        reason = f"{action['type']}{scope} is under way (action {action['id']}); let it end or cancel it, then run again"
        return Refusal(step.name, "conflict", reason, (step.machine,))
    if step.verdict != SEND:
        return None
    unfit = order.unfit(step.machine)
    if unfit:
        return Refusal(step.name, "unfit", unfit, (step.machine,))
    return out_of_reach(guard, step.machine, onboarded=order.onboarded) or (protects(guard, step.machine) if order.cuts_off else None)
