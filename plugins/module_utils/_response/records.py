# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes what the service keeps of machines, in few calls, and reads back what became of it."""

from __future__ import annotations

import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .._api import machines
from .._client import odata
from .._client.errors import DefenderError, NotFound, SignInFailed, TokenRejected
from .._operation import PAGE, Operation
from . import outcome as words
from .state import IDS_A_CALL, chunks
from .submit import IN_FLIGHT, ROUNDS, may_have_arrived

Value = t.Any
Drift = t.Mapping[str, t.Tuple[Value, Value]]
"""By machine id what is there and what is wanted."""


class Call(t.NamedTuple):
    """One call, and the machines that it is about."""

    operation: Operation
    values: t.Mapping[str, t.Any]
    machine_ids: tuple[str, ...]


@dataclass(frozen=True)
class Trait:
    """What is to be changed of machines; values are compared with ``==``.

    ``of`` reads it from a machine's record. ``wanted`` is what it shall be, given what it is, and the same when that is
    well. ``waves`` are the calls against a drift, in an attempt counted from 0; those of one wave may be under way together.
    """

    noun: str
    of: t.Callable[[dict], Value]
    wanted: t.Callable[[Value], Value]
    waves: t.Callable[[Drift, int], t.Sequence[t.Sequence[Call]]]


class Fate(t.NamedTuple):
    """What became of one machine, in the words of ``outcome``; ``now`` is what it has as far as is known."""

    machine: dict
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
    """Change the machines that differ; an error of a call becomes the fate of its machines.

    What got no clear answer is read back, and what still differs is tried again. A refused token stops the rest.
    """
    run = _Run(client, trait, found)
    for attempt in range(ROUNDS):
        drift = run.drift()
        if not drift:
            break
        for wave in trait.waves(drift, attempt):
            run.send(wave)
        run.look()
    return [run.fate(machine) for machine in found]


class _Run:
    """The calls of one task and what they told, by machine id."""

    def __init__(self, client, trait: Trait, found: t.Sequence[dict]) -> None:
        self._client = client
        self._trait = trait
        self._before = {machine["id"]: trait.of(machine) for machine in found}
        self._now = dict(self._before)
        self._planned: set[str] = set()
        self._unclear: dict[str, DefenderError | None] = {}
        self._doubts: dict[str, DefenderError | None] = {}
        self._closed: dict[str, tuple[str, str, DefenderError | None]] = {}
        self._stop = threading.Event()

    def drift(self) -> Drift:
        """What is still to be done."""
        done = self._planned.union(self._closed)
        pairs = {machine_id: (now, self._trait.wanted(now)) for machine_id, now in self._now.items() if machine_id not in done}
        return {machine_id: pair for machine_id, pair in pairs.items() if pair[0] != pair[1]}

    def send(self, wave: t.Sequence[Call]) -> None:
        """Send the calls of a wave together, and take in what they answer."""
        with ThreadPoolExecutor(max_workers=min(IN_FLIGHT, len(wave))) as pool:
            for call, answer in zip(wave, pool.map(self._ask, wave)):
                self._take_in(call, answer)

    def look(self) -> None:
        """Read the records of the machines that no clear answer is about."""
        unclear, self._unclear = self._unclear, {}
        self._doubts = unclear
        gone = dict.fromkeys(unclear)
        try:
            for group in chunks(list(unclear), IDS_A_CALL):
                where = odata.any_of(*(odata.eq("id", machine_id) for machine_id in group))
                for record in _none_when_not_found(self._client.list(machines.LIST, where=where)):
                    self._now[record["id"]] = self._trait.of(record)
                    gone.pop(record["id"], None)
        except DefenderError as error:
            for machine_id in gone:
                reason = f"no clear answer came, and its record could not be read: {error.sentence()}"
                self._closed[machine_id] = (words.UNKNOWN, reason, unclear[machine_id] or error)
            return
        for machine_id in gone:
            self._closed[machine_id] = (words.FAILED, "the service does not know it any more", unclear[machine_id])

    def fate(self, machine: dict) -> Fate:
        """What became of a machine, when all is done."""
        machine_id = machine["id"]
        before, now = self._before[machine_id], self._now[machine_id]
        wanted = self._trait.wanted(now)
        if machine_id in self._closed:
            word, reason, error = self._closed[machine_id]
            return Fate(machine, word, reason, before, now, error)
        if machine_id in self._planned:
            return Fate(machine, words.PLANNED, "it differs", before, wanted)
        if now != wanted and self._doubts.get(machine_id):
            reason = "no clear answer came, and the record does not show it; it may still arrive"
            return Fate(machine, words.UNKNOWN, reason, before, now, self._doubts[machine_id])
        if now != wanted:
            return Fate(machine, words.FAILED, "the service took the calls, and the record still differs", before, now)
        if now == before:
            return Fate(machine, words.UNCHANGED, "it is so already", before, now)
        return Fate(machine, words.SUCCEEDED, "the service shows it so", before, now)

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
        if isinstance(answer, DefenderError):
            for machine_id in call.machine_ids:
                self._refused(machine_id, answer)
        elif answer is not None:
            seen = {record.get("id"): record for record in answer}
            # A machine that the answer leaves out is looked at: what becomes of an unknown id is not told.
            self._unclear.update((machine_id, None) for machine_id in call.machine_ids if machine_id not in seen)
            self._now.update((machine_id, self._trait.of(seen[machine_id])) for machine_id in call.machine_ids if machine_id in seen)
        elif self._stop.is_set():
            reason = "the token was refused for another machine, so this one was not tried"
            self._closed.update((machine_id, (words.NOT_SENT, reason, None)) for machine_id in call.machine_ids)
        else:
            self._planned.update(call.machine_ids)

    def _refused(self, machine_id: str, error: DefenderError) -> None:
        if may_have_arrived(error):
            self._unclear[machine_id] = error
        else:
            self._closed[machine_id] = (words.FAILED, error.sentence(), error)


def _none_when_not_found(rows: t.Iterable[dict]) -> t.Iterator[dict]:
    """``rows``; a tenant without machines answers 404 (get-machines.md)."""
    try:
        yield from rows
    except NotFound:
        return
