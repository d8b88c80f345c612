# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of opposite states a machine can be put in, and the actions that lead there."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._api import response_actions
from .._operation import Operation

QUEUED_FOR = datetime.timedelta(days=3)
"""How long the service keeps trying an offline machine (respond-machine-alerts.md)."""


@dataclass(frozen=True)
class TwoStates:
    """``on`` and ``off`` are the states' names, the actions the service's words for getting there.

    ``lifts_after`` is the time after which the service leaves the ``on`` state by itself.
    """

    on: str
    off: str
    on_action: str
    off_action: str
    on_operation: Operation
    off_operation: Operation
    lifts_after: datetime.timedelta | None = None

    def action_to(self, state: str) -> str:
        return self.on_action if state == self.on else self.off_action

    def operation_to(self, state: str) -> Operation:
        return self.on_operation if state == self.on else self.off_operation

    def looks_back_to(self, now: datetime.datetime) -> datetime.datetime | None:
        """The oldest action that can still matter; ``None`` when every one can."""
        if self.lifts_after is None:
            return None
        return now - self.lifts_after - QUEUED_FOR


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


class Running(t.NamedTuple):
    """An action that has not ended: where it leads and the service's record of it."""

    state: str
    action: dict
