# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send what the plan says, several at once, and after an unclear answer look before repeating."""

from __future__ import annotations

import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._client import moments
from .._client.errors import AlreadyRunning, BadAnswer, DefenderError, ServiceError, SignInFailed, TokenRejected, Unreachable
from .outcome import FAILED, NOT_SENT, PLANNED, UNKNOWN, Outcome, at_rest, of_action
from .plan import SEND, Order, Step
from .state import created, read_histories

IN_FLIGHT = 10
"""Calls under way at once; the service's rate, not the client, is the limit beyond."""

ROUNDS = 3
"""How often a machine whose answer was lost is looked at, and asked for again when nothing arrived."""

CLOCK_SLACK = 300
"""Seconds by which the service's clock may be behind ours when we look for an action of our own."""


class Unclear(t.NamedTuple):
    """A call that may or may not have arrived, or that met an action already under way."""

    step: Step
    error: DefenderError


def submit(client, order: Order, steps: t.Sequence[Step]) -> list[Outcome]:
    """The outcome of every step, in order; an action is never asked for twice.

    Errors of single machines become their outcomes. A refused token stops the rest, which is reported as not sent.
    """
    outcomes = {step.machine_id: at_rest(step) for step in steps if step.verdict != SEND}
    outstanding = [step for step in steps if step.verdict == SEND]
    started = client.clock.time() - CLOCK_SLACK
    stop = threading.Event()
    for _round in range(ROUNDS):
        unclear = []
        for answer in _send_all(client, order, outstanding, stop):
            if isinstance(answer, Unclear):
                unclear.append(answer)
            else:
                outcomes[answer.step.machine_id] = answer
        found, outstanding = _look(client, order, unclear, moments.from_epoch(started))
        outcomes.update((outcome.step.machine_id, outcome) for outcome in found)
        if not outstanding:
            break
    for step in outstanding:
        reason = "no clear answer came, and the record shows no action; it may still arrive"
        outcomes[step.machine_id] = Outcome(step, UNKNOWN, reason, sent=True)
    return [outcomes[step.machine_id] for step in steps]


def _send_all(client, order: Order, steps: t.Sequence[Step], stop: threading.Event) -> list[Outcome | Unclear]:
    if not steps:
        return []
    with ThreadPoolExecutor(max_workers=min(IN_FLIGHT, len(steps))) as pool:
        return list(pool.map(lambda step: _send(client, order, step, stop), steps))


def _send(client, order: Order, step: Step, stop: threading.Event) -> Outcome | Unclear:
    if stop.is_set():
        return Outcome(step, NOT_SENT, "the token was refused for another machine, so this one was not tried")
    try:
        action = client.call(order.operation, machine_id=step.machine_id, **order.values)
    except AlreadyRunning as error:
        return Unclear(step, error)
    except (TokenRejected, SignInFailed) as error:
        stop.set()
        return Outcome(step, FAILED, error.sentence(), error=error)
    except DefenderError as error:
        if may_have_arrived(error):
            return Unclear(step, error)
        return Outcome(step, FAILED, error.sentence(), error=error)
    if action is None:
        return Outcome(step, PLANNED, step.why)
    return of_action(step, action, sent=True)


def may_have_arrived(error: DefenderError) -> bool:
    """Whether the service may have done what it was asked although the answer is an error."""
    if isinstance(error, Unreachable):
        return error.maybe_sent
    if isinstance(error, ServiceError):
        return error.status is not None and error.status >= 500 and error.status != 503
    return isinstance(error, BadAnswer)


def _look(client, order: Order, unclear: t.Sequence[Unclear], since) -> tuple[list[Outcome], list[Step]]:
    """What the record says of the unclear ones, and the steps of which it knows nothing."""
    if not unclear:
        return [], []
    steps = [answer.step for answer in unclear]
    now = moments.from_epoch(client.clock.time())
    try:
        histories = read_histories(client, order.pair, [step.machine_id for step in steps], now)
    except DefenderError as error:
        reason = f"no clear answer came, and the record could not be read: {error.sentence()}"
        return [Outcome(step, UNKNOWN, reason, sent=True, error=error) for step in steps], []
    found, unknown = [], []
    for step, _error in unclear:
        action = _action_of(order, histories[step.machine_id], since)
        if action is None:
            unknown.append(step)
        else:
            found.append(of_action(step, action, sent=action.get("requestorComment") == order.values["comment"]))
    return found, unknown


def _action_of(order: Order, history, since) -> dict | None:
    """The running action that leads where we want, or one that has ended well since ``since``."""
    running = history.running
    if running is not None and running.state == order.state:
        return running.action
    latest = history.latest
    if latest is not None and latest["type"] == order.action_type and created(latest) >= since:
        return latest
    return None
