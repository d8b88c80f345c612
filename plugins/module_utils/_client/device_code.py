# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person signs in: they enter a short code in a browser, wherever they have one, while the task waits."""

from __future__ import annotations

import time
import typing as t

from . import refusal
from .clouds import endpoints, resource_of
from .credential import Credential
from .errors import BadAnswer, BadInput, SignInFailed, Unreachable
from .settings import Settings
from .text import plain
from .token import Token, decode
from .wire import WHAT_MSAL_RAISES, Wire, app_options, load_msal, silent, strange, token_in
from .words import span

PATIENCE = 900
"""Seconds that a task waits for a person; Entra ID lets a code live as long (v2-oauth2-device-code.md)."""
LEAST = 60
"""With fewer seconds left nobody is asked: they could not make it."""
SLOWER = 5


class Person:
    """Somebody who is told a code by ``tell`` and signs in with it.

    :param since: when the wait for a token began: tasks that wait for each other do not each ask for a quarter of an hour
    """

    def __init__(self, settings: Settings, *, clock: t.Any = time, since: float, tell: t.Callable[[str], None] | None) -> None:
        if tell is None:
            raise BadInput(
                "device_code needs somebody who sees the code, and this task has no way to show it",
                hint="Run the task on the controller, without become and async, so that it runs in Ansible's own process; "
                "or let an app sign in, by certificate_path for one",
            )
        self._settings = settings
        self._clock = clock
        self._until = since + PATIENCE
        self._tell = tell
        self._wire = Wire(settings, Credential())
        self._kept_answers: dict[str, t.Any] = {}

    def ask(self) -> Token:
        """Show a new code and wait until it was used.

        :raises SignInFailed: nobody came in time, or they were refused
        """
        left = self._until - self._clock.monotonic()
        if left < LEAST:
            raise SignInFailed("Nobody has signed in with the code that was shown", hint="Run it again when somebody is there to enter the code")
        app, flow = self._begin()
        ends = self._clock.monotonic() + min(left, flow["expires_in"])
        self._tell(self._invitation(flow, ends - self._clock.monotonic()))
        token = self._wait(app, flow, ends)
        self._tell(f"Signed in as {token.user or 'a user without a name'}")
        return token

    def close(self) -> None:
        self._wire.hang_up()

    def _begin(self) -> tuple[t.Any, dict[str, t.Any]]:
        msal = load_msal()
        try:
            with silent():
                app = msal.PublicClientApplication(
                    self._settings.client_id,
                    exclude_scopes=["offline_access"],  # no refresh token: it would stand for the person for months
                    **app_options(self._settings, self._wire, self._kept_answers),
                )
                flow = app.initiate_device_flow(scopes=[endpoints(self._settings).scope])
        except WHAT_MSAL_RAISES:
            raise strange(self._settings) from None
        if not all(isinstance(flow.get(name), str) for name in ("device_code", "user_code", "verification_uri")):
            raise strange(self._settings)
        return app, flow

    def _invitation(self, flow: t.Mapping[str, t.Any], seconds: float) -> str:
        """In our own words: those of the service come in the language of whoever asks."""
        there = endpoints(self._settings)
        resource = resource_of(there.scope)
        return (
            f"Sign in to {resource.title if resource else there.scope}: open {plain(flow['verification_uri'])} in a browser and enter the code "
            f"{plain(flow['user_code'])}. The task waits for up to {span(seconds)}."
        )

    def _wait(self, app: t.Any, flow: dict[str, t.Any], ends: float) -> Token:
        pause = max(1, flow["interval"])
        while self._clock.monotonic() + pause <= ends:
            self._clock.sleep(pause)
            try:
                with silent():
                    answer = app.acquire_token_by_device_flow(flow, exit_condition=lambda _flow: True)
            except refusal.Pending as pending:
                pause += SLOWER if pending.slower else 0
            except refusal.Busy as busy:
                pause = max(pause, busy.pause or 0)
            except (Unreachable, BadAnswer):
                continue  # the person is at it; what was lost is asked for again
            except WHAT_MSAL_RAISES:
                raise strange(self._settings) from None
            else:
                return decode(token_in(answer, self._settings))
        raise SignInFailed("Nobody entered the code in time", hint="Run it again when somebody is there to enter the code")
