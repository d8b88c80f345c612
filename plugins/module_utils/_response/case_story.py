# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a ledger tell when they are read together: runs, deeds, what is open and what is to be undone."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .outcome import NOT_SENT, PENDING, SUCCEEDED, UNCHANGED, UNKNOWN
from .recorder import Earlier
from .two_states import APP_RESTRICTION, ISOLATION

PLAN = "plan"
DISPATCH = "dispatch"
ANSWER = "answer"
RESULT = "result"
END = "end"

UNANSWERED = "unanswered"
"""The word for a call of which nothing is known but that it was about to be made."""

MAY_GO_ON = frozenset((UNANSWERED, PENDING, UNKNOWN))
LASTING = (ISOLATION, APP_RESTRICTION)
"""What stays until somebody gives it back."""

ENDED, RUNNING, CUT_SHORT = "ended", "running", "cut_short"

Entry = t.Mapping[str, t.Any]
IsRunning = t.Callable[[str], bool]


def marker(case: str, run: str) -> str:
    """What stands at the end of the comment of every action that this run asks for."""
    return f"[case {case} run {run}]"


def is_of_case(comment: str, case: str) -> bool:
    """Whether some run of the case has asked for the action with this comment."""
    return f"[case {case} run " in comment


@dataclass
class Run:
    """One task that worked on the case. ``plan`` is its first entry, which says who asked for what."""

    id: str
    plan: Entry
    ended: str | None = None

    @property
    def order(self) -> str | None:
        return self.plan.get("order")

    def describe(self, is_running: IsRunning) -> dict[str, t.Any]:
        """For results."""
        told = {name: self.plan.get(name) for name in ("action", "comment", "app_id", "user", "host", "version")}
        state = ENDED if self.ended else RUNNING if is_running(self.id) else CUT_SHORT
        return {"run": self.id, "state": state, "started": self.plan["time"], "ended": self.ended, **told, "machines": len(self.plan.get("machines", ()))}


@dataclass
class Deed:
    """One run and one machine. ``sent`` says that the call was made, or about to be; ``ours`` that the action is the case's."""

    run: Run
    machine_id: str
    action: str
    asked: str
    sent: bool
    known: str
    before: t.Any = None
    outcome: str = UNANSWERED
    reason: str = "no answer is on record"
    action_id: str | None = None
    ours: bool = False
    settled_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was sent and nobody knows its end. What got no answer is settled when a later run knows better."""
        return self.sent and self.outcome in MAY_GO_ON and not (self.settled_by and self.action_id is None)

    def learn(self, entry: Entry) -> None:
        self.known, self.outcome, self.reason = entry["time"], entry["outcome"], entry["reason"]
        self.action_id, self.ours = entry["action_id"], entry["ours"]

    def describe(self) -> dict[str, t.Any]:
        """For results."""
        told = ("action", "asked", "sent", "outcome", "reason", "action_id", "ours", "known", "before", "settled_by")
        return {"run": self.run.id, "comment": self.run.plan.get("comment"), "open": self.is_open, **{name: getattr(self, name) for name in told}}


@dataclass
class Story:
    """All runs and deeds of a case, in their order."""

    runs: dict[str, Run] = field(default_factory=dict)
    deeds: dict[tuple[str, str], Deed] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lasting: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {pair.on: {} for pair in LASTING})

    @property
    def open(self) -> list[Deed]:
        return [deed for deed in self.deeds.values() if deed.is_open]

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
            for deed in self.deeds.values()
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
    deed.sent, deed.outcome, deed.known, deed.before = True, UNANSWERED, entry["time"], entry["before"]


def _answer(story: Story, entry: Entry) -> None:
    deed = story.deeds.get((entry["run"], entry["machine_id"]))
    if deed is not None:
        deed.learn(entry)
    _keep_lasting(story, entry)


def _result(story: Story, entry: Entry) -> None:
    own = _deed(story, entry, sent=False)
    own.learn(entry)
    for deed in story.deeds.values():
        if deed is own or deed.machine_id != own.machine_id:
            continue
        if own.action_id and deed.action_id == own.action_id:
            deed.outcome, deed.reason, deed.known = own.outcome, own.reason, own.known
        if deed.run.order == entry["order"] and deed.run.ended is None and own.outcome != NOT_SENT:
            deed.settled_by = own.run.id
    _keep_lasting(story, entry)


def _end(story: Story, entry: Entry) -> None:
    _run(story, entry).ended = entry["time"]


LEARN: dict[str, t.Callable[[Story, Entry], None]] = {PLAN: _plan, DISPATCH: _dispatch, ANSWER: _answer, RESULT: _result, END: _end}


def _run(story: Story, entry: Entry) -> Run:
    """The entry's run; one whose plan was spoilt begins with the first entry that is left."""
    return story.runs.setdefault(entry["run"], Run(entry["run"], entry))


def _deed(story: Story, entry: Entry, *, sent: bool) -> Deed:
    story.names[entry["machine_id"]] = entry["machine"]
    key = (entry["run"], entry["machine_id"])
    if key not in story.deeds:
        story.deeds[key] = Deed(_run(story, entry), entry["machine_id"], entry["action"], entry["time"], sent, entry["time"])
    return story.deeds[key]


def _keep_lasting(story: Story, entry: Entry) -> None:
    for pair in LASTING:
        held = story.lasting[pair.on]
        if entry["action"] == pair.off_action and entry["outcome"] in (SUCCEEDED, UNCHANGED):
            held.pop(entry["machine_id"], None)
        if entry["action"] == pair.on_action and entry["ours"] and entry["action_id"]:
            _hold(held, entry["machine_id"], entry["action_id"], holds=entry["outcome"] in (PENDING, SUCCEEDED, UNKNOWN))


def _hold(held: dict[str, set[str]], machine_id: str, action_id: str, *, holds: bool) -> None:
    action_ids = held.setdefault(machine_id, set())
    if holds:
        action_ids.add(action_id)
    else:
        action_ids.discard(action_id)
    if not action_ids:
        del held[machine_id]
