# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns an answer of the login host that brings no token into a failure a person can act on."""

from __future__ import annotations

import email.utils
import json
import time
import typing as t

from . import aadsts
from .credential import Credential
from .errors import SignInFailed
from .settings import GUID, Settings
from .text import plain
from .words import span

CLOCK_MAY_DIFFER = 300
"""Seconds of difference that Entra ID forgives."""
CLOCK_CODES = frozenset((700024, 500133, 50013))
CERTIFICATE_CODES = frozenset((700027, 50012, 900384, 700030))
SECRET_CODES = frozenset((7000215,))
BUSY_CODES = frozenset((90033, 90055))
LONGEST_QUOTE = 400


class Busy(Exception):
    """The service asks to come again, after ``pause`` seconds where it says so; ``failure`` is for when time is up."""

    def __init__(self, failure: SignInFailed, pause: float | None) -> None:
        super().__init__(failure.msg)
        self.failure = failure
        self.pause = pause


def check(answer: t.Any, settings: Settings, credential: Credential) -> None:
    """Pass an answer that holds a JSON object and no error; raise what any other one means.

    :raises Busy: 429, 5xx, or a number that says the same
    :raises SignInFailed: anything else
    """
    try:
        body = json.loads(answer.text)
    except ValueError:
        body = None
    is_busy = answer.status_code == 429 or answer.status_code >= 500
    if not isinstance(body, dict):
        if is_busy:
            raise Busy(_refused(answer, {}, settings, credential), _pause(answer))
        raise SignInFailed(
            f"The login host gave an answer that is not Entra ID's (HTTP {answer.status_code})",
            status=answer.status_code,
            hint="A proxy or a log-in page may stand in between; check proxy and login_url",
        )
    if is_busy or _number(body) in BUSY_CODES:
        raise Busy(_refused(answer, body, settings, credential), _pause(answer))
    if answer.status_code >= 400 or "error" in body:
        raise _refused(answer, body, settings, credential)


def _refused(answer: t.Any, body: t.Mapping[str, t.Any], settings: Settings, credential: Credential) -> SignInFailed:
    number, word = _number(body), _text(body, "error")
    code = f"AADSTS{number}" if number else word
    if number:
        refusal = aadsts.explain(number)
    elif answer.status_code == 429 or answer.status_code >= 500:
        refusal = aadsts.BUSY
    else:
        refusal = aadsts.Refusal(f"HTTP {answer.status_code}", "Check login_url, tenant_id and client_id")
    return SignInFailed(
        f"Entra ID refused the sign-in: {refusal.meaning}" + (f" ({code})" if code else ""),
        code=code,
        status=answer.status_code,
        request_id=_text(body, "trace_id") or answer.headers.get("x-ms-request-id"),
        hint=". ".join((refusal.hint, *_own_facts(number, answer, settings, credential))),
        details=_for_support(body, settings),
    )


def _own_facts(number: int | None, answer: t.Any, settings: Settings, credential: Credential) -> t.Iterator[str]:
    """What we know ourselves, and the one who was refused would have to look up next."""
    if number in CERTIFICATE_CODES and credential.shown:
        yield f"The certificate used here has {credential.shown}"
    if number in SECRET_CODES and settings.client_secret and GUID.fullmatch(settings.client_secret):
        yield "What is given as client_secret looks like a secret ID"
    ahead = _ahead(answer, time.time())
    if number in CLOCK_CODES and ahead is not None and abs(ahead) > CLOCK_MAY_DIFFER:
        yield f"The clock here is {span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} that of Entra ID"


def _for_support(body: t.Mapping[str, t.Any], settings: Settings) -> dict[str, str]:
    """Entra ID's own words and ids, with what is secret taken out should it ever repeat that."""
    said = (_text(body, "error_description") or "").partition("Trace ID:")[0]
    for secret in (settings.client_secret, settings.certificate_passphrase):
        said = said.replace(secret, "********") if secret else said
    facts = {
        "entra_message": said[:LONGEST_QUOTE].strip(),
        "trace_id": _text(body, "trace_id"),
        "correlation_id": _text(body, "correlation_id"),
        "timestamp": _text(body, "timestamp"),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _number(body: t.Mapping[str, t.Any]) -> int | None:
    numbers = body.get("error_codes")
    first = numbers[0] if isinstance(numbers, list) and numbers else None
    return first if isinstance(first, int) and first > 0 else None


def _text(body: t.Mapping[str, t.Any], name: str) -> str | None:
    """A member of the answer that is a text, made safe to show."""
    value = body.get(name)
    return plain(value) if isinstance(value, str) else None


def _pause(answer: t.Any) -> float | None:
    """``Retry-After`` in seconds; Entra ID sends whole seconds only."""
    wish = answer.headers.get("Retry-After", "")
    return float(wish) if wish.isdecimal() else None


def _ahead(answer: t.Any, now: float) -> float | None:
    """By how many seconds the clock here is ahead of the service's, which stands in ``Date``."""
    try:
        return now - email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None
