# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and types of what a request carries, judged by the contract; Problem for all that it does not know."""

from __future__ import annotations

import json
import typing as t

from .asked import Asked
from .clock import moment
from .declared import GRAPH
from .forms import form_of
from .seam import Problem

Facts = t.Mapping[str, t.Any]

ODATA_TYPE = "@odata.type"

TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,), "bool": (bool,), "integer": (int,), "int": (int,), "number": (int, float),
    "list": (list,), "object": (dict,), "map": (dict,),
}
"""Type in the contract -> in Python; all others are text in JSON."""

MOMENTS = ("datetime", "instant")


def query_of(asked: Asked, facts: Facts) -> dict[str, str]:
    """The query options; those that begin with ``$`` are left to the list's own reading of the contract."""
    query = dict(asked.query)
    if len(query) < len(asked.query):
        raise Problem(400, "ODataError", "Query options must not be given twice.")
    known = facts.get("query", {})
    for name, value in query.items():
        if name.startswith("$") and facts.get("many"):
            continue
        if name.startswith("$") and name not in known:
            raise Problem(400, "ODataError", f"The query option '{name}' is not supported here.")
        if name not in known:
            raise Problem(400, "BadRequest", f"The query parameter '{name}' is not known.")
        if "choices" in known[name] and value not in known[name]["choices"]:
            raise Problem(400, "BadRequest", f"The value '{value}' is not valid for {name}.")
        if known[name].get("type") in ("boolean", "bool") and value.lower() not in ("true", "false"):
            raise Problem(400, "BadRequest", f"The value '{value}' is not valid for {name}.")
        if known[name].get("type") in ("integer", "int") and not _is_number(value, known[name]):
            raise Problem(400, "BadRequest", f"The value '{value}' is not valid for {name}.")
    for name, field in known.items():
        if field.get("required") is True and not query.get(name):
            raise Problem(400, "MissingRequiredParameter", f"The query parameter '{name}' is missing.")
    return query


def body_of(asked: Asked, facts: Facts) -> dict[str, t.Any]:
    """The body's object; its names are case-sensitive (common-errors.md)."""
    known = facts.get("body") or {}
    if not known:
        if asked.body:
            raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
        return {}
    body = _body(asked, facts, known)
    for name, field in known.items():
        if field.get("required") is True and body.get(name) in (None, "", []):
            code = field.get("when_empty") if name in body else None
            raise Problem(400, code or "MissingRequiredParameter", f"The request body is missing the parameter '{name}'")
    return body


def _body(asked: Asked, facts: Facts, known: Facts) -> dict[str, t.Any]:
    content_type = asked.headers.get("content-type", "")
    if facts.get("body_kind") == "multipart":
        return form_of(asked.body, content_type, known)
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "BadRequest", "The request entity's media type is not supported for this resource.")
    body = _parsed(asked.body)
    if facts["service"] == GRAPH and ODATA_TYPE not in known:
        body.pop(ODATA_TYPE, None)  # any object may say what it is
    for name, value in body.items():
        if name not in known or not fits(value, known[name]):
            raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    return body


def _parsed(content: bytes) -> dict[str, t.Any]:
    try:
        body = json.loads(content)
    except ValueError as error:
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect") from error
    if not isinstance(body, dict):
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    return body


def _is_number(text: str, field: Facts) -> bool:
    """A whole number that is not above the most that the contract knows."""
    return text.isascii() and text.isdigit() and int(text) <= field.get("max", int(text))


def _is_moment(text: str) -> bool:
    try:
        return moment(text).tzinfo is not None
    except ValueError:
        return False


def fits(value: t.Any, field: Facts) -> bool:
    """Whether a value is what the contract says of a field."""
    if value is None:
        return True
    wanted = TYPES.get(field["type"], (str,))
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        return False
    if field["type"] in MOMENTS and not _is_moment(value):
        return False
    if field.get("of") == "string" and not all(isinstance(item, str) for item in value):
        return False
    if isinstance(value, str) and len(value) > field.get("max_length", len(value)):
        return False
    choices = field.get("choices")
    if choices and not all(item in choices for item in (value if isinstance(value, list) else [value])):
        return False
    flags = field.get("flags")
    return not flags or all(word.strip() in flags for word in value.split(","))
