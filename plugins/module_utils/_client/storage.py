# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches files from the service's storage: the link is a secret, and our token is none of that host's business.

Whoever has the link has the file, until it expires: no part of its path and query is in any message.
"""

from __future__ import annotations

import logging
import threading
import typing as t
import uuid
from urllib.parse import urlsplit

from .answers import Answer, request_id, retry_after
from .errors import BadAnswer, DefenderError, ServiceError
from .exchange import PATIENCE, Incoming
from .kept_file import Kept, keep, too_large
from .no_answer import CUT_SHORT, NAME, no_answer
from .text import plain
from .transport import open_session

if t.TYPE_CHECKING:
    import requests

    from .settings import Settings

LINK_REFUSED = 403
"""What storage answers to a link that has expired; nobody can tell that from one that never was good."""

SLOWEST = 16 * 1024
"""Bytes a second: what comes in more slowly for long is given up."""

LOGGERS = ("urllib3.connection", "urllib3.connectionpool")
"""They log addresses whole; of an answer with a malformed head even as a warning, which Python prints."""

ANOTHER_HOST = "Files do not lie at the host of the API: let the firewall and the proxy allow the host that is named here"
HINTS = {
    LINK_REFUSED: "The link was not taken, a new one neither; see whether the clock of this machine is right and the way there is not tampered with",
    404: "The file is not kept any more; collect it again",
}


class Storage:
    """Where links lead. Threads may share it; it knows no token, and sends none."""

    def __init__(self, settings: Settings, clock: t.Any) -> None:
        self._settings = settings
        self._clock = clock
        self._session: requests.Session | None = None
        self._lock = threading.Lock()

    def fetch(self, link: str, path: str, *, max_bytes: int) -> Kept:
        """Keep the file behind ``link`` at ``path``; see ``keep`` for how, and for what else it raises.

        :raises BadAnswer: it is no link that can be followed, or leads on to another place, or the file broke off or is too large
        :raises ServiceError: storage refuses; the status is ``LINK_REFUSED`` when a new link may help
        :raises Unreachable: no answer came, or it stopped coming
        """
        with self._open(link) as incoming:
            if incoming.length is not None and incoming.length > max_bytes:
                raise too_large(max_bytes)
            within = self._settings.timeout * PATIENCE + (incoming.length or 0) / SLOWEST
            return keep(path, incoming.chunks(within), max_bytes=max_bytes)

    def _open(self, link: str) -> Incoming:
        import requests

        _check(link)
        asked_as = str(uuid.uuid4())
        with self._lock:
            self._session = self._session or _session(self._settings)
        failure: DefenderError
        try:
            response = self._session.get(link, headers={"x-ms-client-request-id": asked_as}, stream=True)
        except requests.RequestException as error:
            failure = _explained(no_answer(error, link, self._settings))
        else:
            incoming = Incoming(response, asked_as, self._settings, self._clock)
            if incoming.status == 200:
                return incoming
            with incoming:
                failure = _refusal(incoming.whole())
        # Out here nothing hangs on the failure that could give the link away.
        failure.request_id = failure.request_id or asked_as
        raise failure


def _check(link: str) -> None:
    """Follow nothing but TLS to a named host, with the rights that the link itself carries.

    :raises BadAnswer: it is something else
    """
    try:
        parts = urlsplit(link)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good:
        raise BadAnswer("The service gave a link that cannot be followed: it is not https, or names no host", hint="Ask support of the service")


def _session(settings: Settings) -> requests.Session:
    for logger in LOGGERS:
        logging.getLogger(logger).addFilter(_without_links)
    session = open_session(settings)
    # The bytes as they are kept there: their hash must be the same for everyone who fetches them.
    session.headers["Accept-Encoding"] = "identity"
    return session


def _without_links(record: logging.LogRecord) -> bool:
    """Take from the record what stands after question marks, where the secrets of links are; it is always logged."""
    words = record.getMessage().split(" ")
    record.msg = " ".join(word.partition("?")[0] for word in words)
    record.args = ()
    return True


def _refusal(answer: Answer) -> ServiceError:
    code = plain(answer.headers.get("x-ms-error-code", ""))[:80] or None
    wish = retry_after(answer.headers, answer.received_at)
    return ServiceError(
        f"The storage of the service answered with {answer.status}{f' {code}' if code else ''}",
        status=answer.status,
        code=code,
        request_id=request_id(answer),
        hint=HINTS.get(answer.status, "Try again; the link is made anew each time"),
        details={} if wish is None else {"retry_after": wish},
    )


def _explained(failure: DefenderError) -> DefenderError:
    """``failure`` in words that fit storage."""
    failure.msg = f"A file could not be fetched: {failure.msg}"
    if failure.code == NAME or (isinstance(failure, BadAnswer) and failure.code != CUT_SHORT):
        failure.hint = ANOTHER_HOST
    return failure
