# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that leave no lasting state: each order is a new one, unless the same is under way."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._api import machine_actions
from .._operation import Operation
from .history import QUEUED_FOR, History, Running, created, ended
from .order import Order


def any_action(_order: Order, _action: dict) -> bool:
    """Whatever it was asked for with, it does the same."""
    return True


def never(_machine: dict, _before: History) -> str | None:
    """Each order is a new one: who asks for a scan wants a scan."""
    return None


@dataclass(frozen=True)
class Act:
    """``type`` is the service's word for the action.

    ``serves`` says whether an action of this type does what an order asks for; ``rests`` why a machine needs no action
    at all, or ``None``. ``reaches_back`` is how old an action may be and still matter; ``None`` when however old it is.
    """

    type: str
    operation: Operation
    serves: t.Callable[[Order, dict], bool] = any_action
    rests: t.Callable[[dict, History], str | None] = never
    # It can be under way, or belong to a run that was cut short, for as long as the service keeps trying.
    reaches_back: datetime.timedelta | None = QUEUED_FOR
    keeps_state = False

    @property
    def types(self) -> tuple[str, ...]:
        return (self.type,)

    def order(self, word: str, **facts: t.Any) -> Order:
        return Order(word, self.operation, self.type, self, **facts)

    def looks_back_to(self, now: datetime.datetime) -> datetime.datetime | None:
        return None if self.reaches_back is None else now - self.reaches_back

    def read(self, actions: t.Iterable[dict], now: datetime.datetime) -> History:
        of_type = sorted((action for action in actions if action.get("type") == self.type), key=created)
        running = [action for action in of_type if action.get("status") in machine_actions.RUNNING]
        last = of_type[-1] if of_type else None
        return History(
            None,
            "action" if last else "no_record",
            since=ended(last) if last else None,
            latest=last,
            running=Running(None, running[-1]) if running else None,
            actions=tuple(of_type),
        )

    def settled(self, order: Order, machine: dict, before: History) -> str | None:
        return self.rests(machine, before)

    def leads_to(self, order: Order, running: Running) -> bool:
        return self.serves(order, running.action)
