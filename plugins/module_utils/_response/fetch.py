# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches what actions have brought, several at once, each with a link of its own that is used right away and never shown."""

from __future__ import annotations

import collections
import functools
import threading
import typing as t
from dataclasses import replace

from .._client.errors import BadAnswer, BadInput, DefenderError, NotFound, SignInFailed, TokenRejected
from .._client.kept_file import Kept, kept_before
from .._client.settings import GUID
from .._client.storage import LINK_REFUSED, Storage
from .._client.threads import at_once
from .._operation import Operation
from .outcome import PENDING, SUCCEEDED, Outcome
from .progress import FETCHING, Progress
from .targets import is_machine_id

AT_ONCE = 4
"""Files that are fetched at once: enough to fill a line."""

LATE = 30
"""Seconds until a link that is not there is asked for once more: the record may be ahead of what it tells of."""

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
        try:
            answer = self._client.call(link, **which)
        except NotFound:
            self._client.clock.sleep(LATE)
            answer = self._client.call(link, **which)
        # One kind of link stands in double quotes of its own (get-package-sas-uri.md).
        return str(answer.get("value") or "").strip('"')


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
    """``fetch_one`` for each outcome, which asks for ``link`` once or a few times, and gives back ``not_fetched`` when that fails.

    What is not fetched stays pending, so that a later run can take it up by its action id.
    """
    stop = threading.Event()

    def fetched(outcome: Outcome) -> Outcome:
        if stop.is_set():
            return not_fetched(outcome, NOT_TRIED)
        done = fetch_one(outcome)
        if done is not outcome and isinstance(done.error, STOPS_ALL):
            stop.set()
        return done

    done: list[Outcome] = []

    def told(outcome: Outcome) -> None:
        done.append(outcome)
        left = functools.partial(client.predict, link, len(outcomes) - len(done))
        client.watch(Progress(word, FETCHING, len(outcomes), collections.Counter(entry.word for entry in done), left))

    return at_once(client, fetched, outcomes, threads=AT_ONCE, say=told)


def not_fetched(outcome: Outcome, why: str | DefenderError) -> Outcome:
    """The outcome of an action whose file is not here; one that ended well is not done with."""
    if outcome.action is None:
        return outcome
    word = PENDING if outcome.word == SUCCEEDED else outcome.word
    told, error = (why.sentence(), why) if isinstance(why, DefenderError) else (why, outcome.error)
    return replace(outcome, word=word, reason=f"{outcome.reason}; not fetched: {told}", error=error)
