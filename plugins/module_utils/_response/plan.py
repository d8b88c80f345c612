# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be done with each machine, and why: sent, joined, or nothing."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._operation import Operation
from .guard import Guard, protects
from .state import History
from .targets import Refusal
from .two_states import TwoStates

SEND = "send"
JOIN = "join"
NOTHING = "nothing"


@dataclass(frozen=True)
class Order:
    """What the user asks for: machines of ``pair`` in ``state``, with the values that the call takes."""

    pair: TwoStates
    state: str
    scope: str | None
    values: t.Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def operation(self) -> Operation:
        return self.pair.operation_to(self.state)

    @property
    def action_type(self) -> str:
        return self.pair.action_to(self.state)

    @property
    def cuts_off(self) -> bool:
        """Whether it takes something from the machine; giving it back needs no protection."""
        return self.state == self.pair.on


@dataclass(frozen=True)
class Step:
    """One machine of the plan."""

    machine: dict
    verdict: str
    why: str
    before: History

    @property
    def machine_id(self) -> str:
        return self.machine["id"]

    @property
    def name(self) -> str:
        return self.machine.get("computerDnsName") or self.machine["id"]


class Plan(t.NamedTuple):
    """Every machine is either a step or a refusal."""

    steps: list[Step]
    refusals: list[Refusal]


def make_plan(order: Order, guard: Guard, machines: t.Iterable[dict], histories: t.Mapping[str, History]) -> Plan:
    """Decide for each machine; nothing is sent or read here."""
    plan = Plan([], [])
    for machine in machines:
        step = _step(order, machine, histories[machine["id"]])
        refusal = _refusal(order, guard, step)
        if refusal is None:
            plan.steps.append(step)
        else:
            plan.refusals.append(refusal)
    return plan


def _step(order: Order, machine: dict, before: History) -> Step:
    if before.running is not None:
        return Step(machine, JOIN, f"{before.running.action['type']} is already under way", before)
    if before.state == order.state and _same_scope(order, before):
        return Step(machine, NOTHING, _already(order, before), before)
    if before.state == order.state:
        return Step(machine, SEND, f"it is {before.state}, but {(before.scope or 'otherwise').lower()}", before)
    return Step(machine, SEND, f"it is {before.state}", before)


def _refusal(order: Order, guard: Guard, step: Step) -> Refusal | None:
    """A machine on its way elsewhere, or one that the guard protects. Where nothing is sent nothing is protected."""
    running = step.before.running
    if running is not None and not _leads_where_wanted(order, running):
        action = running.action
        scope = f" ({action['scope']})" if action.get("scope") else ""
        reason = f"{action['type']}{scope} is under way (action {action['id']}); let it end or cancel it, then run again"
        return Refusal(step.name, "conflict", reason, (step.machine,))
    if step.verdict == SEND and order.cuts_off:
        return protects(guard, step.machine)
    return None


def _leads_where_wanted(order: Order, running) -> bool:
    scope = running.action.get("scope")
    return running.state == order.state and (not order.cuts_off or scope in (None, order.scope))


def _same_scope(order: Order, before: History) -> bool:
    return not order.cuts_off or before.scope in (None, order.scope)


def _already(order: Order, before: History) -> str:
    if before.basis == "action":
        return f"it is {order.state} already (action {before.action_id})"
    if before.basis == "expired":
        days = order.pair.lifts_after.days
        return f"it is {order.state} already: the service lifts this state after {days} days"
    return f"it is {order.state} already: no other action is on record"
