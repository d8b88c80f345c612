# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the service answered: an object, or the error that it stands for (common-errors.md)."""

from __future__ import annotations

import email.utils
import json
import typing as t
from dataclasses import dataclass

from .._operation import NONE, Operation
from .errors import AlreadyRunning, BadAnswer, DefenderError, NotFound, ServiceError, Throttled, TokenRejected
from .no_answer import CUT_SHORT
from .text import plain

LONGEST_MESSAGE = 500

REQUEST_ID_HEADERS = ("request-id", "x-ms-request-id", "client-request-id")
"""Where the service's id of a call stands if the body does not name it; the last is our own id, sent back."""

NOT_FOUND = frozenset(("NotFound", "ResourceNotFound"))
ALREADY_RUNNING = "ActiveRequestAlreadyExists"
# 403 has two codes that no role would mend.
DISABLED = "DisabledFeature"
NOT_A_MATTER_OF_ROLES = frozenset((DISABLED, "DisallowedOperation"))

HINTS = {
    "ODataError": "Look at the filter: texts stand in single quotes, times do not, and not every property can be filtered by",
    "InvalidInput": "Look at the values of the task",
    "InvalidRequestBody": "Look at the names and values of the task; this service minds upper and lower case",
    "InvalidHashValue": "Give a SHA-1 with 40 or a SHA-256 with 64 hexadecimal digits",
    "InvalidDomainName": "Give the domain alone, without a scheme and a path",
    "InvalidIpAddress": "Give one IPv4 or IPv6 address",
    "InvalidUrl": "Give the whole address with its scheme",
    "MaximumBatchSizeExceeded": "Split the list",
    "MissingRequiredParameter": "A value is missing, or its name is spelt with other capitals than the service wants",
    "OsPlatformNotSupported": "This action does not exist for the operating system of the machine",
    "ClientVersionNotSupported": "Update the Defender client or Windows on the machine first",
    ALREADY_RUNNING: "Wait for the action that is under way, or take its id and follow it",
    "Unauthorized": "The token was refused; see whether it is for this tenant, this cloud and this API",
    DISABLED: "Turn the feature on in the Defender portal: Settings, Endpoints, Advanced features",
    "DisallowedOperation": "The tenant or the machine does not allow it, whatever roles one has; the reason stands above",
    "InternalServerError": "Try again; if it stays, give support the request id",
    "TooManyRequests": "Run fewer tasks of this kind at once, or raise retry_time",
}
HINTS_BY_STATUS = {
    407: "A proxy wants a user and a password; give them in proxy",
    429: HINTS["TooManyRequests"],
    500: HINTS["InternalServerError"],
    502: "A gateway before the service had no answer; try again",
    503: "The service is not available for the moment; see the service health of the tenant",
    504: "A gateway before the service got no answer in time; try again",
}


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end. ``asked_as`` is the id that we gave the call, ``received_at`` seconds since 1970."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes
    asked_as: str | None = None
    received_at: float = 0.0


def read(operation: Operation, answer: Answer) -> dict[str, t.Any]:
    """The object in a good answer; an empty one where the operation promises none.

    :raises BadAnswer: it is no JSON object
    """
    if operation.reply == NONE or answer.status == 204:
        return {}
    found = _json_object(answer.body)
    if found is None:
        raise BadAnswer(
            f"{operation.id} was answered with {_kind(answer)} instead of a JSON object",
            status=answer.status,
            # What calls itself JSON and is none has lost its end; anything else comes from someone else.
            code=CUT_SHORT if "json" in answer.headers.get("content-type", "") else None,
            request_id=request_id(answer),
            hint="Check api_url, and whether a proxy or a log-in page answers instead of the service",
        )
    return found


def failure(operation: Operation, answer: Answer, judge: t.Callable[[], None]) -> DefenderError:
    """The error that an answer with another status than the operation's successes stands for.

    ``judge`` raises what is wrong with the token that was sent, as far as that can be told from the token.
    """
    said = _error_in(answer)
    status, code = answer.status, _text(said.get("code"))
    facts: dict[str, t.Any] = {"status": status, "code": code, "request_id": request_id(answer)}
    facts["msg"] = f"The service answered {operation.id} with {status}{_quoted(code, said.get('message'))}"
    facts["hint"] = HINTS.get(code or "") or HINTS_BY_STATUS.get(status)
    if code == DISABLED and operation.switch:
        facts["hint"] = f"Turn on in the Defender portal, under Settings, Endpoints, Advanced features: {operation.switch}"
    if status == 401 or (status == 403 and code not in NOT_A_MATTER_OF_ROLES):
        return _token_refused(judge, facts)
    if status == 404:
        # Without the service's own words the address is wrong, and nothing is known of the thing asked for.
        return NotFound(**facts) if code in NOT_FOUND else ServiceError(**{**facts, "hint": "Check api_url, cloud and region"})
    if status == 400 and code == ALREADY_RUNNING:
        return AlreadyRunning(**facts)
    wish = retry_after(answer.headers, answer.received_at)
    if wish is not None:
        facts["details"] = {"retry_after": wish}
    return Throttled(**facts) if status == 429 else ServiceError(**facts)


def retry_after(headers: t.Mapping[str, str], now: float) -> float | None:
    """Seconds from ``now`` that a Retry-After header asks to wait; it holds seconds or a date."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError):
        return None


def request_id(answer: Answer) -> str | None:
    """The service's id of the call: ``target`` in the error, else a header, else the id we gave it."""
    in_headers = (answer.headers.get(name) for name in REQUEST_ID_HEADERS)
    return _text(_error_in(answer).get("target")) or next((_text(found) for found in in_headers if found), answer.asked_as)


def _token_refused(judge: t.Callable[[], None], facts: dict[str, t.Any]) -> DefenderError:
    try:
        judge()
    except TokenRejected as reason:
        reason.status, reason.code, reason.request_id = facts["status"], facts["code"], facts["request_id"]
        return reason
    if facts["status"] == 401:
        return TokenRejected(**{**facts, "hint": HINTS["Unauthorized"]})
    return ServiceError(**{**facts, "hint": "The token holds the role; look at device groups, the licence and whether the machine may be acted on"})


def _error_in(answer: Answer) -> dict[str, t.Any]:
    found = (_json_object(answer.body) or {}).get("error")
    return found if isinstance(found, dict) else {}


def _json_object(body: bytes) -> dict[str, t.Any] | None:
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _quoted(code: str | None, message: t.Any) -> str:
    words = [word for word in (code, _text(message)) if word]
    return f" {': '.join(words)}" if words else ""


def _text(found: t.Any) -> str | None:
    """Words of the service, fit to be shown: they may name machines and files, which an attacker named."""
    text = plain(found) if isinstance(found, str) else ""
    return (text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " ...") or None


def _kind(answer: Answer) -> str:
    if not answer.body:
        return "nothing"
    return _text(answer.headers.get("content-type", "").partition(";")[0]) or "something unnamed"
