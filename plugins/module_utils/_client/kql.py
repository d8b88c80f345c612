# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes values as literals of the query language (KQL), which no value can end."""

from __future__ import annotations

import math
import re
import typing as t

from .errors import BadInput

DEEPEST = 20
"""Levels of lists and dictionaries within each other; what nests deeper is no parameter of a person."""

LARGEST_LONG = 2**63 - 1

# Spelt as both KQL and JSON read them: within dynamic() stands JSON (learn.microsoft.com/kusto/query/scalar-data-types/dynamic).
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


def quote(text: str) -> str:
    r"""``text`` as a literal in double quotes.

    Quotes, backslashes and whatever ends a line are escaped (learn.microsoft.com/kusto/query/scalar-data-types/string);
    all other characters that do not print are spelt as ``\uXXXX``, so that a person sees what is asked.
    """
    return '"' + "".join(_spelt(character) for character in text) + '"'


def literal(name: str, value: t.Any) -> str:
    """``value`` as a literal of the type that suits it: string, bool, long, real, or dynamic for lists and dictionaries.

    :param name: what messages call it; they do not show the value
    :raises BadInput: there is no literal of it
    """
    if isinstance(value, str):
        return _string(name, value)
    if isinstance(value, bool):
        return f"bool({_plain(name, value)})"
    if isinstance(value, int):
        return f"long({_plain(name, value)})"
    if isinstance(value, float):
        return f"real({_plain(name, value)})"
    if isinstance(value, (list, tuple, dict)):
        return f"dynamic({_within(name, value, DEEPEST)})"
    raise _no_literal(name, value)


def _within(name: str, value: t.Any, levels: int) -> str:
    """A value that stands within ``dynamic()``."""
    if not levels:
        raise BadInput(f"{name} nests deeper than {DEEPEST} levels", hint="Give a plain list or dictionary")
    if isinstance(value, dict):
        members = (f"{_string(name, str(key))}: {_within(name, item, levels - 1)}" for key, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_within(name, item, levels - 1) for item in value) + "]"
    if value is None:
        return "null"
    return _string(name, value) if isinstance(value, str) else _plain(name, value)


def _plain(name: str, value: t.Any) -> str:
    """A value that needs no quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > LARGEST_LONG:
            raise BadInput(f"{name} holds a number of more than 64 bits", hint="Give it as a text")
        return str(int(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadInput(f"{name} holds a number that is not finite", hint="Give a number with digits")
        return repr(float(value))
    raise _no_literal(name, value)


def _string(name: str, text: str) -> str:
    if _HALF_A_CHARACTER.search(text):
        raise BadInput(f"{name} holds half a character, which no service has sent", hint="Look at the encoding of the file that it was read from")
    return quote(text)


def _no_literal(name: str, value: t.Any) -> BadInput:
    what = "nothing" if value is None else f"a value of type {type(value).__name__}"
    return BadInput(f"{name} is {what}, which cannot be put into a query", hint="Give a text, a number, true or false, a list or a dictionary")


def _spelt(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
