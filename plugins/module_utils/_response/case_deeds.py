# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs that worked on a case, and what each did with each machine."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .outcome import PENDING, UNKNOWN

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


def is_of_case(comment: str, case: str) -> bool:
    """Whether some run of the case has asked for the action with this comment."""
    return f"[case {case} run " in comment


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
    """One run and one machine. ``sent`` says that the call was made, or about to be; ``ours`` that the action is the case's."""

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
    ours: bool = False
    settled_by: str | None = None
    files: list[dict[str, t.Any]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it was sent and nobody knows its end. What got no answer is settled when a later run knows better."""
        return self.sent and self.outcome in MAY_GO_ON and not (self.settled_by and self.action_id is None)

    def learn(self, entry: Entry) -> None:
        self.known, self.outcome, self.reason = entry["time"], entry["outcome"], entry["reason"]
        self.action_id, self.ours, self.files = entry["action_id"], entry["ours"], entry.get("files", [])

    def describe(self) -> dict[str, t.Any]:
        """For results."""
        told = ("action", "asked", "sent", "outcome", "reason", "action_id", "ours", "known", "before", "settled_by", "files")
        return {"run": self.run.id, "comment": self.run.plan.get("comment"), "open": self.is_open, **{name: getattr(self, name) for name in told}}
