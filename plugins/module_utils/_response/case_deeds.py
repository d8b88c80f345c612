# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs that worked on a case, and what each did with each machine."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .outcome import PENDING, SUCCEEDED, UNCHANGED, UNKNOWN

UNANSWERED = "unanswered"
"""The word for a call of which nothing is known but that it was about to be made."""
NO_ANSWER = "no answer is on record"

MAY_GO_ON = frozenset((UNANSWERED, PENDING, UNKNOWN))

ENDED, RUNNING, CUT_SHORT = "ended", "running", "cut_short"

Entry = t.Mapping[str, t.Any]
IsRunning = t.Callable[[str], bool]


def marker(case: str, run: str) -> str:
    """What stands at the end of the comment of every action that this run asks for."""
    return f"[case {case} run {run}]"


def run_in(comment: str, case: str) -> str | None:
    """The run of the case that asked for the action with this comment, if one did."""
    found = re.search(rf"\[case {re.escape(case)} run ([0-9a-f]+)\]", comment)
    return found.group(1) if found else None


@dataclass
class Run:
    """One task that worked on the case. ``plan`` is its first entry, which says who asked for what.

    A task that only waited for actions of another one has no plan, and ``plan`` is whatever it wrote first.
    """

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
    """One run and one machine. ``sent`` says that the call was made, or about to be.

    ``asked_in`` is the run of this case that had asked for the action, be it this one or an earlier one.
    """

    run: Run
    machine_id: str
    action: str
    asked: str
    sent: bool
    known: str
    before: t.Any = None
    outcome: str = UNANSWERED
    reason: str = NO_ANSWER
    action_id: str | None = None
    asked_in: str | None = None
    settled_by: str | None = None
    files: list[dict[str, t.Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it was sent and nobody knows its end. What got no answer is settled when a later run knows better."""
        return self.sent and self.outcome in MAY_GO_ON and not (self.settled_by and self.action_id is None)

    def learn(self, entry: Entry) -> None:
        self.known, self.outcome, self.reason = entry["time"], entry["outcome"], entry["reason"]
        self.action_id, self.asked_in, self.files = entry["action_id"], entry["asked_in"], entry.get("files", [])

    def learn_from(self, later: Deed) -> None:
        """Take in what a later run knows of the same action, or of the one that this run saw no answer of."""
        lost = self.sent and self.action_id is None and later.asked_in == self.run.id
        if later.action_id is None or not (lost or self.action_id == later.action_id):
            return
        self.action_id, self.asked_in, self.known = later.action_id, later.asked_in, later.known
        # What is found as it should be, and proved by this action, was brought about by it.
        self.outcome = SUCCEEDED if later.outcome == UNCHANGED else later.outcome
        self.reason = later.reason

    def describe(self) -> dict[str, t.Any]:
        """For results."""
        told = ("action", "asked", "sent", "outcome", "reason", "action_id", "asked_in", "known", "before", "settled_by", "files")
        return {"run": self.run.id, "comment": self.run.plan.get("comment"), "open": self.is_open, **{name: getattr(self, name) for name in told}}
