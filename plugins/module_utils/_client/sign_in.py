# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gets a new token, in the way that the settings ask for, and waits for trouble that passes."""

from __future__ import annotations

import random
import time
import typing as t

from . import device_code, managed_identity, refusal, ways
from .clouds import endpoints
from .credential import credential_of
from .errors import BadAnswer, DefenderError, TokenExpired, Unreachable
from .no_answer import CUT_SHORT
from .settings import Settings
from .token import Token, decode, iso
from .wire import WHAT_MSAL_RAISES, Wire, app_options, load_msal, silent, strange, token_in
from .words import span

FIRST_PAUSE, SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 1.0, 60.0

Tell = t.Callable[[str], None]


def sign_in(settings: Settings, *, clock: t.Any = time, since: float | None = None, tell: Tell | None = None) -> Token:
    """A new token. A busy service and a lost answer are tried again within ``settings.retry_time`` seconds.

    :param clock: has ``time``, ``monotonic`` and ``sleep``, as the module ``time`` has
    :param since: when, by ``clock.monotonic``, the wait for a token began, if that was before now
    :param tell: hands a person what they must do; without it nobody can sign in by a code
    :raises BadInput: the credential cannot be used, or a library is missing
    :raises SignInFailed: Entra ID refused: with its AADSTS number, what that means and what to do
    :raises Unreachable: no answer from the login host
    :raises BadAnswer: the login host sends us elsewhere
    :raises TokenExpired: the token came, but by the clock of this machine its time is not now
    """
    since = clock.monotonic() if since is None else since
    until = since + settings.retry_time
    desk = _desk(settings, clock=clock, since=since, tell=tell)
    pause = FIRST_PAUSE
    try:
        while True:
            failure: DefenderError
            wish: float | None = None
            try:
                token = desk.ask()
                _check_clock(token, clock.time())
                return token
            except refusal.Busy as busy:
                failure, wish = busy.failure, busy.pause
            except (Unreachable, BadAnswer) as lost:
                if not may_come_again(lost):
                    raise
                failure = lost
            wait = pause * random.uniform(0.75, 1.25) if wish is None else max(wish, SHORTEST_PAUSE)
            if clock.monotonic() + wait > until:
                raise failure
            clock.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)
    finally:
        desk.close()


def _desk(settings: Settings, *, clock: t.Any, since: float, tell: Tell | None) -> t.Any:
    """Where one asks; it has ``ask``, which may be called again, and ``close``."""
    if settings.way_to_sign_in == ways.MANAGED_IDENTITY:
        return managed_identity.Machine(settings)
    if settings.way_to_sign_in == ways.DEVICE_CODE:
        return device_code.Person(settings, clock=clock, since=since, tell=tell)
    return App(settings)


class App:
    """An app that signs in by itself, with a credential of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._credential = credential_of(settings)
        self._wire = Wire(settings, self._credential)
        self._kept_answers: dict[str, t.Any] = {}

    def ask(self) -> Token:
        """Ask once."""
        msal = load_msal()
        try:
            with silent():
                app = msal.ConfidentialClientApplication(
                    self._settings.client_id,
                    client_credential=self._credential.for_msal,
                    **app_options(self._settings, self._wire, self._kept_answers),
                )
                answer = app.acquire_token_for_client(scopes=[endpoints(self._settings).scope])
        except WHAT_MSAL_RAISES:
            raise strange(self._settings) from None
        return decode(token_in(answer, self._settings))

    def close(self) -> None:
        self._wire.hang_up()


def may_come_again(failure: DefenderError) -> bool:
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
