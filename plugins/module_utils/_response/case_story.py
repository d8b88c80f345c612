# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a ledger tell when they are read together: runs, deeds, what is open and what is to be undone."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .case_deeds import MAY_GO_ON, NO_ANSWER, UNANSWERED, Deed, Entry, IsRunning, Run, marker
from .outcome import NOT_SENT, PENDING, SUCCEEDED, UNCHANGED, UNKNOWN
from .recorder import Earlier
from .two_states import APP_RESTRICTION, ISOLATION

PLAN = "plan"
DISPATCH = "dispatch"
ANSWER = "answer"
RESULT = "result"
END = "end"

LASTING = (ISOLATION, APP_RESTRICTION)
CONTAINED, UNMANAGED = "contained", "UnManagedDevice"
"""A machine that is not onboarded is isolated by the others; it must be released as such."""

GIVEN_BACK_BY = {ISOLATION.on: ISOLATION.off_action, CONTAINED: ISOLATION.off_action, APP_RESTRICTION.on: APP_RESTRICTION.off_action}
"""By what stays until somebody gives it back, the action that does so."""


@dataclass
class Story:
    """All runs of a case in their order, by their ids, and their deeds by machine and run."""

    runs: dict[str, Run] = field(default_factory=dict)
    deeds: dict[str, dict[str, Deed]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lasting: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {state: {} for state in GIVEN_BACK_BY})

    @property
    def every_deed(self) -> list[Deed]:
        return [deed for deeds in self.deeds.values() for deed in deeds.values()]

    def to_undo(self) -> dict[str, list[str]]:
        """By state, the ids of machines that this case has put in it and has not let back since."""
        return {state: sorted(machine_ids) for state, machine_ids in self.lasting.items()}

    def cut_short(self, is_running: IsRunning) -> list[Run]:
        """Runs that have not come to their end and never will."""
        return [run for run in self.runs.values() if run.ended is None and not is_running(run.id)]

    def begun(self, order: str, is_running: IsRunning, since: str) -> dict[str, Earlier]:
        """By machine, what runs that were cut short after ``since`` had asked for in the same order, and nobody has taken up yet."""
        dead = {run.id for run in self.cut_short(is_running) if run.order == order}
        return {
            deed.machine_id: Earlier(marker(deed.run.plan["case"], deed.run.id), deed.action_id)
            for deed in self.every_deed
            if deed.run.id in dead and deed.sent and deed.asked >= since and not deed.settled_by and deed.outcome in MAY_GO_ON | {SUCCEEDED}
        }


def tell(entries: t.Iterable[Entry]) -> Story:
    """The story of ``entries``, which are in their order."""
    story = Story()
    for entry in entries:
        learn = LEARN.get(entry["kind"])
        if learn is not None:
            learn(story, entry)
    return story


def _plan(story: Story, entry: Entry) -> None:
    story.runs[entry["run"]] = Run(entry["run"], entry)


def _dispatch(story: Story, entry: Entry) -> None:
    deed = _deed(story, entry, sent=True)
    # After an answer that was lost the same run may ask once more.
    deed.sent, deed.outcome, deed.reason, deed.known, deed.before = True, UNANSWERED, NO_ANSWER, entry["time"], entry["before"]


def _answer(story: Story, entry: Entry) -> None:
    deed = story.deeds.get(entry["machine_id"], {}).get(entry["run"])
    if deed is not None:
        deed.learn(entry)
    _keep_lasting(story, entry)


def _result(story: Story, entry: Entry) -> None:
    own = _deed(story, entry, sent=False)
    own.learn(entry)
    for deed in story.deeds[own.machine_id].values():
        if deed is own:
            continue
        deed.learn_from(own)
        if deed.run.order == entry["order"] and deed.run.ended is None and own.outcome != NOT_SENT:
            deed.settled_by = deed.settled_by or own.run.id
    _keep_lasting(story, entry)


def _end(story: Story, entry: Entry) -> None:
    _run(story, entry).ended = entry["time"]


LEARN: dict[str, t.Callable[[Story, Entry], None]] = {PLAN: _plan, DISPATCH: _dispatch, ANSWER: _answer, RESULT: _result, END: _end}


def _run(story: Story, entry: Entry) -> Run:
    """The entry's run; one whose plan was spoilt begins with the first entry that is left."""
    return story.runs.setdefault(entry["run"], Run(entry["run"], entry))


def _deed(story: Story, entry: Entry, *, sent: bool) -> Deed:
    story.names[entry["machine_id"]] = entry["machine"]
    deeds = story.deeds.setdefault(entry["machine_id"], {})
    if entry["run"] not in deeds:
        deeds[entry["run"]] = Deed(_run(story, entry), entry["machine_id"], entry["action"], entry["time"], sent, entry["time"])
    return deeds[entry["run"]]


def _keep_lasting(story: Story, entry: Entry) -> None:
    machine_id, action_id, outcome = entry["machine_id"], entry["action_id"], entry["outcome"]
    for given_back, action in GIVEN_BACK_BY.items():
        if entry["action"] == action and outcome in (SUCCEEDED, UNCHANGED):
            story.lasting[given_back].pop(machine_id, None)
    state = _put_in(entry)
    if state is None or action_id is None or entry["asked_in"] is None:
        return
    # A task that only waits need not say again what the one that asked had said.
    known = (other for other, held in story.lasting.items() if action_id in held.get(machine_id, ()))
    _hold(story.lasting[next(known, state)], machine_id, action_id, holds=outcome in (PENDING, SUCCEEDED, UNCHANGED, UNKNOWN))


def _put_in(entry: Entry) -> str | None:
    """The lasting state that the entry's action leads to, if any."""
    if entry["action"] == ISOLATION.on_action and entry["scope"] == UNMANAGED:
        return CONTAINED
    return next((pair.on for pair in LASTING if pair.on_action == entry["action"]), None)


def _hold(held: dict[str, set[str]], machine_id: str, action_id: str, *, holds: bool) -> None:
    action_ids = held.setdefault(machine_id, set())
    if holds:
        action_ids.add(action_id)
    else:
        action_ids.discard(action_id)
    if not action_ids:
        del held[machine_id]
