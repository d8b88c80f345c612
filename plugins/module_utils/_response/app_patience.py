# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until the directory knows what it was told a moment ago: its replicas lag, by seconds or by minutes."""

from __future__ import annotations

import typing as t

from .._api import service_principals
from .._client.errors import BadInput, DefenderError, NotFound, ServiceError
from .._operation import Operation
from .submit import may_have_arrived

BAD_REQUEST = "Request_BadRequest"
LATE = {service_principals.CREATE.id: BAD_REQUEST, service_principals.GRANT_ROLE_ON.id: BAD_REQUEST}
"""Operations that say that what they name is wrong while it is only not known yet (serviceprincipal-post-approleassignedto.md)."""
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.5, 10.0, 1.6


class Patience:
    """So many seconds for all waits of one task together."""

    def __init__(self, client, seconds: int) -> None:
        """:raises BadInput: that is no time to wait"""
        if seconds < 1:
            raise BadInput(f"wait_timeout: {seconds} is not a time to wait.", hint="Give a whole number of seconds from 1")
        self._clock = client.clock
        self._until = client.clock.monotonic() + seconds

    def until(self, happened: t.Callable[[], bool]) -> bool:
        """Whether it has come to pass in time."""
        return any(happened() for _try in self._tries())

    def call(self, client, operation: Operation, *, done: t.Callable[[], t.Any] | None = None, **values: t.Any) -> t.Any:
        """As ``client.call``, again and again while the directory does not know yet what the values name.

        :param done: looks for what the call should make, and gives ``None`` while it is not there; with it a call is
            repeated whose answer was lost
        :raises DefenderError: what the last try met
        """
        tries = self._tries()
        next(tries)
        while True:
            try:
                return client.call(operation, **values)
            except DefenderError as error:
                if done is None and not is_lag(operation, error):
                    raise
                failure = error
            there = done() if done else None
            if there is not None:
                return there
            may_pass = is_lag(operation, failure) or may_have_arrived(failure)
            if not may_pass or next(tries, None) is None:
                raise failure

    def _tries(self) -> t.Iterator[int]:
        """One at once, the others after growing pauses, as long as there is time."""
        pause, count = FIRST_PAUSE, 0
        while True:
            yield count
            count += 1
            left = self._until - self._clock.monotonic()
            if left <= 0:
                return
            self._clock.sleep(min(pause, left))
            pause = min(pause * GROWTH, LONGEST_PAUSE)


def is_lag(operation: Operation, error: DefenderError) -> bool:
    """Whether the directory may only be late. What it says of another kind stays so."""
    if isinstance(error, NotFound):
        return True
    return isinstance(error, ServiceError) and error.status == 400 and error.code is not None and LATE.get(operation.id) == error.code
