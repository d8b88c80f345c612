# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a request that no module is for, with all that is known of it from the declarations."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import replace
from urllib.parse import quote

from .._api.by_path import ROOTS, declared_at, decoded, is_batch
from .._client.answers import Answer, read_json, request_id
from .._client.errors import BadInput, Refused
from .._client.paging import Listing
from .._client.request import Request
from .._client.text import plain
from .._client.words import and_list
from .._operation import DEFENDER, JSON, NO_RATE_GIVEN, READ, WRITE, Operation
from . import rows_file
from .covered import COVERED
from .secrets_in import hide
from .shape import ANYTHING, Operations
from .token_check import role_groups

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
OPTIONS: dict[str, t.Any] = {
    "service": {"type": "str", "choices": list(ROOTS), "default": DEFENDER},
    "method": {"type": "str", "choices": list(METHODS), "default": "GET"},
    "path": {"type": "str", "required": True},
    "query": {"type": "dict"},
    "body": {"type": "raw"},
    "effect": {"type": "str", "choices": [READ, WRITE]},
    "roles": {"type": "list", "elements": "raw", "default": []},
    "status": {"type": "list", "elements": "int"},
    "paging": {"type": "bool", "default": False},
    "limit": {"type": "int"},
    "dest": {"type": "path"},
    "unguarded": {"type": "bool", "default": False},
    "past_end": {"type": "bool", "default": False},
    "return_secrets": {"type": "bool", "default": False, "no_log": False},
}
ANY_SUCCESS = tuple(range(200, 300))
NUMBERS = ("$top", "$skip")
"""Query options that paging reckons with."""
HINTS = (("Forbidden", "Grant the app the permission that is named above; named in roles, too, it is missed before anything is sent next time"),)

Params = t.Mapping[str, t.Any]

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NEVER_IN_A_PATH = re.compile(r"[?#\\\s\x00-\x1f\x7f\ud800-\udfff]")


class Answered(t.NamedTuple):
    """What came back."""

    status: int
    json: t.Any
    request_id: str | None


def send(client, params: Params) -> dict[str, t.Any]:
    """Send what the options say, once it is sure that it may be sent.

    :raises BadInput: the options do not go together
    :raises Refused: a module of ours looks before it does this
    :raises Ended: the service does not do this any more
    :raises DefenderError: the rest of the tree
    """
    path = checked_path(params["service"], params["path"])
    known = declared_at(params["service"], params["method"], path)
    operation = _operation(params, path, known)
    _check_together(params, operation)
    if known is not None:
        _refuse_unless_wanted(params, known)
    elif is_batch(path) and not params["unguarded"]:
        hint = "Send its requests one by one, or set unguarded: true to send it all the same"
        raise Refused("A batch may hold whatever a module of this collection looks at before it acts; a plain request does not", hint=hint)
    client.past_end = params["past_end"]
    client.require((operation,))
    query = _query(params)
    told = {"operation": known.id if known else None}
    if params["paging"]:
        listing = Listing(client.line(operation.service), operation, path=path, query=query, limit=params["limit"])
        return {**told, **_rows(client, listing, params)}
    request = Request(operation.method, path, query, body=params["body"], thinks=operation.thinks, headers=dict(operation.headers))
    answered = client.ask(operation, request, _read)
    if answered is None:
        return {**told, "changed": True, "msg": f"{operation.method} {plain(path)} would be sent", "status": None, "json": None}
    found: set[str] = set()
    shown = answered.json if params["return_secrets"] else hide(answered.json, found)
    _tell(client, found)
    changed = operation.writes and answered.status < 400
    said = {"changed": changed, "msg": f"The service answered with {answered.status}", "status": answered.status}
    return {**told, **said, "json": shown, "request_id": answered.request_id}


def foretold(params: Params) -> Operations:
    """The operation that a task with these options calls.

    :raises BadInput: what decides is not known, or nothing is known of that path
    """
    for name, is_known in (("service", params["service"] in ROOTS), ("method", params["method"] in METHODS), ("path", isinstance(params["path"], str)),
                           ("roles", isinstance(params["roles"], list) and ANYTHING not in params["roles"])):
        if not is_known:
            raise BadInput(f"{name} of api_request is known only when it runs")
    path = checked_path(params["service"], params["path"])
    known = declared_at(params["service"], params["method"], path)
    if known is None and not params["roles"]:
        raise BadInput(f"nothing is known of the path {params['path']!r} of api_request", hint="Say in its option roles what it needs")
    return (_operation({**params, "status": None, "effect": None if params["effect"] is ANYTHING else params["effect"]}, path, known),)


