# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what the service answered: an object, or the error that it stands for (common-errors.md)."""

from __future__ import annotations

import email.utils
import typing as t
from dataclasses import dataclass

from .._operation import GRAPH, NONE, PAGE, Operation
from .errors import AlreadyRunning, BadAnswer, DefenderError, NotFound, ServiceError, Throttled, TokenRejected
from .hints import ALREADY_RUNNING, CLAIMS_WANTED, DISABLED, HINTS, REVOKED, hint_for
from .no_answer import CUT_SHORT
from .record_types import check_record
from .strict_json import decode
from .text import plain

LONGEST_MESSAGE = 500

REQUEST_ID_HEADERS = ("request-id", "x-ms-request-id", "client-request-id")
"""Where the service's id of a call stands if the body does not name it; the last is our own id, sent back."""

REVOKED_EARLY = "The service no longer takes the token, although its time is not over (continuous access evaluation)"

NOT_FOUND = frozenset(("NotFound", "ResourceNotFound"))
# 403 has two codes that no role would mend.
NOT_A_MATTER_OF_ROLES = frozenset((DISABLED, "DisallowedOperation"))


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

    :raises BadAnswer: it is no JSON object, or holds records that are not as declared
    """
    if operation.reply == NONE or answer.status == 204:
        return {}
    found = read_json(operation, answer)
    if not isinstance(found, dict):
        raise _unreadable(operation, answer)
    rows = found.get("value") if operation.reply == PAGE else [found]
    for row in rows if isinstance(rows, list) else ():
        check_record(operation, row if isinstance(row, dict) else {})
    return found


def read_json(operation: Operation, answer: Answer) -> t.Any:
    """Whatever JSON a good answer holds.

    :raises BadAnswer: it holds something else
    """
    try:
        return decode(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(operation, answer) from error


def failure(operation: Operation, answer: Answer, judge: t.Callable[[], None]) -> DefenderError:
    """The error that an answer with another status than the operation's successes stands for.

    ``judge`` raises what is wrong with the token that was sent, as far as that can be told from the token.
    """
    said = _error_in(answer)
    status, code = answer.status, _text(said.get("code"))
    facts: dict[str, t.Any] = {"status": status, "code": code, "request_id": request_id(answer)}
    facts["msg"] = f"The service answered {operation.id} with {status}{_quoted(code, said.get('message'))}"
    facts["hint"] = hint_for(operation, status, code)
    if status == 401 or (status == 403 and code not in NOT_A_MATTER_OF_ROLES):
        return _token_refused(judge, facts, is_revoked=CLAIMS_WANTED in answer.headers.get("www-authenticate", ""))
    if status == 404:
        # Without the service's own words the address is wrong, and nothing is known of the thing asked for.
        return NotFound(**facts) if _is_named(operation, code) else ServiceError(**{**facts, "hint": f"Check {_where(operation)} and cloud"})
    if status == 400 and code == ALREADY_RUNNING:
        return AlreadyRunning(**facts)
    wish = retry_after(answer.headers, answer.received_at)
    if wish is not None:
        facts["details"] = {"retry_after": wish}
    return Throttled(**facts) if status == 429 else ServiceError(**facts)


def retry_after(headers: t.Mapping[str, str], now: float) -> float | None:
    """Seconds from ``now`` that a Retry-After header asks to wait; it holds seconds or a date."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError):
        return None


def request_id(answer: Answer) -> str | None:
    """The service's id of the call: ``target`` in the error, else a header, else the id we gave it."""
    in_headers = (answer.headers.get(name) for name in REQUEST_ID_HEADERS)
    return _text(_error_in(answer).get("target")) or next((_text(found) for found in in_headers if found), answer.asked_as)


def _is_named(operation: Operation, code: str | None) -> bool:
    """Whether the code says that a thing is not there; Graph spells it in more than one way (reference: graph_alert.get)."""
    return code in NOT_FOUND or (operation.service == GRAPH and code is not None)


def _where(operation: Operation) -> str:
    """The option that holds the address."""
    return "graph_url" if operation.service == GRAPH else "api_url"


def _unreadable(operation: Operation, answer: Answer) -> BadAnswer:
    return BadAnswer(
        f"{operation.id} was answered with {_kind(answer)} instead of a JSON object",
        status=answer.status,
        # What calls itself JSON and is none has lost its end; anything else comes from someone else.
        code=CUT_SHORT if "json" in answer.headers.get("content-type", "") else None,
        request_id=request_id(answer),
        hint=f"Check {_where(operation)}, and whether a proxy or a log-in page answers instead of the service",
    )


def _token_refused(judge: t.Callable[[], None], facts: dict[str, t.Any], *, is_revoked: bool) -> DefenderError:
    try:
        judge()
    except TokenRejected as reason:
        reason.status, reason.code, reason.request_id = facts["status"], facts["code"], facts["request_id"]
        return reason
    if facts["status"] == 401 and is_revoked:
        return TokenRejected(**{**facts, "msg": REVOKED_EARLY, "hint": REVOKED})
    if facts["status"] == 401:
        return TokenRejected(**{**facts, "hint": HINTS["Unauthorized"]})
    return ServiceError(**{**facts, "hint": facts["hint"] or HINTS["Forbidden"]})


def _error_in(answer: Answer) -> dict[str, t.Any]:
    found = (_json_object(answer.body) or {}).get("error")
    return found if isinstance(found, dict) else {}


def _json_object(body: bytes) -> dict[str, t.Any] | None:
    try:
        found = decode(body.decode("utf-8-sig"))
    except (BadAnswer, ValueError, RecursionError):
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
