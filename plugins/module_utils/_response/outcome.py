# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of each machine, in words that never call a doubt a success."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._client.errors import DefenderError
from .._client.kept_file import Kept
from .plan import Step

UNCHANGED = "unchanged"
PLANNED = "planned"
PENDING = "pending"
SUCCEEDED = "succeeded"
FAILED = "failed"
TIMED_OUT = "timed_out"
CANCELLED = "cancelled"
UNKNOWN = "unknown"
NOT_SENT = "not_sent"
REFUSED = "refused"

WORDS = (SUCCEEDED, UNCHANGED, PLANNED, PENDING, FAILED, TIMED_OUT, CANCELLED, UNKNOWN, NOT_SENT, REFUSED)

BY_STATUS = {
    "Pending": PENDING,
    "InProgress": PENDING,
    "Succeeded": SUCCEEDED,
    "Failed": FAILED,
    "TimeOut": TIMED_OUT,
    "Cancelled": CANCELLED,
}
"""Our word for each status of machineaction.md; any other status is ``unknown``."""

BAD = frozenset((FAILED, TIMED_OUT, CANCELLED, UNKNOWN, NOT_SENT))


@dataclass(frozen=True)
class Outcome:
    """One machine's fate. ``sent`` says that this task asked for the action, not another one.

    ``found`` is what the action brought, for the machine's entry in the result; ``files`` are those of it that were kept.
    """

    step: Step
    word: str
    reason: str
    action: dict | None = None
    sent: bool = False
    error: DefenderError | None = None
    found: t.Mapping[str, t.Any] = field(default_factory=dict)
    files: tuple[Kept, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether this task made, or is making, a difference; in check mode whether it would."""
        if self.word == PLANNED:
            return True
        return self.sent and self.word in (PENDING, SUCCEEDED, UNKNOWN)


def of_action(step: Step, action: dict, *, sent: bool) -> Outcome:
    """The outcome as far as ``action`` tells it."""
    status = action.get("status")
    word = BY_STATUS.get(t.cast(str, status), UNKNOWN)
    return Outcome(step, word, _reason(step, word, action), action=action, sent=sent)


def at_rest(step: Step) -> Outcome:
    """The outcome of a step that sends nothing."""
    if step.action is not None:
        return of_action(step, step.action, sent=False)
    return Outcome(step, UNCHANGED, step.why)


def _reason(step: Step, word: str, action: dict) -> str:
    if word == PENDING and step.machine.get("healthStatus") == "Inactive":
        return "queued: the machine is inactive, and the service keeps trying for up to three days"
    if word == UNKNOWN:
        return f"the service reports the status {action.get('status')!r}, which is not documented"
    if word in BAD and action.get("troubleshootInfo"):
        return f"the service reports {action['status']}: {action['troubleshootInfo']}"
    return f"the service reports {action.get('status')}"
