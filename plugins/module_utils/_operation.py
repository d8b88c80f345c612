# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words an endpoint is declared with; nothing here reads, writes or imports anything of ours."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

READ = "read"
WRITE = "write"

OBJECT = "object"
PAGE = "page"
LIST = "list"
OBJECTS = "objects"
NONE = "none"

JSON = "json"
MULTIPART = "multipart"

DEFENDER = "defender"
GRAPH = "graph"


@dataclass(frozen=True)
class Field:
    """One value an operation takes.

    ``name`` is what our code calls it, ``wire`` what the service calls it (letter case matters there:
    common-errors.md). ``type`` is one of ``str``, ``int``, ``bool``, ``list``, ``object``, ``datetime``,
    ``instant`` (a moment to the last digit) and ``file``; names in an object are those of the service, and so are they
    in a list of objects. ``max_bytes`` is the size of a file at most.
    """

    name: str
    wire: str
    type: str = "str"
    required: bool = False
    choices: tuple[str, ...] = ()
    secret: bool = False
    max_items: int | None = None
    max_bytes: int | None = None


@dataclass(frozen=True)
class Member:
    """A member of the service's records that our code relies on, by its name there.

    ``type`` is ``str``, ``int``, ``bool``, ``list`` (of texts), ``object`` or ``objects`` (a list of them), with what is relied on
    ``within``. One that is ``needed`` is always there.
    """

    name: str
    type: str = "str"
    needed: bool = False
    within: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Rate:
    """How often a tenant may call: per minute and per hour; ``None`` where the page gives no number."""

    per_minute: int | None = 100
    per_hour: int | None = 1500


USUAL_RATE = Rate()
NO_RATE_GIVEN = Rate(per_minute=None, per_hour=None)


@dataclass(frozen=True)
class Operation:
    """One endpoint, declared once.

    ``roles`` holds groups that are all needed; within a group any one role is enough, the least
    privileged first. ``effect`` says whether the call changes anything: a query sent by POST still reads.
    ``filterable`` holds the properties that ``$filter`` may name, in the service's spelling. ``page_size`` is the largest page;
    where the documentation does not state it, a smaller one says nothing about what follows. ``body_kind`` is
    how the body's fields are sent: as JSON, or as the parts of a form when one of them is a file. ``switch`` is
    the feature of the tenant that must be on, by its name in the portal. ``hints`` say what to do about an error, by the
    service's code, where more can be said of this operation than of the code. ``ends`` is the first day on which the
    service no longer answers, ``replacement`` the id of the operation that takes its place, ``instead`` what a person does then.
    ``thinks`` is for how many seconds the service may be silent before it answers, where that is longer than usual.
    ``answers_secret`` marks an answer with which whoever reads it can get at something. ``headers`` go with every call: names and values.
    ``record`` holds what our code relies on in the records that it answers with.
    """

    id: str
    method: str
    path: str
    source: str
    roles: tuple[tuple[str, ...], ...]
    effect: str = READ
    reply: str = OBJECT
    service: str = DEFENDER
    path_fields: tuple[Field, ...] = ()
    query_fields: tuple[Field, ...] = ()
    body_fields: tuple[Field, ...] = ()
    body_kind: str = JSON
    success: tuple[int, ...] = (200,)
    page_size: int | None = None
    page_size_is_stated: bool = True
    filterable: tuple[str, ...] = ()
    expandable: tuple[str, ...] = ()
    rate: Rate = USUAL_RATE
    switch: str | None = None
    hints: tuple[tuple[str, str], ...] = ()
    ends: datetime.date | None = None
    replacement: str | None = None
    instead: str | None = None
    thinks: int | None = None
    answers_secret: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    record: tuple[Member, ...] = ()

    @property
    def writes(self) -> bool:
        return self.effect == WRITE

    @property
    def repeatable(self) -> bool:
        """Whether a call without an answer may simply be sent again."""
        return self.effect == READ


def roles_needed(operations: t.Iterable[Operation]) -> tuple[tuple[str, ...], ...]:
    """All-of groups of any-of roles that these operations need together, each group once, in order."""
    groups: dict[tuple[str, ...], None] = {}
    for operation in operations:
        groups.update(dict.fromkeys(operation.roles))
    return tuple(groups)


def roles_missing(needed: t.Iterable[tuple[str, ...]], held: t.Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The groups of ``needed`` of which not one role is ``held``."""
    have = set(held)
    return tuple(group for group in needed if not have.intersection(group))
