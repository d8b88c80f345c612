# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads JSON as the standard has it: no name twice in one object, and no NaN or Infinity.

Where a name stands twice one reader takes the first and another the last, so that a person would see another machine
than the one we act on. Half characters (lone surrogates) stay: Windows allows them in names, and an attacker who could
make us refuse an answer with one would be invisible.
"""

from __future__ import annotations

import json
import typing as t

from .errors import BadAnswer
from .text import plain


def _once_each(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadAnswer(f"The answer says {plain(twice)} twice in one object, so nobody can tell which is meant")
    return found


def _no_number(word: str) -> t.Any:
    raise BadAnswer(f"The answer holds {word}, which is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_number)

decode = _DECODER.decode
"""The value that a whole text is.

:raises BadAnswer: it is ambiguous
:raises ValueError: it is no JSON
"""

scan = _DECODER.raw_decode
"""As ``decode``, of the value that begins at an index of the text, with the index where it ends."""
