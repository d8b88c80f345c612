# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose an indicator is: the mark at the end of its description, which is the one text that can be changed and that everybody sees."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._client import moments
from .._client.errors import BadInput

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MARK = re.compile(
    r"(?P<text>.*?)\s*\[owner:(?P<owner>[A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:; watched from (?P<since>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ))?\]\s*", re.DOTALL
)


class Marked(t.NamedTuple):
    """A description, taken apart: its text, the set that the indicator is of, and since when it has only been watched."""

    text: str
    owner: str | None = None
    since: datetime.datetime | None = None


def taken_apart(description: str | None) -> Marked:
    """The description of any indicator; without a mark it is nobody's."""
    found = MARK.fullmatch(description or "")
    if found is None:
        return Marked(description or "")
    return Marked(found["text"], found["owner"], _moment(found["since"]))


def marked(text: str, owner: str, since: datetime.datetime | None = None) -> str:
    """The description with the mark of the set."""
    watched = f"; watched from {moments.spell(since)}" if since is not None else ""
    return f"{text.strip()} [owner:{owner}{watched}]".lstrip()


def owner_named(name: str) -> str:
    """The name of a set.

    :raises BadInput: it could not be found again in a description
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"owner: {name!r} is no name for a set", hint="Letters, digits, full stop, hyphen and underscore, 64 at most")
    return name


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        return moments.parse(text) if text else None
    except ValueError:
        return None
