# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send what the plan says, several at once, and after an unclear answer look before repeating."""

from __future__ import annotations

import threading
import typing as t
from dataclasses import replace

from .._client import moments
from .._client.answers import DISABLED
from .._client.errors import AlreadyRunning, BadAnswer, DefenderError, ServiceError, SignInFailed, TokenRejected, Unreachable
from .._client.threads import at_once
from .fitness import is_server
from .history import History, Running
from .order import Order
from .outcome import FAILED, NOT_SENT, PLANNED, UNKNOWN, Outcome, at_rest, of_action
from .plan import SEND, Step
from .progress import ASKING, Progress
from .recorder import Recorder
from .room import Endless, Room
from .state import read_histories

IN_FLIGHT = 10
"""Calls under way at once; the service's rate, not the client, is the limit beyond."""

ROUNDS = 3
"""How often a machine whose answer was lost is looked at, and asked for again when nothing arrived."""

LAG = 5
"""Seconds given to the record to show what has arrived, before a machine is asked for again."""

NOT_TRIED = "another machine met an error that stops them all, so this one was not tried"


class Unclear(t.NamedTuple):
    """A call that may or may not have arrived, or that met an action already under way."""

    step: Step
    error: DefenderError


class Desk:
    """What all threads of one submission share."""

    def __init__(self, client, order: Order, recorder: Recorder, total: int, room: Endless | Room) -> None:
        self.client = client
        self.order = order
        self.recorder = recorder
        self.room = room
        self.stop = threading.Event()
        self.lost: set[str] = set()
        self.began = client.clock.monotonic()
        self._progress = Progress(order.word, ASKING, total, seconds_left=self._seconds_left)
        self._lock = threading.Lock()
        client.watch(self._progress)

    def note(self, outcome: Outcome) -> Outcome:
        """Keep and tell the outcome of one machine."""
        outcome = self.doubted(outcome)
        if outcome.word != PLANNED:
            self.recorder.answered(self.order, outcome)
        with self._lock:
            self._progress = self._progress.and_one(outcome.word)
            self.client.watch(self._progress)
        return outcome

    def doubted(self, outcome: Outcome) -> Outcome:
        """An outcome that says that nothing was done is a doubt where an earlier try may have arrived."""
        if outcome.word not in (FAILED, NOT_SENT) or outcome.step.machine_id not in self.lost:
            return outcome
        return replace(outcome, word=UNKNOWN, sent=True, reason=f"a try got no clear answer and may have arrived; after it: {outcome.reason}")

    def _seconds_left(self) -> float | None:
        """What the budget takes for the rest; nothing is known where nothing limits it."""
        return self.client.predict(self.order.operation, self._progress.total - self._progress.done) or None


def submit(client, order: Order, steps: t.Sequence[Step], recorder: Recorder, room: Endless | Room | None = None) -> list[Outcome]:
    """The outcome of every step, in order; an action is never asked for twice. Without ``room`` there is room for all.

    Errors of single machines become their outcomes. A refused token, something that is off in the whole tenant, no more
    room, or a case that cannot be kept, stops the rest, which is reported as not sent.
    """
    outcomes = {step.machine_id: at_rest(step) for step in steps if step.verdict != SEND}
    outstanding = [step for step in steps if step.verdict == SEND]
    desk = Desk(client, order, recorder, len(outstanding), room or Endless())
    unclear: list[Unclear] = []
    for _round in range(ROUNDS):
        unclear = []
        for answer in _send_all(desk, outstanding):
            if isinstance(answer, Unclear):
                unclear.append(answer)
            else:
                outcomes[answer.step.machine_id] = answer
        desk.lost.update(answer.step.machine_id for answer in unclear if not isinstance(answer.error, AlreadyRunning))
        found, outstanding = _look_twice(client, order, unclear)
        outcomes.update((outcome.step.machine_id, desk.note(outcome)) for outcome in found)
        if not outstanding:
            break
    last = {answer.step.machine_id: answer.error for answer in unclear}
    for step in outstanding:
        outcomes[step.machine_id] = desk.note(_given_up(step, last[step.machine_id]))
    return [outcomes[step.machine_id] for step in steps]


def _send_all(desk: Desk, steps: t.Sequence[Step]) -> list[Outcome | Unclear]:
    if not steps:
        return []
    apart = desk.order.spread_seconds / len(steps)
    return at_once(desk.client, lambda numbered: _send(desk, numbered[1], after=numbered[0] * apart), enumerate(steps), threads=IN_FLIGHT)


