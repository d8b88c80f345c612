# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes records of the service, in few calls, and reads back what became of them."""

from __future__ import annotations

import threading
import typing as t
from dataclasses import dataclass

from .._api import machines
from .._client import odata
from .._client.errors import DefenderError, NotFound, SignInFailed, TokenRejected
from .._client.threads import at_once
from .._operation import PAGE, Operation
from . import outcome as words
from .state import IDS_A_CALL, chunks
from .submit import IN_FLIGHT, ROUNDS, may_have_arrived

Value = t.Any
Drift = t.Mapping[str, tuple[Value, Value]]
"""By id of the record what is there and what is wanted."""


class Call(t.NamedTuple):
    """One call, and the ids of the records that it is about."""

    operation: Operation
    values: t.Mapping[str, t.Any]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Trait:
    """What is to be changed of records; values are compared with ``==``.

    ``of`` reads it from a record. ``wanted`` is what it shall be, given what it is, and the same when that is well.
    ``waves`` are the calls against a drift, in an attempt counted from 0; those of one wave may be under way together.
    ``listing`` shows the records.
    """

    noun: str
    of: t.Callable[[dict], Value]
    wanted: t.Callable[[Value], Value]
    waves: t.Callable[[Drift, int], t.Sequence[t.Sequence[Call]]]
    listing: Operation = machines.LIST


class Fate(t.NamedTuple):
    """What became of one record, in the words of ``outcome``; ``now`` is what it shows as far as is known."""

    record: dict
    word: str
    reason: str
    before: Value
    now: Value
    error: DefenderError | None = None

    @property
    def changed(self) -> bool:
        """Whether this task made a difference, or may have; in check mode whether it would."""
        return self.word in (words.PLANNED, words.UNKNOWN) or self.now != self.before


def bring(client, trait: Trait, found: t.Sequence[dict]) -> list[Fate]:
    """Change the records that differ; an error of a call becomes the fate of its records.

    What got an error or no clear answer is read back. What then still differs is tried again, unless the error says
    that it had no effect. A refused token stops the rest.
    """
    run = _Run(client, trait, found)
    for attempt in range(ROUNDS):
        drift = run.drift()
        if not drift:
            break
        for wave in trait.waves(drift, attempt):
            run.send(wave)
        run.look()
    return [run.fate(record) for record in found]


class _Run:
    """The calls of one task and what they told, by id of the record."""

    def __init__(self, client, trait: Trait, found: t.Sequence[dict]) -> None:
        self._client = client
        self._trait = trait
        self._before = {record["id"]: trait.of(record) for record in found}
        self._now = dict(self._before)
        self._planned: set[str] = set()
        self._unclear: dict[str, DefenderError | None] = {}
        self._doubts: dict[str, DefenderError | None] = {}
        self._closed: dict[str, tuple[str, str, DefenderError | None]] = {}
        self._stop = threading.Event()

    def drift(self) -> Drift:
        """What is still to be done."""
        done = self._planned.union(self._closed)
        pairs = {key: (now, self._trait.wanted(now)) for key, now in self._now.items() if key not in done}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

    def send(self, wave: t.Sequence[Call]) -> None:
        """Send the calls of a wave together, and take in what they answer."""
        for call, answer in zip(wave, at_once(self._client, self._ask, wave, threads=IN_FLIGHT)):
            self._take_in(call, answer)

    def look(self) -> None:
        """Read the records that no clear answer is about."""
        unclear, self._unclear = self._unclear, {}
        self._doubts = unclear
        gone = dict.fromkeys(unclear)
        try:
            for group in chunks(list(unclear), IDS_A_CALL):
                where = odata.any_of(*(odata.eq("id", key) for key in group))
                for record in _none_when_not_found(self._client.list(self._trait.listing, where=where)):
                    self._now[record["id"]] = self._trait.of(record)
                    gone.pop(record["id"], None)
        except DefenderError as error:
            for key in gone:
                reason = f"no clear answer came, and the record could not be read: {error.sentence()}"
                self._closed[key] = (words.UNKNOWN, reason, unclear[key] or error)
            return
        for key in gone:
            self._closed[key] = (words.FAILED, "the service does not know it any more", unclear[key])
        for key in self.drift().keys() & unclear.keys():
            refusal = unclear[key]
            if refusal is not None and not may_have_arrived(refusal):
                self._closed[key] = (words.FAILED, refusal.sentence(), refusal)

    def fate(self, record: dict) -> Fate:
        """What became of a record, when all is done."""
        key = record["id"]
        before, now = self._before[key], self._now[key]
        wanted = self._trait.wanted(now)
        if key in self._closed:
            word, reason, error = self._closed[key]
            return Fate(record, word, reason, before, now, error)
        if key in self._planned:
            return Fate(record, words.PLANNED, "it differs", before, wanted)
        if now != wanted and self._doubts.get(key):
            reason = "no clear answer came, and the record does not show it; it may still arrive"
            return Fate(record, words.UNKNOWN, reason, before, now, self._doubts[key])
        if now != wanted:
            return Fate(record, words.FAILED, "the service took the calls, and the record still differs", before, now)
        if now == before:
            return Fate(record, words.UNCHANGED, "it is so already", before, now)
        return Fate(record, words.SUCCEEDED, "the service shows it so", before, now)

    def _ask(self, call: Call) -> list[dict] | DefenderError | None:
        """The records that come back; ``None`` for a call that was not sent."""
        if self._stop.is_set():
            return None
        try:
            answer = self._client.call(call.operation, **call.values)
        except (TokenRejected, SignInFailed) as error:
            self._stop.set()
            return error
        except DefenderError as error:
            return error
        if answer is None:
            return None
        return answer.get("value", []) if call.operation.reply == PAGE else [answer]

    def _take_in(self, call: Call, answer: list[dict] | DefenderError | None) -> None:
        if isinstance(answer, (TokenRejected, SignInFailed)):
            self._closed.update((key, (words.FAILED, answer.sentence(), answer)) for key in call.ids)
        elif isinstance(answer, DefenderError):
            self._unclear.update(dict.fromkeys(call.ids, answer))
        elif answer is not None:
            seen = {record.get("id"): record for record in answer}
            # What the answer leaves out is looked at: what becomes of an unknown id is not told.
            self._unclear.update((key, None) for key in call.ids if key not in seen)
            self._now.update((key, self._trait.of(seen[key])) for key in call.ids if key in seen)
        elif self._stop.is_set():
            reason = "the token was refused for another one, so this one was not tried"
            self._closed.update((key, (words.NOT_SENT, reason, None)) for key in call.ids)
        else:
            self._planned.update(call.ids)


def _none_when_not_found(rows: t.Iterable[dict]) -> t.Iterator[dict]:
    """``rows``; a list with nothing in it may answer 404 (get-machines.md)."""
    try:
        yield from rows
    except NotFound:
        return