def checked_path(service: str, path: str) -> str:
    """The path as it is sent.

    :raises BadInput: it could lead to elsewhere, or is none
    """
    roots = ROOTS[service]
    if not path.startswith(roots):
        raise BadInput(
            f"path is {path!r}",
            hint=f"For {service} begin with {' or '.join(roots)} and leave the host out; the token goes to no other host than the service's",
        )
    if _NEVER_IN_A_PATH.search(path) or _STRAY_PERCENT.search(path):
        raise BadInput(f"path is {path!r}", hint="Give what follows a question mark in query, and spell out a blank as %20 and a percent sign as %25")
    plain = decoded(path)
    if {".", ".."}.intersection(re.split(r"[/\\]", plain)) or _CONTROL.search(plain):
        raise BadInput(f"path is {path!r}", hint="Leave out the dots between slashes and what does not print: they lead to elsewhere")
    return quote(path, safe="/%:=,()'@$!*;~-._&+")


def _operation(params: Params, path: str, known: Operation | None) -> Operation:
    """What is declared there, or what the options say of it, for this one path."""
    success = tuple(params["status"] or ANY_SUCCESS)
    roles = role_groups(params["roles"], option="roles")
    if known is not None:
        return replace(
            known, record=(), path=path, path_fields=(), query_fields=(), body_fields=(), body_kind=JSON, success=success,
            roles=tuple(dict.fromkeys((*known.roles, *roles))), effect=params["effect"] or known.effect,
        )
    return Operation(
        id="api_request", method=params["method"], path=path, source="the options of the task", service=params["service"], roles=roles,
        effect=params["effect"] or (READ if params["method"] == "GET" else WRITE), success=success, rate=NO_RATE_GIVEN, hints=HINTS,
    )


def _check_together(params: Params, operation: Operation) -> None:
    if params["body"] is not None and not isinstance(params["body"], (dict, list)):
        raise BadInput("body is neither a dictionary nor a list", hint="Give the JSON of the body as YAML")
    try:
        json.dumps(params["body"], allow_nan=False)
    except ValueError as error:
        raise BadInput(f"body: {error}", hint="JSON has no such number") from error
    if params["body"] is not None and operation.method == "GET":
        raise BadInput("body is given with method GET", hint="Set the method, or give the values in query")
    if params["paging"] and (operation.method != "GET" or operation.writes):
        raise BadInput(f"paging is true with method {operation.method} and effect {operation.effect}", hint="Only what is read by GET has pages")
    if not params["paging"] and (params["dest"] or params["limit"] is not None):
        raise BadInput("dest and limit are for lists", hint="Set paging: true")
    if params["limit"] is not None and params["limit"] < 1:
        raise BadInput(f"limit is {params['limit']}", hint="Give a whole number from 1, or leave it out to read all")


def _refuse_unless_wanted(params: Params, known: Operation) -> None:
    if known.writes and params["effect"] == READ:
        raise BadInput(f"effect is read, but {known.id} changes something", hint="Leave effect out: it is known here")
    if known.answers_secret and not params["return_secrets"]:
        raise Refused(
            f"{known.id} answers with a link that is a secret",
            hint="Let machine_evidence or machine_live_response fetch the file; return_secrets: true shows the link, so set no_log: true with it",
        )
    module = COVERED.get(known.id)
    if module and not params["unguarded"]:
        raise Refused(
            f"{known.id} is what {module} does, which looks before it acts; a plain request does not",
            hint=f"Use secops.defender.{module}, or set unguarded: true to send it all the same",
        )


def _query(params: Params) -> dict[str, t.Any]:
    query = {str(name): value for name, value in (params["query"] or {}).items() if value is not None}
    for name, value in query.items():
        if isinstance(value, (dict, list)):
            raise BadInput(f"query: {name} is a {type(value).__name__}", hint="Give a text, a number or a truth value")
    return {name: int(value) if name in NUMBERS and str(value).isdecimal() else value for name, value in query.items()}


def _rows(client, listing: Listing, params: Params) -> dict[str, t.Any]:
    """All rows of the list, in the result or in the file."""
    target = rows_file.target(params["dest"]) if params["dest"] else None
    if target is not None and target.format == rows_file.CSV:
        hint = "Let the name end in .ndjson, and in .gz after that to pack it"
        raise BadInput(f"dest is {params['dest']!r}, but the columns of this list are not known", hint=hint)
    found: set[str] = set()

    def shown() -> t.Iterator[tuple[t.Any, str]]:
        for row, text in listing.raw():
            kept = row if params["return_secrets"] else hide(row, found)
            yield kept, text if kept == row else json.dumps(kept)

    if target is not None:
        result = rows_file.write(target, shown(), (), dry=client.dry)
    else:
        rows = [row for row, _text in shown()]
        result = {"changed": False, "rows": rows, "count": len(rows)}
    _tell(client, found)
    return {"msg": f"The list holds {result['count']} rows", **result, "complete": listing.complete}


def _tell(client, found: t.Collection[str]) -> None:
    if found:
        where = and_list(sorted(plain(name) for name in found))
        client.warnings.append(f"What looks like a secret is hidden, in {where}. With return_secrets: true it is shown; set no_log: true then")


def _read(operation: Operation, answer: Answer) -> Answered:
    return Answered(answer.status, read_json(operation, answer) if answer.body else None, request_id(answer))
