# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the record of a case: what is planned, sent, answered and ended is written down, and what counts before it is done."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import typing as t

from .._client import moments
from .._client.errors import NotRecorded
from .._client.private_folder import Unusable
from .._client.transport import VERSION
from . import ledger_run, ledger_words
from .case_deeds import marker
from .case_story import Story, tell
from .history import QUEUED_FOR
from .ledger_chain import Chain
from .ledger_file import LedgerFile, read_ledger
from .ledger_place import case_of, file_name, folder_of
from .recorder import Earlier, NoRecord, Recorder

if t.TYPE_CHECKING:
    from .order import Order
    from .outcome import Outcome
    from .plan import Plan, Step

HINT = "Set ledger to a folder of your own with space left; nothing is sent that cannot be written down"


def open_ledger(params: t.Mapping[str, t.Any], client: t.Any) -> Recorder:
    """The keeper of the case that ``params`` name, if they name one. In check mode it reads and does not write.

    :raises BadInput: the case cannot be called so
    :raises NotRecorded: the ledger cannot be used
    :raises SignInFailed, Unreachable: the token, which says the tenant, cannot be had
    """
    case = case_of(params)
    if case is None:
        return NoRecord()
    token = client.token
    folder, name = folder_of(params), file_name(token.tenant_id, case)
    if client.dry:
        return Preview(os.path.join(folder, name), client.clock)
    try:
        file = LedgerFile(folder, name)
    except (Unusable, OSError) as error:
        raise NotRecorded(f"The case {case} cannot be recorded: {_why(error)}", hint=HINT) from error
    return Ledger(file, client, case=case, tenant_id=token.tenant_id, app_id=token.app_id)


class Ledger:
    """Records one run of a case. Threads share it.

    :ivar run: the id of this run
    :ivar lost: how many entries could not be written after something had been sent
    """

    def __init__(self, file: LedgerFile, client: t.Any, *, case: str, tenant_id: str, app_id: str) -> None:
        self.run = secrets.token_hex(8)
        self.lost = 0
        self._file = file
        self._client = client
        whom = {"tenant_id": tenant_id, "app_id": app_id, **ledger_words.run_by(), "version": VERSION}
        self._facts = {"case": case, "run": self.run, **whom}
        self._at_work: t.BinaryIO | None = None
        self._losing = threading.Lock()

    def marked(self, comment: str) -> str:
        return f"{comment} {marker(self._facts['case'], self.run)}".lstrip()

    def earlier(self, order: Order) -> t.Mapping[str, Earlier]:
        try:
            chain = self._file.read()
        except OSError as error:
            raise self._not_recorded(error) from error
        self._warn_of(chain)
        story = tell(chain.entries)
        for run in story.cut_short(self._is_running):
            with contextlib.suppress(OSError):  # only to tidy up
                os.unlink(ledger_run.lock_path(self._file.path, run.id))
        return _begun(story, order, self._is_running, self._client.clock)

    def planned(self, order: Order, plan: Plan) -> None:
        try:
            self._at_work = ledger_run.hold(ledger_run.lock_path(self._file.path, self.run))
            self._add([ledger_words.plan(order, plan, self._now())], lasting=True)
        except OSError as error:
            raise self._not_recorded(error) from error

    def sending(self, order: Order, step: Step) -> None:
        try:
            self._add([ledger_words.dispatch(order, step, self._now())], lasting=True)
        except OSError as error:
            raise self._not_recorded(error) from error

    def answered(self, order: Order, outcome: Outcome) -> None:
        self._add_if_possible([ledger_words.answer(order, outcome, self._facts["case"], self.run)])

    def ended(self, order: Order, outcomes: t.Sequence[Outcome]) -> None:
        results = [ledger_words.result(order, outcome, self._facts["case"], self.run) for outcome in outcomes]
        if self._add_if_possible([*results, ledger_words.end(order, outcomes)], lasting=True):
            self._close()

    def describe(self) -> dict[str, t.Any]:
        """For results: where the ledger lies, and the number and hash of its last entry, by which it can be proved later."""
        return {
            "case": self._facts["case"],
            "path": self._file.path,
            "run": self.run,
            "entries": self._file.head.seq,
            "head": self._file.head.hash,
            "lost": self.lost,
        }

    def _add(self, entries: t.Iterable[t.Mapping[str, t.Any]], *, lasting: bool) -> None:
        common = {**self._facts, "time": moments.spell(self._now())}
        self._file.append([{**entry, **common} for entry in entries], torn=common, lasting=lasting)

    def _add_if_possible(self, entries: t.Sequence[t.Mapping[str, t.Any]], *, lasting: bool = False) -> bool:
        """Add what is known of something that was sent: a result must not be lost because it could not be written down."""
        try:
            self._add(entries, lasting=lasting)
        except OSError as error:
            with self._losing:
                self.lost += len(entries)
                warning = f"The ledger {self._file.path} lacks what was answered: {_why(error)}. Keep this result, it is the only record of it"
                if warning not in self._client.warnings:
                    self._client.warnings.append(warning)
            return False
        return True

    def _close(self) -> None:
        if self._at_work is not None:
            with contextlib.suppress(OSError):
                os.unlink(ledger_run.lock_path(self._file.path, self.run))
            self._at_work.close()

    def _is_running(self, run: str) -> bool:
        return run == self.run or ledger_run.is_held(ledger_run.lock_path(self._file.path, run))

    def _now(self) -> t.Any:
        return moments.from_epoch(self._client.clock.time())

    def _not_recorded(self, error: OSError) -> NotRecorded:
        return NotRecorded(f"The case {self._facts['case']} cannot be recorded in {self._file.path}: {_why(error)}", hint=HINT)

    def _warn_of(self, chain: Chain) -> None:
        if chain.faults:
            fault = chain.faults[0]
            self._client.warnings.append(f"The ledger {self._file.path} does not verify. Entry {fault.seq}, line {fault.line}: {fault.why}")


class Preview(NoRecord):
    """Writes nothing down, but knows what earlier runs had begun, so that check mode foretells the run."""

    def __init__(self, path: str, clock: t.Any) -> None:
        self._path = path
        self._clock = clock

    def earlier(self, order: Order) -> t.Mapping[str, Earlier]:
        try:
            chain = read_ledger(self._path)
        except OSError:
            return {}
        return _begun(tell(chain.entries), order, lambda run: ledger_run.is_held(ledger_run.lock_path(self._path, run)), self._clock)


def _begun(story: Story, order: Order, is_running: t.Callable[[str], bool], clock: t.Any) -> dict[str, Earlier]:
    if order.record.keeps_state:
        # The state tells by itself what had arrived, and an action that ended well long ago may have been undone since.
        return {}
    since = moments.from_epoch(clock.time()) - QUEUED_FOR
    return story.begun(ledger_words.fingerprint(order), is_running, moments.spell(since))


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
