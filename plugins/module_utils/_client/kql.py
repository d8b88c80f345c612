# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes texts as literals of the query language (KQL), which no value can end."""

from __future__ import annotations

_NAMED = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    r"""``text`` as a literal in double quotes.

    Quotes, backslashes and whatever ends a line are escaped (learn.microsoft.com/kusto/query/scalar-data-types/string);
    all other characters that do not print are spelt as ``\uXXXX``, so that a person sees what is asked.
    """
    return '"' + "".join(_spelt(character) for character in text) + '"'


def _spelt(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
