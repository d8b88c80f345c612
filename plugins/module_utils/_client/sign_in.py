# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gets a new token from Entra ID through MSAL, which is imported only here and only then.

MSAL never sees a failure: the wire judges each answer first. MSAL would log the body of one it cannot read,
keep a refusal for a minute, and raise half a dozen foreign errors (msal 1.39.0).
"""

from __future__ import annotations

import contextlib
import logging
import random
import time
import typing as t

from . import refusal
from .clouds import endpoints
from .credential import Credential, credential_of
from .errors import BadAnswer, BadInput, DefenderError, SignInFailed, TokenExpired, Unreachable
from .no_answer import CUT_SHORT, no_answer
from .settings import Settings
from .token import Token, decode, iso
from .transport import open_session
from .words import span

FIRST_PAUSE, SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 1.0, 60.0


def sign_in(settings: Settings, *, clock: t.Any = time) -> Token:
    """A new token. A busy service and a lost answer are tried again within ``settings.retry_time`` seconds.

    :param clock: has ``time``, ``monotonic`` and ``sleep``, as the module ``time`` has
    :raises BadInput: the credential cannot be used, or a library is missing
    :raises SignInFailed: Entra ID refused: with its AADSTS number, what that means and what to do
    :raises Unreachable: no answer from the login host
    :raises BadAnswer: the login host sends us elsewhere
    :raises TokenExpired: the token came, but by the clock of this machine its time is not now
    """
    credential = credential_of(settings)
    wire = _Wire(settings, credential)
    kept_answers: dict[str, t.Any] = {}
    until = clock.monotonic() + settings.retry_time
    pause = FIRST_PAUSE
    try:
        while True:
            failure: DefenderError
            wish: float | None = None
            try:
                token = _ask(settings, credential, wire, kept_answers)
                _check_clock(token, clock.time())
                return token
            except refusal.Busy as busy:
                failure, wish = busy.failure, busy.pause
            except (Unreachable, BadAnswer) as lost:
                if not _may_come_again(lost):
                    raise
                failure = lost
            wait = pause * random.uniform(0.75, 1.25) if wish is None else max(wish, SHORTEST_PAUSE)
            if clock.monotonic() + wait > until:
                raise failure
            clock.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)
    finally:
        wire.hang_up()


def _ask(settings: Settings, credential: Credential, wire: _Wire, kept_answers: dict[str, t.Any]) -> Token:
    try:
        import msal
    except ImportError as error:
        raise BadInput("Signing in needs the Python library msal", hint="Install it where the task runs: pip install msal") from error

    there = endpoints(settings)
    strange = SignInFailed(
        "The login host gave an answer that is not Entra ID's",
        hint=f"Check login_url: {there.login_url} may be another service",
    )
    try:
        with _silent("msal"):
            app = msal.ConfidentialClientApplication(
                settings.client_id,
                client_credential=credential.for_msal,
                authority=f"{there.login_url}/{settings.tenant_id}",
                azure_region=False,  # not even MSAL_FORCE_REGION: regional hosts refuse ordinary apps (AADSTS100007)
                instance_discovery=False,  # it would ask login.microsoftonline.com about private hosts
                http_client=wire,
                http_cache=kept_answers,  # so discovery is asked once, however often we try; failures never get in
            )
            answer = app.acquire_token_for_client(scopes=[there.scope])
    except (AttributeError, KeyError, TypeError, ValueError):
        # What MSAL raises for a discovery document or a token answer with members missing or of another type.
        raise strange from None
    value = answer.get("access_token")
    if not isinstance(value, str):
        raise strange
    return decode(value)


class _Wire:
    """What MSAL sends through: it gets good answers only."""

    def __init__(self, settings: Settings, credential: Credential) -> None:
        self._settings = settings
        self._credential = credential
        self._session = open_session(settings)

    def get(self, url: str, **rest: t.Any) -> t.Any:
        return self._send("GET", url, **rest)

    def post(self, url: str, **rest: t.Any) -> t.Any:
        return self._send("POST", url, **rest)

    def close(self) -> None:
        """Called by MSAL, which does not own the session; ``hang_up`` closes it."""

    def hang_up(self) -> None:
        self._session.close()

    def _send(self, method: str, url: str, **rest: t.Any) -> t.Any:
        import requests

        try:
            answer = self._session.request(method, url, **rest)
        except requests.RequestException as error:
            raise no_answer(error, url, self._settings) from None
        refusal.check(answer, self._settings, self._credential)
        return answer


def _may_come_again(failure: DefenderError) -> bool:
    """To ask for a token twice does no harm; a wrong name, a closed port or a bad certificate will not mend itself."""
    return failure.code == CUT_SHORT or getattr(failure, "maybe_sent", False)


def _check_clock(token: Token, now: float) -> None:
    """A brand-new token that seems old, or not valid yet, tells of a wrong clock."""
    begins = token.valid_from if token.valid_from is not None else now
    if token.expires_at > now and begins <= now + refusal.CLOCK_MAY_DIFFER:
        return
    ahead = now - (begins if begins > now else token.issued_at or token.expires_at)
    raise TokenExpired(
        f"The new token is good from {iso(begins)} to {iso(token.expires_at)}, "
        f"but the clock here says {iso(now)}: it is {span(abs(ahead))} {'ahead' if ahead > 0 else 'behind'}",
        hint="Set the clock of this machine right (timedatectl, chronyc makestep)",
    )


@contextlib.contextmanager
def _silent(name: str) -> t.Iterator[None]:
    """Keep a library's log shut for a while: MSAL writes what it sends and gets at debug level."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
