# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds what is sent from an operation and its values, and refuses what the service would refuse."""

from __future__ import annotations

import datetime
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from .._operation import JSON, MULTIPART, Field, Operation
from . import moments
from .errors import BadInput
from .text import plain

_PLACE = re.compile(r"(?P<before>'?)\{(?P<wire>[^}]+)\}")
_NOT_IN_A_PATH = re.compile(r"[/\\\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Upload:
    """A file to be sent: the name it gets there, and what is in it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Request:
    """What goes out for one call. The body may hold secrets. ``thinks`` as in ``Operation``."""

    method: str
    path: str
    query: t.Mapping[str, t.Any] = field(default_factory=dict)
    body: t.Any = field(default=None, repr=False)
    body_kind: str = JSON
    thinks: int | None = None
    headers: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return target(self.path, self.query)

    @property
    def content(self) -> dict[str, t.Any]:
        """The body in the words of requests."""
        if self.body_kind != MULTIPART:
            return {"json": self.body}
        return {"files": {name: _part(value) for name, value in (self.body or {}).items()}}


def build(operation: Operation, values: t.Mapping[str, t.Any], options: t.Mapping[str, t.Any] | None = None) -> Request:
    """The request for ``operation``. A value of ``None`` is not given; ``options`` are query options such as ``$filter``.

    :raises BadInput: a value is missing, empty, of the wrong type, not among the choices, or too many
    :raises TypeError: there is no field of that name
    """
    fields = (*operation.path_fields, *operation.query_fields, *operation.body_fields)
    strays = set(values) - {known.name for known in fields}
    if strays:
        raise TypeError(f"{operation.id} takes no {', '.join(sorted(strays))}")
    return Request(
        method=operation.method,
        path=_path(operation, _given(operation.path_fields, values)),
        query={**_given(operation.query_fields, values), **(options or {})},
        body=_given(operation.body_fields, values) if operation.body_fields else None,
        body_kind=operation.body_kind,
        thinks=operation.thinks,
        headers=dict(operation.headers),
    )


def target(path: str, query: t.Mapping[str, t.Any]) -> str:
    """``path`` with ``query``; a blank becomes ``%20``, which OData wants, and not a plus sign."""
    if not query:
        return path
    return f"{path}?{urlencode({_whole(name): _as_text(value) for name, value in query.items()}, safe='$', quote_via=quote)}"


def _as_text(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _whole(str(value))


def _whole(text: str) -> str:
    """A text that can be sent; Windows lets names hold half a character, which UTF-8 has no bytes for."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(f"{plain(text)!r} holds half a character, which cannot be sent", hint="Name the thing by its id, or in another way") from error
    return text


def _part(value: t.Any) -> tuple[str | None, bytes | str]:
    """One part of a form; without a file name it is a plain field (RFC 7578)."""
    return (value.name, value.content) if isinstance(value, Upload) else (None, _as_text(value))


def _path(operation: Operation, given: t.Mapping[str, t.Any]) -> str:
    def fill(place: re.Match[str]) -> str:
        text = _whole(str(given[place["wire"]]))
        if text in (".", "..") or _NOT_IN_A_PATH.search(text):
            raise BadInput(f"{text!r} cannot be part of an address", hint="Give the id or name alone, without slashes")
        # Within quotes stands an OData literal: find-machines-by-ip.md.
        return place["before"] + quote(text.replace("'", "''") if place["before"] else text, safe="")

    return _PLACE.sub(fill, operation.path)


def _given(fields: t.Iterable[Field], values: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Wire name and checked value of every field that is given."""
    given = {}
    for known in fields:
        value = values.get(known.name)
        if known.required and (value is None or value == [] or (isinstance(value, str) and not value.strip())):
            raise BadInput(f"{known.name} is {'missing' if value is None else 'empty'}", hint=f"Give {known.name}")
        if value is not None:
            given[known.wire] = _checked(known, value)
    return given


def _checked(known: Field, value: t.Any) -> t.Any:
    value = TYPES[known.type](known, value)
    for item in value if known.type == "list" else (value,):
        if known.choices and item not in known.choices:
            raise BadInput(f"{known.name} is {_shown(known, item)}", hint=f"Choose one of: {', '.join(known.choices)}")
    if known.max_items is not None and len(value) > known.max_items:
        raise BadInput(f"{known.name} holds {len(value)} items, and a call takes at most {known.max_items}", hint="Split the list")
    return value


def _as_is(*kinds: type) -> t.Callable[[Field, t.Any], t.Any]:
    def check(known: Field, value: t.Any) -> t.Any:
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise BadInput(f"{known.name} is {_shown(known, value)}, which is not of type {known.type}")
        return value

    return check


def _list(known: Field, value: t.Any) -> list[t.Any]:
    return list(_as_is(list, tuple)(known, value))


def _file(known: Field, value: t.Any) -> Upload:
    if not isinstance(value, Upload):
        raise BadInput(f"{known.name} is not of type {known.type}")
    if not value.name or value.name in (".", "..") or _NOT_IN_A_PATH.search(value.name):
        raise BadInput(f"{value.name!r} is not a name for a file", hint="Give the name alone, without a folder")
    if known.max_bytes is not None and len(value.content) > known.max_bytes:
        raise BadInput(f"{known.name} has {len(value.content)} bytes, and a call takes at most {known.max_bytes}", hint="Send a smaller file")
    return value


def _moment(known: Field, value: t.Any) -> str:
    """In UTC and in one spelling, which is also what keeps anything else out of the address."""
    if isinstance(value, datetime.datetime):
        return moments.spell(value)
    try:
        return moments.spell(moments.parse(value))
    except (TypeError, ValueError) as error:
        raise BadInput(f"{known.name} is {_shown(known, value)}", hint="Give a time such as 2026-11-25T03:00:00Z") from error


def _instant(known: Field, value: t.Any) -> str:
    """As ``_moment``, to the last digit that is given."""
    if not isinstance(value, str):
        return _moment(known, value)
    whole = _moment(known, value)
    return f"{whole[:-1]}{moments.fraction(value)}Z"


def _shown(known: Field, value: t.Any) -> str:
    return "a secret text" if known.secret else repr(value)


TYPES: dict[str, t.Callable[[Field, t.Any], t.Any]] = {
    "str": _as_is(str),
    "int": _as_is(int),
    "bool": _as_is(bool),
    "list": _list,
    "object": _as_is(dict),
    "datetime": _moment,
    "instant": _instant,
    "file": _file,
}
