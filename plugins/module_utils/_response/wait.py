# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for actions to end, all of them in one list call a round."""

from __future__ import annotations

import collections
import typing as t
from dataclasses import dataclass, replace

from .._api import machine_actions
from .._client import odata
from .._client.errors import BadInput, DefenderError
from .history import created
from .order import Order
from .outcome import PENDING, Outcome, of_action
from .progress import WAITING, Progress
from .state import IDS_A_CALL, NARROW_CALLS, chunks

GROWTH = 1.5
LONGEST_PAUSE = 60
"""Seconds between two looks at most, however long the wait: a list call costs one of 100 a minute."""


@dataclass(frozen=True)
class Patience:
    """How long to wait in all and how long between the first two looks, both in seconds."""

    timeout: int
    interval: int

    @classmethod
    def of(cls, params: t.Mapping[str, t.Any]) -> Patience | None:
        """The patience that the options of the ``_wait`` fragment describe; ``None`` without ``wait``.

        :raises BadInput: when a number makes no sense
        """
        for option in ("wait_timeout", "poll_interval"):
            if params[option] < 1:
                raise BadInput(f"{option}: {params[option]} is not a time to wait.", hint="Give a whole number of seconds from 1")
        return cls(params["wait_timeout"], params["poll_interval"]) if params["wait"] else None


def wait(client, order: Order, outcomes: t.Sequence[Outcome], patience: Patience) -> list[Outcome]:
    """The outcomes again, with the actions that ended meanwhile; the rest stays pending and says why."""
    current = list(outcomes)
    deadline = client.clock.monotonic() + patience.timeout
    pause = float(patience.interval)
    while any(outcome.word == PENDING for outcome in current):
        left = deadline - client.clock.monotonic()
        counts = collections.Counter(outcome.word for outcome in current)
        client.watch(Progress(order.word, WAITING, len(current), counts, lambda: deadline - client.clock.monotonic()))
        if left <= 0:
            return [_still_pending(outcome, f"not ended after {patience.timeout} s of waiting") for outcome in current]
        client.clock.sleep(min(pause, left))
        pause = min(pause * GROWTH, LONGEST_PAUSE)
        try:
            actions = read_actions(client, [outcome.action for outcome in current if outcome.word == PENDING and outcome.action])
        except DefenderError as error:
            return [_still_pending(outcome, f"the wait was cut short: {error.sentence()}", error) for outcome in current]
        current = [_updated(outcome, actions) for outcome in current]
    return current


def read_actions(client, actions: t.Sequence[dict]) -> dict[str, dict]:
    """The present record of ``actions`` by id: named one by one while that is few calls, else by type and age where those are known."""
    ids = [action["id"] for action in actions]
    groups = list(chunks(ids, IDS_A_CALL))
    if len(groups) <= NARROW_CALLS or not all("type" in action for action in actions):
        filters = [odata.any_of(*(odata.eq("id", action_id) for action_id in group)) for group in groups]
    else:
        types = sorted({action["type"] for action in actions})
        oldest = min(created(action) for action in actions)
        filters = [odata.all_of(odata.any_of(*(odata.eq("type", word) for word in types)), odata.ge("creationDateTimeUtc", oldest))]
    wanted = set(ids)
    rows = (row for where in filters for row in client.list(machine_actions.LIST, where=where))
    return {row["id"]: row for row in rows if row["id"] in wanted}


def _updated(outcome: Outcome, actions: t.Mapping[str, dict]) -> Outcome:
    if outcome.word != PENDING or outcome.action is None:
        return outcome
    action = actions.get(outcome.action["id"])
    return of_action(outcome.step, action, sent=outcome.sent) if action else outcome


def _still_pending(outcome: Outcome, why: str, error: DefenderError | None = None) -> Outcome:
    if outcome.word != PENDING:
        return outcome
    return replace(outcome, reason=f"{outcome.reason}; {why}", error=error)