def _send(desk: Desk, step: Step, after: float) -> Outcome | Unclear:
    """Send one, ``after`` so many seconds from the beginning."""
    early = desk.began + after - desk.client.clock.monotonic()
    if early > 0:
        desk.client.clock.sleep(early)
    if desk.stop.is_set():
        return desk.note(Outcome(step, NOT_SENT, NOT_TRIED))
    try:
        desk.room.enter()
    except DefenderError as error:
        desk.stop.set()
        return desk.note(Outcome(step, NOT_SENT, error.sentence(), error=error))
    # Much may have happened while there was no room.
    answer = desk.note(Outcome(step, NOT_SENT, NOT_TRIED)) if desk.stop.is_set() else _ask(desk, step)
    desk.room.leave(answer.action if isinstance(answer, Outcome) else None)
    return answer


def _ask(desk: Desk, step: Step) -> Outcome | Unclear:
    try:
        desk.recorder.sending(desk.order, step)
    except DefenderError as error:
        desk.stop.set()
        return desk.doubted(Outcome(step, NOT_SENT, error.sentence(), error=error))
    try:
        action = desk.client.call(desk.order.operation, machine_id=step.machine_id, **desk.order.values)
    except AlreadyRunning as error:
        return Unclear(step, error)
    except DefenderError as error:
        if may_have_arrived(error):
            return Unclear(step, error)
        if _holds_for_all(step, error):
            desk.stop.set()
        return desk.note(Outcome(step, FAILED, error.sentence(), error=error))
    if action is None:
        return desk.note(Outcome(step, PLANNED, step.why))
    if action["machineId"] != step.machine_id:
        return Unclear(step, BadAnswer(f"The answer to {desk.order.operation.id} names no action on this machine"))
    return desk.note(of_action(step, action, sent=True))


def _holds_for_all(step: Step, error: DefenderError) -> bool:
    """Whether all other machines would be refused as well. A feature may be off for servers alone (live-response.md)."""
    return isinstance(error, (TokenRejected, SignInFailed)) or (error.code == DISABLED and not is_server(step.machine))


def may_have_arrived(error: DefenderError) -> bool:
    """Whether the service may have done what it was asked although the answer is an error."""
    if isinstance(error, Unreachable):
        return error.maybe_sent
    if isinstance(error, ServiceError):
        return error.status is not None and error.status >= 500 and error.status != 503
    return isinstance(error, BadAnswer)


def _look_twice(client, order: Order, unclear: t.Sequence[Unclear]) -> tuple[list[Outcome], list[Step]]:
    """As ``_look``, and once more after a while for those not found: what arrived a moment ago may not be on record yet."""
    found, unknown = _look(client, order, unclear)
    if not unknown:
        return found, []
    client.clock.sleep(LAG)
    missed = {step.machine_id for step in unknown}
    late, unknown = _look(client, order, [answer for answer in unclear if answer.step.machine_id in missed])
    return [*found, *late], unknown


def _look(client, order: Order, unclear: t.Sequence[Unclear]) -> tuple[list[Outcome], list[Step]]:
    """What the record says of the unclear ones, and the steps of which it knows nothing."""
    if not unclear:
        return [], []
    steps = [answer.step for answer in unclear]
    now = moments.from_epoch(client.clock.time())
    try:
        histories = read_histories(client, order.record, [step.machine_id for step in steps], now)
    except DefenderError as error:
        reason = f"no clear answer came, and the record could not be read: {error.sentence()}"
        return [Outcome(step, UNKNOWN, reason, sent=True, error=error) for step in steps], []
    found, unknown = [], []
    for step, _error in unclear:
        action = _new_action(order, step, histories[step.machine_id])
        if action is None:
            unknown.append(step)
        else:
            found.append(of_action(step, action, sent=_is_ours(order, action)))
    return found, unknown


def _is_ours(order: Order, action: dict) -> bool:
    """Whether the action bears our comment, however the service has set its blanks."""
    return str(action.get("requestorComment") or "").split() == order.comment.split()


def _new_action(order: Order, step: Step, history: History) -> dict | None:
    """The newest action that does what we want and was not on record before we asked."""
    known = {action["id"] for action in step.before.actions}
    for action in reversed(history.actions):
        if action["type"] == order.action_type and action["id"] not in known and order.record.leads_to(order, Running(order.word, action)):
            return action
    return None


def _given_up(step: Step, error: DefenderError) -> Outcome:
    """The outcome of a step that was tried in every round, and of which the record knows nothing."""
    if isinstance(error, AlreadyRunning):
        return Outcome(step, FAILED, f"an action of this type that does something else is under way: {error.sentence()}", error=error)
    return Outcome(step, UNKNOWN, "no clear answer came, and the record shows no action; it may still arrive", sent=True, error=error)
