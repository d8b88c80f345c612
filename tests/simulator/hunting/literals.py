# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a query as Kusto's own lexer cuts them, and its string literals as Kusto reads them.

The KQL library knows neither hidden strings (h"…") nor strings over several lines, and not the escapes \\x, \\u, \\U and
octal ones. So each literal is read here by the rules of the language (KqlTokens.g4 and TokenParser.cs of
microsoft/Kusto-Query-Language) and handed on in the one spelling that both read the same.
"""

from __future__ import annotations

import re
import typing as t

from .refusals import syntax

SPACE = "\t \r\n\f\u00a0\u1680\u180e\u2000-\u200b\u202f\u205f\u3000\ufeff"
RAW = ("datetime", "date", "timespan", "time", "guid", "uuid", "uniqueid", "long", "int64", "int", "int32", "real", "double", "decimal", "bool",
       "boolean", "typeof")
"""Before a bracket these begin a literal that ends at the next closing one, whatever is between."""

TOKEN = re.compile(
    rf"""
    (?P<space>[{SPACE}]+)
  | (?P<comment>//[^\n\r\u2028\u2029]*)
  | (?P<several>[hH]?(?P<fence>```|~~~)(?P<lines>.*?)(?P=fence))
  | (?P<verbatim>[hH]?@(?:"(?P<v2>(?:""|[^"\r\n])*)"|'(?P<v1>(?:''|[^'\r\n])*)'))
  | (?P<string>[hH]?(?:"(?P<s2>(?:\\.|[^"\\\r\n])*)"|'(?P<s1>(?:\\.|[^'\\\r\n])*)'))
  | (?P<raw>(?:{"|".join(RAW)})\([^)]*\))
  | (?P<word>[A-Za-z0-9_$]+)
  | (?P<mark>[*|}}\]),:\-.{{\[(=!~<>/%;+])
    """,
    re.VERBOSE | re.DOTALL,
)
"""``mark`` takes one character of an operator; which of them belong together is left to the grammar."""

ESCAPE = re.compile(r"""\\(?:(?P<plain>[\\'"abfnrtv])|u(?P<u4>[0-9A-Fa-f]{4})|U(?P<u8>[0-9A-Fa-f]{8})|x(?P<x2>[0-9A-Fa-f]{2})"""
                    r"""|(?P<octal>[0-3][0-7][0-7]|[0-7][0-7]?)|(?P<wrong>.))""", re.DOTALL)
PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


class Token(t.NamedTuple):
    kind: str
    """``word``, ``mark``, ``raw`` or ``string``; spaces and comments are kept as ``space``."""
    text: str
    """As it is handed on."""
    at: int
    """Its place in the query."""


def tokens(query: str) -> list[Token]:
    """:raises Refused: the query has a character or a literal that Kusto does not know"""
    found, at = [], 0
    while at < len(query):
        match = TOKEN.match(query, at)
        if match is None:
            raise syntax(query, at)
        found.append(Token(*_read(match, query), at))
        at = match.end()
    return found


def _read(match: re.Match[str], query: str) -> tuple[str, str]:
    kind = next(name for name in ("space", "comment", "several", "verbatim", "string", "raw", "word", "mark") if match[name] is not None)
    if kind == "space":
        return kind, re.sub(r"[^\n]", " ", match[kind])
    if kind == "comment":
        return "space", " "
    if kind == "several":
        return "string", written(match["lines"])
    if kind == "verbatim":
        return "string", written(match["v1"].replace("''", "'") if match["v2"] is None else match["v2"].replace('""', '"'))
    if kind == "string":
        text = match["s1"] if match["s2"] is None else match["s2"]
        return kind, written(_decoded(text, query, match.start()))
    return kind, match[kind]


def written(value: str) -> str:
    """The value as a literal that both Kusto and the library read as it is meant."""
    return '"' + re.sub(r'[\\"\n\r\t\0]', lambda found: WRITTEN[found[0]], value) + '"'


def _decoded(text: str, query: str, at: int) -> str:
    if "\\" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        if found["wrong"] is not None:
            raise syntax(query, at)
        if found["plain"] is not None:
            return PLAIN.get(found["plain"], found["plain"])
        if found["octal"] is not None:
            return chr(int(found["octal"], 8))
        number = int(found["u4"] or found["u8"] or found["x2"], 16)
        if number > 0x10FFFF:
            raise syntax(query, at)
        return chr(number)

    return _paired(ESCAPE.sub(one, text))


def _paired(text: str) -> str:
    """Halves of a character outside the first plane put together; a lone half is no character (the service keeps UTF-8)."""
    if not any("\ud800" <= one <= "\udfff" for one in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def spelled(found: t.Iterable[Token]) -> str:
    """The query as it is handed on."""
    return "".join(token.text for token in found)
