# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns an answer of the login host that brings no token into a failure a person can act on."""

from __future__ import annotations

import email.utils
import json
import re
import time
import typing as t

from . import aadsts
from .clouds import CLOUDS
from .credential import Credential
from .errors import SignInFailed
from .settings import GUID, Settings
from .text import plain
from .words import span

CLOCK_MAY_DIFFER = 300
"""Seconds of difference that Entra ID forgives."""
CLOCK_CODES = frozenset((700024, 500133, 50013))
ASSERTION_CODES = frozenset((700027, 50012, 900384, 700030, 700211, 700212, 700213, 70021, 7002137, 7002138, 700229)) | CLOCK_CODES
"""About a signed proof: the certificate, or the federated token."""
FEDERATED_AUDIENCE_CODES = frozenset((700212,))
SECRET_CODES = frozenset((7000215,))
BUSY_CODES = frozenset((90033, 90055))
PENDING, SLOWER = "authorization_pending", "slow_down"
LONGEST_QUOTE = 400
# The number begins the text in every answer that has one (reference-error-codes.md); machines' identities leave error_codes out.
_NUMBER_FIRST = re.compile(r"AADSTS(\d{4,9})\b")


class Busy(Exception):
    """The service asks to come again, after ``pause`` seconds where it says so; ``failure`` is for when time is up."""

    def __init__(self, failure: SignInFailed, pause: float | None) -> None:
        super().__init__(failure.msg)
        self.failure = failure
        self.pause = pause


class Pending(Exception):
    """Nobody has entered the code yet; ``slower`` asks for longer pauses between the questions."""

    def __init__(self, slower: bool) -> None:
        super().__init__(SLOWER if slower else PENDING)
        self.slower = slower


def check(answer: t.Any, settings: Settings, credential: Credential) -> None:
    """Pass an answer that holds a JSON object and no error; raise what any other one means.

    :raises Busy: 429, 5xx, or a number that says the same
    :raises Pending: a person is still to enter a code
    :raises SignInFailed: anything else
    """
    try:
        body = json.loads(answer.text)
    except ValueError:
        body = None
    is_busy = answer.status_code == 429 or answer.status_code >= 500
    if not isinstance(body, dict):
        if is_busy:
            raise Busy(_refused(answer, {}, settings, credential), pause_in(answer))
        raise SignInFailed(
            f"The login host gave an answer that is not Entra ID's (HTTP {answer.status_code})",
            status=answer.status_code,
            hint="A proxy or a log-in page may stand in between; check proxy and login_url",
        )
    if body.get("error") in (PENDING, SLOWER):
        raise Pending(slower=body["error"] == SLOWER)
    if is_busy or number_in(body) in BUSY_CODES:
        raise Busy(_refused(answer, body, settings, credential), pause_in(answer))
    if answer.status_code >= 400 or "error" in body:
        raise _refused(answer, body, settings, credential)


def _refused(answer: t.Any, body: t.Mapping[str, t.Any], settings: Settings, credential: Credential) -> SignInFailed:
    number, word = number_in(body), _text(body, "error")
    code = f"AADSTS{number}" if number else word
    if number:
        refusal = aadsts.explain(number, settings.way_to_sign_in)
    elif answer.status_code == 429 or answer.status_code >= 500:
        refusal = aadsts.BUSY
    else:
        refusal = aadsts.WORDS.get(word or "", aadsts.Refusal(f"HTTP {answer.status_code}", "Check login_url, tenant_id and client_id"))
    return SignInFailed(
        f"Entra ID refused the sign-in: {refusal.meaning}" + (f" ({code})" if code else ""),
        code=code,
        status=answer.status_code,
        request_id=_text(body, "trace_id") or answer.headers.get("x-ms-request-id"),
        hint=". ".join((refusal.hint, *_own_facts(number, answer, settings, credential))),
        details=for_support(body, credential.secrets),
    )


def _own_facts(number: int | None, answer: t.Any, settings: Settings, credential: Credential) -> t.Iterator[str]:
    """What we know ourselves, and the one who was refused would have to look up next."""
    if number in ASSERTION_CODES and credential.shown:
        yield credential.shown
    if number in FEDERATED_AUDIENCE_CODES:
        yield f"In this cloud the audience is {CLOUDS[settings.cloud].federated_audience}"
    if number in SECRET_CODES and settings.client_secret and GUID.fullmatch(settings.client_secret):
        yield "What is given as client_secret looks like a secret ID"
    ahead = _ahead(answer, time.time())
    if number in CLOCK_CODES and ahead is not None and abs(ahead) > CLOCK_MAY_DIFFER:
        yield f"The clock here is {span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} that of Entra ID"


def for_support(body: t.Mapping[str, t.Any], secrets: t.Iterable[str] = ()) -> dict[str, str]:
    """Entra ID's own words and ids, with what is secret taken out should it ever repeat that."""
    said = (_text(body, "error_description") or "").partition("Trace ID:")[0]
    for secret in secrets:
        said = said.replace(secret, "********")
    facts = {
        "entra_message": said[:LONGEST_QUOTE].strip(),
        "suberror": _text(body, "suberror"),
        "trace_id": _text(body, "trace_id"),
        "correlation_id": _text(body, "correlation_id"),
        "timestamp": _text(body, "timestamp"),
    }
    return {name: fact for name, fact in facts.items() if fact}


def number_in(body: t.Mapping[str, t.Any]) -> int | None:
    """The AADSTS number of a refusal, where it has one."""
    numbers = body.get("error_codes")
    first = numbers[0] if isinstance(numbers, list) and numbers else None
    if isinstance(first, int) and first > 0:
        return first
    found = _NUMBER_FIRST.match(_text(body, "error_description") or "")
    return int(found.group(1)) if found else None


def _text(body: t.Mapping[str, t.Any], name: str) -> str | None:
    """A member of the answer that is a text, made safe to show."""
    value = body.get(name)
    return plain(value) if isinstance(value, str) else None


def pause_in(answer: t.Any) -> float | None:
    """``Retry-After`` in seconds; Entra ID sends whole seconds only."""
    wish = answer.headers.get("Retry-After", "")
    return float(wish) if wish.isdecimal() else None


def _ahead(answer: t.Any, now: float) -> float | None:
    """By how many seconds the clock here is ahead of the service's, which stands in ``Date``."""
    try:
        return now - email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None
