# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the words a user wrote to the fate of every machine: targets, state, plan, guard, case, submit, wait, report."""

from __future__ import annotations

import math
import typing as t
from dataclasses import dataclass

from .._api import machine_actions
from .._client import moments
from .._client.errors import BadInput, PartlyFailed, Refused
from .._operation import Operation
from . import outcome as words
from .guard import Guard, check_count
from .history import History, Running
from .order import Order
from .outcome import Outcome, of_action
from .plan import JOIN, SEND, Plan, Step, make_plan
from .recorder import Recorder
from .report import planned, report
from .room import Endless, Room
from .state import read_histories
from .submit import submit
from .targets import Refusal, Selection, find
from .wait import Patience, read_actions, wait


def as_they_are(_client, outcomes: list[Outcome]) -> list[Outcome]:
    """Nothing more is done when the actions have ended."""
    return outcomes


def nothing_against(_client, _machines: list[dict]) -> list[Refusal]:
    """Nothing more speaks against the machines."""
    return []


@dataclass(frozen=True)
class Request:
    """All that one task asks.

    ``skip_refused`` goes on without the machines that are refused; ``max_failures`` is how many may end badly, and
    ``allow_pending`` whether a machine may still be pending when the wait is over, without the task failing. ``vet``
    finds further refusals by asking the service; ``then`` goes on with the actions that have ended,
    for which it asks once for each of ``fetches``. No more than ``at_once`` actions are under way at any time; ``None``
    where that does not matter.
    """

    order: Order
    selection: Selection
    guard: Guard
    patience: Patience | None
    skip_refused: bool = False
    allow_pending: bool = False
    max_failures: int = 0
    vet: t.Callable[[t.Any, list[dict]], list[Refusal]] = nothing_against
    then: t.Callable[[t.Any, list[Outcome]], list[Outcome]] = as_they_are
    fetches: tuple[Operation, ...] = ()
    at_once: int | None = None


def carry_out(client, request: Request, recorder: Recorder) -> dict[str, t.Any]:
    """Ask for the action on the machines, and see it through.

    :raises Refused: when the guard refuses; nothing was sent
    :raises PartlyFailed: when machines ended badly; its details are the whole report
    :raises DefenderError: when the machines or their record could not be read; nothing was sent
    """
    plan = _planned(client, request, recorder)
    order = request.order.with_comment(recorder.marked(request.order.comment))
    if client.dry:
        order = order.at_once()
    recorder.planned(order, plan)
    outcomes = submit(client, order, plan.steps, recorder, _room(client, request, plan))
    return _seen_through(client, request, outcomes, plan, recorder)


def resume(client, request: Request, action_ids: t.Sequence[str], recorder: Recorder) -> dict[str, t.Any]:
    """Wait for actions that an earlier job asked for, and report them as that job would have.

    :raises BadInput: when an id is unknown or belongs to another kind of action
    """
    found = read_actions(client, [{"id": action_id} for action_id in action_ids])
    for action_id in action_ids:
        if action_id not in found:
            raise BadInput(f"action_ids: no action {action_id} is on record.", hint="Take the ids from action_ids of the earlier result")
        if found[action_id]["type"] != request.order.action_type:
            raise BadInput(
                f"action_ids: {action_id} is of the type {found[action_id]['type']}, not {request.order.action_type}.",
                hint="Give the same options as the earlier job",
            )
    steps = [_step_of(request.order, found[action_id]) for action_id in action_ids]
    outcomes = [of_action(step, t.cast(dict, step.action), sent=False) for step in steps]
    return _seen_through(client, request, outcomes, Plan(steps, [], _seconds(client, request, steps)), recorder)


