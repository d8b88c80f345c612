# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pipeline tells whoever keeps a record of the case, and what it may ask of an earlier run."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .outcome import Outcome
    from .plan import Order, Plan, Step


class Earlier(t.NamedTuple):
    """What an earlier run that was cut short did with a machine. Without ``action_id`` it got no answer.

    ``marker`` stands in the comment of the action, if there is one.
    """

    marker: str
    action_id: str | None


class Recorder(t.Protocol):
    """Keeps the record of a case. Threads share it; ``sending`` must be on disk before it returns."""

    def marked(self, comment: str) -> str:
        """The comment with the marker of this run, by which an action is found again."""

    def earlier(self, order: Order) -> t.Mapping[str, Earlier]:
        """By machine id, what runs of this case that were cut short had begun for the same order."""

    def planned(self, order: Order, plan: Plan) -> None:
        """Before anything is sent."""

    def sending(self, order: Order, step: Step) -> None:
        """Right before the call for one machine."""

    def answered(self, order: Order, outcome: Outcome) -> None:
        """Right after its answer, be it an error."""

    def ended(self, order: Order, outcomes: t.Sequence[Outcome]) -> None:
        """When the task knows all it will know."""

    def describe(self) -> dict[str, t.Any] | None:
        """For the result: where the record lies; ``None`` where nothing is kept."""


class NoRecord:
    """Keeps nothing: no case was named, or nothing is sent."""

    def marked(self, comment: str) -> str:
        return comment

    def earlier(self, order: Order) -> t.Mapping[str, Earlier]:
        return {}

    def planned(self, order: Order, plan: Plan) -> None:
        """Nothing."""

    def sending(self, order: Order, step: Step) -> None:
        """Nothing."""

    def answered(self, order: Order, outcome: Outcome) -> None:
        """Nothing."""

    def ended(self, order: Order, outcomes: t.Sequence[Outcome]) -> None:
        """Nothing."""

    def describe(self) -> dict[str, t.Any] | None:
        return None
