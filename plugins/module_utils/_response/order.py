# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user asks for: one action on machines, and how the record of earlier actions bears on it."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass, field, replace

from .._operation import Operation
from .history import History, Running


class Record(t.Protocol):
    """How earlier actions on a machine are read."""

    @property
    def types(self) -> tuple[str, ...]:
        """The types of actions that matter, in the service's words."""

    @property
    def keeps_state(self) -> bool:
        """Whether the actions lead to a state that lasts."""

    def looks_back_to(self, now: datetime.datetime) -> datetime.datetime | None:
        """The oldest action that can still matter; ``None`` when every one can."""

    def read(self, actions: t.Iterable[dict], now: datetime.datetime) -> History:
        """What ``actions`` of one machine, in any order, say of it."""

    def settled(self, order: Order, machine: dict, before: History) -> str | None:
        """Why nothing needs to be sent, or ``None``."""

    def leads_to(self, order: Order, running: Running) -> bool:
        """Whether an action under way does what is asked for."""


def any_machine(_machine: dict) -> str | None:
    """Fits every machine."""
    return None


def no_facts(_machine: dict) -> t.Mapping[str, t.Any]:
    """Nothing more of the machine is of interest."""
    return {}


@dataclass(frozen=True)
class Order:
    """An action to be asked for.

    ``word`` is what the machines will have been when it ends well, such as ``isolated``; ``values`` are what the call
    takes beside the machine. ``cuts_off`` says that it takes something from the machine, so that the guard protects
    some; ``onboarded`` whether the machine must be, must not be, or may be either (``None``). ``unfit`` tells why a
    machine cannot take the action, or ``None``. ``shows`` are facts of the machine for its entry in the result. The
    calls are spread evenly over ``spread_seconds``.
    """

    word: str
    operation: Operation
    action_type: str
    record: Record
    values: t.Mapping[str, t.Any] = field(default_factory=dict)
    scope: str | None = None
    cuts_off: bool = False
    onboarded: bool | None = True
    unfit: t.Callable[[dict], str | None] = any_machine
    shows: t.Callable[[dict], t.Mapping[str, t.Any]] = no_facts
    spread_seconds: int = 0

    @property
    def comment(self) -> str:
        return self.values.get("comment") or ""

    def with_comment(self, comment: str) -> Order:
        return replace(self, values={**self.values, "comment": comment})

    def at_once(self) -> Order:
        """The same without spreading, for a run that sends nothing."""
        return replace(self, spread_seconds=0)