def _planned(client, request: Request, recorder: Recorder) -> Plan:
    """The plan, with everything that speaks against it said at once."""
    order = request.order
    now = moments.from_epoch(client.clock.time())
    targets = find(client, request.selection, now)
    histories = read_histories(client, order.record, [machine["id"] for machine in targets.machines], now)
    plan = make_plan(order, request.guard, targets.machines, histories, recorder.earlier(order))
    vetoes = {veto.candidates[0]["id"]: veto for veto in request.vet(client, [step.machine for step in plan.steps if step.verdict == SEND])}
    steps = [step for step in plan.steps if step.machine_id not in vetoes]
    refusals = [*targets.refusals, *plan.refusals, *vetoes.values()]
    plan = Plan(steps, refusals, _seconds(client, request, steps))
    described = [refusal.describe() for refusal in refusals]
    proposal = {"plan": planned(plan, now), "refused": described, "predicted_seconds": plan.seconds}
    if refusals and not request.skip_refused:
        reasons = "; ".join(f"{refusal.target}: {refusal.reason}" for refusal in refusals)
        raise Refused(
            f"{len(refusals)} machine(s) refused, nothing was sent: {reasons}.",
            hint="Mend the list or the guard, or set refused: skip to go on without them",
            details=proposal,
        )
    check_count(request.guard, len(targets.machines), details=proposal)
    _check_room(request, plan, proposal)
    return plan


def _seconds(client, request: Request, steps: t.Sequence[Step]) -> int:
    """How long the asking takes at least, by the rate of the service or what it is spread over, and the fetching after it."""
    asked = sum(1 for step in steps if step.verdict == SEND)
    asking = max(client.predict(request.order.operation, asked), request.order.spread_seconds) if asked else 0
    fetched = sum(1 for step in steps if step.verdict in (SEND, JOIN))
    return math.ceil(asking + sum(client.predict(operation, fetched) for operation in request.fetches))


def _check_room(request: Request, plan: Plan, proposal: t.Mapping[str, t.Any]) -> None:
    """Refuse what would need somebody to see when actions have ended, when nobody waits for that.

    :raises Refused: for the task as a whole
    """
    asked = sum(1 for step in plan.steps if step.verdict == SEND)
    if request.patience is None and request.at_once is not None and asked > request.at_once:
        raise Refused(
            f"{asked} machines are to be asked, of which no more than {request.at_once} at once, and nobody waits for them; nothing was sent",
            hint="Set wait: true, or ask fewer machines in a task",
            details=proposal,
        )


def _room(client, request: Request, plan: Plan) -> Endless | Room:
    """The room there is for actions under way; a dry run needs none."""
    if client.dry or request.at_once is None or request.patience is None:
        return Endless()
    begun = [step.action for step in plan.steps if step.action is not None and step.action.get("status") in machine_actions.RUNNING]
    return Room(client, request.at_once, request.patience, begun)


def _step_of(order: Order, action: dict) -> Step:
    """A step for an action whose machine was judged by the job that asked for it."""
    machine = {"id": action["machineId"], "computerDnsName": action.get("computerDnsName")}
    before = History("unknown" if order.record.keeps_state else None, "not_read", running=Running(order.word, action))
    return Step(machine, JOIN, "asked for by an earlier job", before, action)


def _seen_through(client, request: Request, outcomes: list[Outcome], plan: Plan, recorder: Recorder) -> dict[str, t.Any]:
    """The report after the wait, raised as an error when more ended badly than may. A dry run has nothing to wait for."""
    patience = None if client.dry else request.patience
    if patience is not None:
        outcomes = request.then(client, wait(client, request.order, outcomes, patience))
    recorder.ended(request.order, outcomes)
    now = moments.from_epoch(client.clock.time())
    facts = {"predicted_seconds": plan.seconds, "ledger": recorder.describe()}
    result = {**report(request.order, outcomes, plan.refusals, now), **facts}
    may_pend = patience is None or request.allow_pending
    bad = sum(1 for outcome in outcomes if _ended_badly(outcome, may_pend))
    if bad > request.max_failures:
        raise PartlyFailed(result["msg"], hint=_next_move(outcomes), details=result)
    return result


def _ended_badly(outcome: Outcome, may_pend: bool) -> bool:
    if outcome.word == words.PENDING:
        return outcome.error is not None or not may_pend
    return outcome.word in words.BAD


def _next_move(outcomes: t.Sequence[Outcome]) -> str:
    if any(outcome.word == words.PENDING for outcome in outcomes):
        return "Hand action_ids to a later run to go on waiting; the service tries an offline machine for three days"
    return "Look at reason for each machine, then run the task again: machines already done are left alone"
