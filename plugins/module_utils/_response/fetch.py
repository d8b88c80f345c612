# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches what actions have brought, several at once, each with a link of its own that is used right away and never shown."""

from __future__ import annotations

import collections
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from .._client.errors import BadAnswer, BadInput, DefenderError, NotFound, SignInFailed, TokenRejected
from .._client.kept_file import Kept, kept_before
from .._client.settings import GUID
from .._client.storage import LINK_REFUSED, Storage
from .._operation import Operation
from .outcome import PENDING, SUCCEEDED, Outcome
from .progress import FETCHING, Progress
from .targets import is_machine_id

AT_ONCE = 4
"""Files that are fetched at once: enough to fill a line."""

LATE = (5, 15, 30)
"""Seconds between tries for a link that is not there yet: the record may be ahead of what it tells of."""

NEW_LINKS = 2
"""How often a link that storage refuses is replaced: it may have expired on the way."""

STOPS_ALL = (BadInput, SignInFailed, TokenRejected)
"""What the next file would meet as well: a full disk, a token that is not good."""

NOT_TRIED = "another file met an error that stops them all"


class Fetcher:
    """Fetches the files of one task, none larger than ``max_bytes``. Threads share it."""

    def __init__(self, client: t.Any, max_bytes: int) -> None:
        self._client = client
        self._max_bytes = max_bytes
        self._storage = Storage(client.settings, client.clock)

    def fetch(self, link: Operation, path: str, **which: t.Any) -> Kept:
        """The file behind the link that ``link`` gives for ``which``, kept at ``path``; one that an earlier run kept is left alone.

        :raises NotFound: there is no such file, or not yet
        :raises DefenderError: it could not be fetched, or not be kept
        """
        earlier = kept_before(path)
        if earlier:
            return earlier
        patience = self._client.patience(link)
        new_links = NEW_LINKS
        while True:
            address = self._link(link, which)
            try:
                return self._storage.fetch(address, path, max_bytes=self._max_bytes)
            except DefenderError as error:
                if error.status == LINK_REFUSED and new_links:
                    new_links -= 1
                    continue
                patience.after(error)

    def _link(self, link: Operation, which: t.Mapping[str, t.Any]) -> str:
        pauses = list(LATE)
        while True:
            try:
                # One kind of link stands in double quotes of its own (get-package-sas-uri.md).
                return str(self._client.call(link, **which).get("value") or "").strip('"')
            except NotFound:
                if not pauses:
                    raise
                self._client.clock.sleep(pauses.pop(0))


def file_stem(machine_id: str, action_id: t.Any) -> str:
    """The name of a file, made from ids alone: nobody who names machines or files has a say in where it lands.

    :raises BadAnswer: an id of the service is none
    """
    if not (is_machine_id(machine_id) and isinstance(action_id, str) and GUID.fullmatch(action_id)):
        raise BadAnswer(f"{machine_id!r} and {action_id!r} are not the ids of a machine and an action, so no file is named after them")
    return f"{machine_id}_{action_id}".lower()


def fetch_all(
    client: t.Any, word: str, link: Operation, outcomes: t.Sequence[Outcome], fetch_one: t.Callable[[Outcome], Outcome]
) -> list[Outcome]:
    """``fetch_one`` for each outcome, which asks for ``link`` once or not at all.

    What is not fetched stays pending, so that a later run can take it up by its action id.
    """
    stop = threading.Event()

    def fetched(outcome: Outcome) -> Outcome:
        if stop.is_set():
            return _not_fetched(outcome, NOT_TRIED)
        try:
            return fetch_one(outcome)
        except DefenderError as error:
            if isinstance(error, STOPS_ALL):
                stop.set()
            return _not_fetched(outcome, error.sentence(), error)

    done: list[Outcome] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for outcome in pool.map(fetched, outcomes):
            done.append(outcome)
            left = client.predict(link, len(outcomes) - len(done))
            client.watch(Progress(word, FETCHING, len(outcomes), collections.Counter(entry.word for entry in done), left))
    return done


def _not_fetched(outcome: Outcome, why: str, error: DefenderError | None = None) -> Outcome:
    word = PENDING if outcome.word == SUCCEEDED else outcome.word
    return replace(outcome, word=word, reason=f"{outcome.reason}; not fetched: {why}", error=error or outcome.error)
