# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads JSON as the standard has it: no name twice in one object, no NaN or Infinity, and no half characters.

Where a name stands twice one reader takes the first and another the last, so that a person would see another machine
than the one we act on: that is refused. Half a character (a lone surrogate) is what Windows allows in names, and an
attacker who could make us refuse an answer with it would be invisible: it is replaced, as it cannot be shown or sent.
"""

from __future__ import annotations

import json
import re
import typing as t

from .errors import BadAnswer
from .text import plain

REPLACED = "\ufffd"

_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile(r"[\ud800-\udfff]")


def decode(text: str) -> t.Any:
    """The value that the whole text is.

    :raises BadAnswer: it can be read in two ways
    :raises ValueError: it is no JSON
    """
    found = _DECODER.decode(text)
    return _whole(found) if _MAY_BE_HALF.search(text) else found


def scan(text: str, at: int) -> tuple[t.Any, int]:
    """As ``decode``, of the value that begins at ``at``, with the place where it ends."""
    found, end = _DECODER.raw_decode(text, at)
    return (_whole(found) if _MAY_BE_HALF.search(text, at, end) else found), end


def _once_each(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadAnswer(f"The answer says {plain(twice)} twice in one object, so nobody can tell which is meant")
    return found


def _no_number(word: str) -> t.Any:
    raise BadAnswer(f"The answer holds {word}, which is no number")


def _whole(value: t.Any) -> t.Any:
    if isinstance(value, str):
        return _HALF.sub(REPLACED, value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {_whole(name): _whole(item) for name, item in value.items()} if isinstance(value, dict) else value


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_number)
