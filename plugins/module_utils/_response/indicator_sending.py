# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the plan of a set by the hundred, and finds out for each indicator how it ended."""

from __future__ import annotations

import collections
import typing as t

from .._api import indicators
from .._client.answers import DISABLED
from .._client.errors import DefenderError, NotFound, ServiceError
from .._client.text import plain
from .indicator_plan import REMOVE, WRITTEN, Key, Row, Step, shows
from .indicator_values import known_as
from .state import chunks
from .submit import may_have_arrived

DONE, PLANNED, FAILED, UNKNOWN, NOT_SENT = "done", "planned", "failed", "unknown", "not_sent"

ROUNDS = 3
"""How often what got no clear answer is looked at, and sent again where it has not arrived."""

SPLITS = 40
"""Calls in a run at most to find the one for which the service refuses a call as a whole; one among 500 takes 18."""

NOT_NAMED = "the answer of the service does not name it"

OF_THE_CONTENT = (400, 403)
"""Answers that may be about one indicator of the call: a bad one, or one of device groups that are not ours (batch-delete-ti-indicators.md)."""


class Sent(t.NamedTuple):
    """How one step of the plan ended."""

    step: Step
    word: str
    reason: str
    error: DefenderError | None = None


Read = t.Callable[[], t.Mapping[Key, Row]]
Steps = t.Sequence[Step]


class Sender:
    """One run. ``read`` gives all records as they are now."""

    def __init__(self, client, read: Read) -> None:
        self._client = client
        self._read = read
        self._splits = SPLITS
        self._stopped: DefenderError | None = None

    def send(self, steps: Steps, *, removals_first: bool) -> list[Sent]:
        """Write what is to be written and remove what is to be removed; whatever holds for all stops the rest."""
        written = [step for step in steps if step.verdict in WRITTEN]
        removed = [step for step in steps if step.verdict == REMOVE]
        works = [(written, self._import), (removed, self._delete)]
        sent: list[Sent] = []
        for group, ask in reversed(works) if removals_first else works:
            for part in chunks(group, indicators.A_CALL):
                sent += self._part(part, ask)
        return sent

    def _part(self, steps: Steps, ask: t.Callable[[Steps], list[Sent]], rounds: int = ROUNDS) -> list[Sent]:
        """One call, and what follows from its answer."""
        if self._stopped is not None:
            return [Sent(step, NOT_SENT, "an error that stops them all came before, so this one was not tried") for step in steps]
        try:
            return ask(steps)
        except DefenderError as error:
            if may_have_arrived(error) or isinstance(error, NotFound):
                return self._look(steps, ask, error, rounds)
            if not _is_of_the_content(error):
                self._stopped = error
            elif len(steps) > 1 and self._splits > 0:
                self._splits -= 2
                middle = len(steps) // 2
                return [*self._part(steps[:middle], ask, rounds), *self._part(steps[middle:], ask, rounds)]
            return [Sent(step, FAILED, _refused(error, len(steps)), error) for step in steps]

    def _look(self, steps: Steps, ask: t.Callable[[Steps], list[Sent]], error: DefenderError, rounds: int) -> list[Sent]:
        """What has arrived after an answer that was lost or that knew not all; the rest is sent again.

        A second import of the same changes nothing more, as it creates or updates (import-ti-indicators.md). Of a removal only ids
        that are there may be sent: one that is unknown makes the call fail, and whether the others went the page does not say.
        """
        try:
            rows = self._read()
        except DefenderError as second:
            reason = f"no clear answer came, and the list could not be read: {second.sentence()}"
            return [Sent(step, UNKNOWN, reason, error) for step in steps]
        done = [step for step in steps if _has_arrived(step, rows)]
        left = [step for step in steps if not _has_arrived(step, rows)]
        found = [Sent(step, DONE, "no clear answer came, and it is so") for step in done]
        if not left:
            return found
        if rounds == 1:
            return [*found, *(Sent(step, FAILED, error.sentence(), error) for step in left)]
        return [*found, *self._part(left, ask, rounds - 1)]

    def _import(self, steps: Steps) -> list[Sent]:
        answer = self._client.call(indicators.IMPORT, indicators=[step.record for step in steps])
        if answer is None:
            return [Sent(step, PLANNED, step.reason) for step in steps]
        results: dict[str, collections.deque[Row]] = collections.defaultdict(collections.deque)
        rows = answer.get("value")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                results[str(row.get("indicator")).casefold()].append(row)
        return self._looked_up([_result(step, results[step.record["indicatorValue"].casefold()]) for step in steps if step.record])

    def _looked_up(self, sent: list[Sent]) -> list[Sent]:
        """What the answer does not name may be there: the service may spell a value in its own way."""
        if all(one.word != UNKNOWN for one in sent):
            return sent
        try:
            rows = self._read()
        except DefenderError:
            return sent
        return [
            one._replace(word=DONE, reason=f"{NOT_NAMED}, and it is so") if one.word == UNKNOWN and _has_arrived(one.step, rows) else one for one in sent
        ]

    def _delete(self, steps: Steps) -> list[Sent]:
        answer = self._client.call(indicators.BATCH_DELETE, ids=[step.before["id"] for step in steps if step.before])
        return [Sent(step, PLANNED if answer is None else DONE, step.reason) for step in steps]


def _has_arrived(step: Step, rows: t.Mapping[Key, Row]) -> bool:
    row = rows.get(known_as(step.type, step.value))
    if step.verdict != REMOVE:
        return shows(row, step)
    return row is None or step.before is None or row["id"] != step.before["id"]


def _is_of_the_content(error: DefenderError) -> bool:
    """Whether another indicator might be taken. A role that is missing, the rate, a host out of reach: these hold for all."""
    return isinstance(error, ServiceError) and error.status in OF_THE_CONTENT and error.code != DISABLED


def _refused(error: DefenderError, count: int) -> str:
    if count == 1 or not _is_of_the_content(error):
        return error.sentence()
    return f"the service refused a call for {count} indicators, maybe for one of them: {error.sentence()}"


def _result(step: Step, rows: collections.deque[Row]) -> Sent:
    """An answer that is well as a whole holds those that failed (import-ti-indicators.md)."""
    if not rows:
        return Sent(step, UNKNOWN, NOT_NAMED)
    row = rows.popleft()
    if row.get("isFailed") is False:
        return Sent(step, DONE, step.reason)
    return Sent(step, FAILED, f"the service refused it: {plain(str(row.get('failureReason') or 'it does not say why'))}")
