# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds each record of the service against what the declaration says of its types, before anyone acts on it."""

from __future__ import annotations

import datetime
import typing as t

from .._operation import LIST, OBJECT, OBJECTS, Member, Operation
from . import moments
from .errors import BadAnswer
from .text import plain


def _texts(value: t.Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _objects(value: t.Any) -> bool:
    return isinstance(value, list) and all(item is None or isinstance(item, dict) for item in value)


FITS: dict[str, t.Callable[[t.Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    LIST: _texts,
    OBJECT: lambda value: isinstance(value, dict),
    OBJECTS: _objects,
}
CALLED = {
    "str": "a text", "int": "a whole number", "bool": "a truth value", LIST: "a list of texts", OBJECT: "an object", OBJECTS: "a list of objects",
}


def check_record(operation: Operation, record: t.Mapping[str, t.Any]) -> None:
    """Pass a record whose members are of the types that the operation declares; what is null or left out is not there.

    :raises BadAnswer: naming the member and its type
    """
    stray = _stray(operation.record, record)
    if stray is None:
        return
    path, member, value = stray
    known = record.get("id")
    which = f" {plain(known)}" if isinstance(known, str) else ""
    found = "not there" if value is None else f"of the type {_type(value)}"
    raise BadAnswer(
        f"{operation.id} was answered with a record{which} whose {path} is {found}, and it should be {CALLED[member.type]}",
        hint="Nothing was done with it. Run the task again; if it stays, something between here and the service changes answers",
    )


def moment_in(record: t.Mapping[str, t.Any], *names: str) -> datetime.datetime | None:
    """What the first of these members says that says anything; ``None`` when none does.

    :raises BadAnswer: it is no moment
    """
    name, text = next(((name, record[name]) for name in names if record.get(name)), ("", None))
    if text is None:
        return None
    try:
        return moments.parse(text)
    except (TypeError, ValueError) as error:
        raise BadAnswer(f"The record {plain(str(record.get('id')))} says {plain(str(text))!r} for {name}, which is no moment") from error


def _stray(members: t.Iterable[Member], record: t.Mapping[str, t.Any]) -> tuple[str, Member, t.Any] | None:
    """The first member that is not as it should be, with its path and its value."""
    for member in members:
        value = record.get(member.name)
        if value is None:
            if member.needed:
                return member.name, member, None
            continue
        if not FITS[member.type](value):
            return member.name, member, value
        if member.within:
            for part in value if member.type == OBJECTS else (value,):
                deeper = _stray(member.within, part or {})
                if deeper is not None:
                    return (f"{member.name}.{deeper[0]}", *deeper[1:])
    return None


def _type(value: t.Any) -> str:
    if isinstance(value, list):
        return "list" if all(isinstance(item, type(value[0])) for item in value) else "list of several types"
    return {dict: "object", str: "text", bool: "truth value"}.get(type(value), "number")
