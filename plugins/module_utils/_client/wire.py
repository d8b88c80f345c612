# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between MSAL and the network: MSAL gets good answers only, and writes no log.

It would log the body of an answer it cannot read, keep a refusal for a minute, and raise half a dozen foreign
errors (msal 1.39.0).
"""

from __future__ import annotations

import contextlib
import logging
import typing as t

from . import refusal
from .clouds import endpoints
from .credential import Credential
from .errors import BadInput, SignInFailed
from .no_answer import no_answer
from .settings import Settings
from .transport import open_session

WHAT_MSAL_RAISES = (AttributeError, KeyError, TypeError, ValueError)
"""For a document or an answer with members missing, or of another type."""


class Wire:
    """What MSAL sends through to the login host."""

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


def load_msal() -> t.Any:
    """The library, which takes a while to import and is not needed while a token is kept.

    :raises BadInput: it is not installed
    """
    try:
        import msal
    except ImportError as error:
        raise BadInput("Signing in needs the Python library msal", hint="Install it where the task runs: pip install msal") from error
    return msal


def app_options(settings: Settings, wire: Wire, kept_answers: dict[str, t.Any]) -> dict[str, t.Any]:
    """What every application of MSAL is told."""
    there = endpoints(settings)
    return {
        "authority": f"{there.login_url}/{settings.tenant_id}",
        "azure_region": False,  # not even MSAL_FORCE_REGION: regional hosts refuse ordinary apps (AADSTS100007)
        "instance_discovery": False,  # it would ask login.microsoftonline.com about private hosts
        "http_client": wire,
        "http_cache": kept_answers,  # so discovery is asked once, however often we try; failures never get in
    }


def token_in(answer: t.Mapping[str, t.Any], settings: Settings) -> str:
    """The token in what MSAL hands over.

    :raises SignInFailed: there is none
    """
    value = answer.get("access_token")
    if not isinstance(value, str):
        raise strange(settings)
    return value


def strange(settings: Settings) -> SignInFailed:
    """The failure for an answer that nobody expects of Entra ID."""
    return SignInFailed(
        "The login host gave an answer that is not Entra ID's",
        hint=f"Check login_url: {endpoints(settings).login_url} may be another service",
    )


@contextlib.contextmanager
def silent(name: str = "msal") -> t.Iterator[None]:
    """Keep a library's log shut for a while: MSAL writes what it sends and gets at debug level."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
