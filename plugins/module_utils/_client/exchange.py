# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends one request and hands back what comes in, whole or as it arrives, within a bounded time."""

from __future__ import annotations

import threading
import typing as t
import uuid

from .answers import Answer
from .errors import BadAnswer, Unreachable
from .no_answer import READ_TIMEOUT, no_answer
from .request import Request
from .token import Token
from .transport import open_session

if t.TYPE_CHECKING:
    import requests

    from .settings import Settings

CHUNK = 64 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that is read whole; a list page is read as it arrives and may be longer."""

PATIENCE = 10
"""An answer must be in within this many time-outs: one byte before each time-out would keep us for ever."""


class Exchange:
    """All requests to one API. Threads may share it: the session is opened at the first call and keeps its connections."""

    def __init__(self, settings: Settings, base_url: str, clock: t.Any) -> None:
        self.calls = 0
        self._settings = settings
        self._base_url = base_url
        self._clock = clock
        self._session: requests.Session | None = None
        self._lock = threading.Lock()

    def send(self, request: Request, token: Token) -> Incoming:
        """What comes in as soon as its head is here; close it.

        :raises Unreachable: no answer came
        :raises BadAnswer: a redirect came
        """
        import requests

        url = self._base_url + request.target
        asked_as = str(uuid.uuid4())
        headers = {**request.headers, "Authorization": f"Bearer {token.value}", "Accept": "application/json", "client-request-id": asked_as}
        with self._lock:
            self._session = self._session or open_session(self._settings)
            self.calls += 1
        try:
            response = self._session.request(request.method, url, headers=headers, stream=True, timeout=request.thinks, **request.content)
        except requests.RequestException as error:
            failure = no_answer(error, url, self._settings)
            failure.request_id = failure.request_id or asked_as
            raise failure from None  # the cause may hold the proxy's password
        return Incoming(response, asked_as, self._settings, self._clock)

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None


class Incoming:
    """An answer whose head has come; leaving it as a context manager lets go of the connection."""

    def __init__(self, response: requests.Response, asked_as: str, settings: Settings, clock: t.Any) -> None:
        self.status = response.status_code
        # urllib3 1.26 would take an answer that breaks off for a whole one.
        response.raw.enforce_content_length = True
        self._response = response
        self._asked_as = asked_as
        self._settings = settings
        self._clock = clock

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_reason: t.Any) -> None:
        self.close()

    def close(self) -> None:
        self._response.close()

    @property
    def length(self) -> int | None:
        """Bytes that the body is said to have, where it is said."""
        announced = self._response.headers.get("content-length", "")
        return int(announced) if announced.isdecimal() else None

    def chunks(self, within: float | None = None) -> t.Iterator[bytes]:
        """The body as it arrives, unpacked. The time that the reader takes is not counted.

        :param within: seconds for all of it, where it may be long
        :raises BadAnswer: it broke off
        :raises Unreachable: it stopped coming, or came too slowly
        """
        import requests

        within = self._settings.timeout * PATIENCE if within is None else within
        left = within
        arriving = self._response.iter_content(CHUNK)
        while left > 0:
            began = self._clock.monotonic()
            try:
                chunk = next(arriving, None)
            except requests.RequestException as error:
                failure = no_answer(error, self._response.url, self._settings)
                failure.request_id = self._asked_as
                raise failure from None
            if chunk is None:
                return
            left -= self._clock.monotonic() - began
            yield chunk
        raise Unreachable(
            f"The answer was not in after {within:.0f} s",
            maybe_sent=True,
            code=READ_TIMEOUT,
            request_id=self._asked_as,
            hint="The connection is very slow; raise timeout if it must be used",
        )

    def whole(self) -> Answer:
        """The answer, read to its end.

        :raises BadAnswer: it broke off or is larger than ``LARGEST``
        :raises Unreachable: it stopped coming, or came too slowly
        """
        body = bytearray()
        for chunk in self.chunks():
            body += chunk
            if len(body) > LARGEST:
                raise BadAnswer(f"The answer is larger than {LARGEST} bytes", status=self.status, request_id=self._asked_as)
        return Answer(
            status=self.status,
            headers=self._response.headers,
            body=bytes(body),
            asked_as=self._asked_as,
            received_at=self._clock.time(),
        )
