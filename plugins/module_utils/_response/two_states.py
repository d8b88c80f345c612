# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of opposite states a machine can be put in, told from the actions that lead there."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._api import machine_actions, response_actions
from .._operation import Operation
from .history import QUEUED_FOR, History, Running, created, ended
from .order import Order


@dataclass(frozen=True)
class TwoStates:
    """``on`` and ``off`` are the states' names, the actions the service's words for getting there.

    ``lifts_after`` is the time after which the service leaves the ``on`` state by itself. With ``unscoped`` the record
    may leave out in which way a machine is ``on``.
    """

    on: str
    off: str
    on_action: str
    off_action: str
    on_operation: Operation
    off_operation: Operation
    lifts_after: datetime.timedelta | None = None
    unscoped: bool = False
    keeps_state = True

    @property
    def types(self) -> tuple[str, ...]:
        return (self.on_action, self.off_action)

    def order(self, state: str, **facts: t.Any) -> Order:
        """An order for ``state``. Giving back what was taken needs no protection, and no agent to answer at once."""
        if state == self.off:
            return Order(state, self.off_operation, self.off_action, self, onboarded=None, **facts)
        return Order(state, self.on_operation, self.on_action, self, cuts_off=True, **facts)

    def looks_back_to(self, now: datetime.datetime) -> datetime.datetime | None:
        if self.lifts_after is None:
            return None
        return now - self.lifts_after - QUEUED_FOR

    def read(self, actions: t.Iterable[dict], now: datetime.datetime) -> History:
        """The state that the last action proves which ended well."""
        of_pair = sorted((action for action in actions if action.get("type") in self.types), key=created)
        running: Running | None = None
        last: dict | None = None
        for action in of_pair:
            status = action.get("status")
            if status in machine_actions.RUNNING:
                running = Running(self.on if action["type"] == self.on_action else self.off, action)
            elif status == "Succeeded" or status not in machine_actions.FINAL:
                last = action
        return self._proven(last, running, tuple(of_pair), now)

    def settled(self, order: Order, machine: dict, before: History) -> str | None:
        same_way = before.scope == order.scope or (self.unscoped and before.scope is None)
        if before.state != order.word or not (order.word == self.off or same_way):
            return None
        if before.basis == "action":
            return f"it is {order.word} already (action {before.action_id})"
        if before.basis == "expired" and self.lifts_after is not None:
            return f"it is {order.word} already: the service lifts this state after {self.lifts_after.days} days"
        return f"it is {order.word} already: no other action is on record"

    def leads_to(self, order: Order, running: Running) -> bool:
        scope = running.action.get("scope")
        return running.state == order.word and (order.word == self.off or scope in (None, order.scope))

    def _proven(self, last: dict | None, running: Running | None, actions: tuple[dict, ...], now: datetime.datetime) -> History:
        if last is None:
            return History(self.off, "no_record", running=running, actions=actions)
        since = ended(last)
        facts: dict[str, t.Any] = {"since": since, "latest": last, "running": running, "actions": actions}
        if last.get("status") != "Succeeded":
            return History("unknown", "unreadable", **facts)
        if last["type"] == self.off_action:
            return History(self.off, "action", **facts)
        if self.lifts_after is not None and now - since > self.lifts_after:
            return History(self.off, "expired", **facts)
        return History(self.on, "action", scope=last.get("scope"), **facts)


CONTAINMENT = TwoStates(
    on="isolated",
    off="released",
    on_action="Isolate",
    off_action="Unisolate",
    on_operation=response_actions.ISOLATE,
    off_operation=response_actions.RELEASE,
    # The record has scopes for Full and Selective only (machineaction.md). That containment lifts itself is not told.
    unscoped=True,
)
"""Of a machine that is not onboarded: those that are keep away from it."""

ISOLATION = TwoStates(
    on="isolated",
    off="released",
    on_action="Isolate",
    off_action="Unisolate",
    on_operation=response_actions.ISOLATE,
    off_operation=response_actions.RELEASE,
    # Isolation ends by itself after seven days (respond-machine-alerts.md).
    lifts_after=datetime.timedelta(days=7),
)

APP_RESTRICTION = TwoStates(
    on="restricted",
    off="unrestricted",
    on_action="RestrictCodeExecution",
    off_action="UnrestrictCodeExecution",
    on_operation=response_actions.RESTRICT,
    off_operation=response_actions.UNRESTRICT,
)
