# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the record of a machine's actions says of it."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._client import moments
from .._client.errors import BadAnswer
from .._client.record_types import moment_in

QUEUED_FOR = datetime.timedelta(days=3)
"""How long the service keeps trying an offline machine (respond-machine-alerts.md)."""


class Running(t.NamedTuple):
    """An action that has not ended: the state it leads to, where it leads to one, and the service's record of it."""

    state: str | None
    action: dict


@dataclass(frozen=True)
class History:
    """What is known of one machine.

    ``state`` is ``None`` where the actions lead to no lasting state. ``basis`` says how the state is known: ``action``
    (an action ended well), ``expired`` (it did, but the service has lifted the state since), ``no_record`` (no such
    action in the time that matters), ``unreadable`` (the last action carries a status that we do not know) or
    ``not_read``. ``latest`` is the newest action that says anything of it, ``since`` when that one ended. ``actions``
    are all that were read.
    """

    state: str | None
    basis: str
    scope: str | None = None
    since: datetime.datetime | None = None
    latest: dict | None = None
    running: Running | None = None
    actions: tuple[dict, ...] = ()

    @property
    def action_id(self) -> str | None:
        return self.latest["id"] if self.latest else None

    def describe(self, now: datetime.datetime) -> dict[str, t.Any]:
        """For results: the state, how it is known and how old the proof is."""
        return {
            "state": self.state,
            "scope": self.scope.lower() if self.scope else None,
            "basis": self.basis,
            "since": moments.spell(self.since) if self.since else None,
            "age_seconds": int((now - self.since).total_seconds()) if self.since else None,
            "action_id": self.action_id,
        }


def created(action: dict) -> datetime.datetime:
    """When the action was asked for.

    :raises BadAnswer: the record does not say
    """
    return _moment(action, "creationDateTimeUtc")


def ended(action: dict) -> datetime.datetime:
    """When the action last changed; lists and single answers spell that field differently (machineaction.md).

    :raises BadAnswer: the record does not say
    """
    return _moment(action, "lastUpdateDateTimeUtc", "lastUpdateTimeUtc", "creationDateTimeUtc")


def _moment(action: dict, *names: str) -> datetime.datetime:
    moment = moment_in(action, *names)
    if moment is None:
        raise BadAnswer(f"The record of the action {action.get('id')} has no {names[0]}")
    return moment
