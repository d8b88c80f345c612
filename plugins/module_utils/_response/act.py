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


@dataclass(frozen=True)
class Act:
    """``type`` is the service's word for the action. With ``any_scope`` one under way counts whatever its scope is."""

    type: str
    operation: Operation
    any_scope: bool = True
    keeps_state = False

    @property
    def types(self) -> tuple[str, ...]:
        return (self.type,)

    def order(self, word: str, **facts: t.Any) -> Order:
        return Order(word, self.operation, self.type, self, **facts)

    def looks_back_to(self, now: datetime.datetime) -> datetime.datetime:
        """An action can be under way, or belong to a run that was cut short, for as long as the service keeps trying."""
        return now - QUEUED_FOR

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

    def settled(self, order: Order, before: History) -> str | None:
        """Never: who asks for a scan wants a scan."""
        return None

    def leads_to(self, order: Order, running: Running) -> bool:
        return self.any_scope or running.action.get("scope") in (None, order.scope)
