# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a page of a list while it arrives, so that memory stays flat: 10,000 machines are 12 MB of JSON."""

from __future__ import annotations

import codecs
import re
import typing as t

from .errors import BadAnswer
from .no_answer import CUT_SHORT
from .strict_json import scan

LARGEST_ROW = 16 * 1024 * 1024
"""Characters; what is longer is no row of these services, or no JSON at all."""

_BLANKS = re.compile(r"[ \t\r\n]*")
_OF_A_NUMBER = re.compile(r"[0-9eE.+-]*")
_BEGIN_OF_A_VALUE = frozenset('{["-0123456789tfn')


class Page:
    """Iterates over rows with the text each was sent as; ``rest`` then holds what stands beside them.

    :param member: where the rows stand, in whatever letter case: the pages of hunting spell theirs in two ways
    :raises BadAnswer: it is no list, or is cut short, where ``code`` is ``answer_cut_short``
    """

    def __init__(self, chunks: t.Iterable[bytes], member: str = "value") -> None:
        self.rest: dict[str, t.Any] = {}
        self._member = member
        self._text = _Text(chunks)

    def __iter__(self) -> t.Iterator[tuple[dict[str, t.Any], str]]:
        text = self._text
        text.take("{")
        rows_seen = False
        while True:
            name, _spelling = text.value()
            text.take(":")
            if str(name).lower() == self._member and text.peek() == "[":
                if rows_seen:
                    raise BadAnswer(f"The answer holds two lists, both called {self._member}, so nobody can tell which is meant")
                rows_seen = True
                yield from self._rows()
            else:
                self.rest[str(name)], _spelling = text.value()
            if text.take(",", "}") == "}":
                break
        if not rows_seen:
            raise BadAnswer("The service answered with an object that holds no list", hint="Check api_url")

    def _rows(self) -> t.Iterator[tuple[dict[str, t.Any], str]]:
        text = self._text
        text.take("[")
        if text.peek() == "]":
            text.take("]")
            return
        while True:
            row, spelling = text.value()
            if not isinstance(row, dict):
                raise BadAnswer("The list of the service holds something else than objects")
            yield row, spelling
            if text.take(",", "]") == "]":
                return


class _Text:
    """The text that has arrived and was not read yet: a window that moves over the page."""

    def __init__(self, chunks: t.Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._window = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            self._at = _end(_BLANKS, self._window, self._at)
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def take(self, *expected: str) -> str:
        """Step over one of the characters that must come now."""
        found = self._must_be(expected)
        self._at += 1
        return found

    def value(self) -> tuple[t.Any, str]:
        """The JSON value that comes now, and its text."""
        self._must_be(_BEGIN_OF_A_VALUE)
        while True:
            try:
                found, end = scan(self._window, self._at)
            except ValueError:
                self._wait_for_more()
                continue
            except RecursionError as error:
                raise BadAnswer("The answer nests deeper than any of this service") from error
            # Only a number has no end of its own: the rest of it may be on its way.
            if isinstance(found, (int, float)) and _end(_OF_A_NUMBER, self._window, end) == len(self._window) and self._more():
                continue
            start, self._at = self._at, end
            return found, self._window[start:end]

    def _must_be(self, expected: t.Container[str]) -> str:
        found = self.peek()
        if not found:
            raise _cut_short()
        if found not in expected:
            raise BadAnswer("The answer is not JSON as the service writes it", hint="Check api_url, and whether a proxy answers instead of the service")
        return found

    def _wait_for_more(self) -> None:
        """Twice as much as there was, so that a long value is not tried again with every chunk."""
        wanted = 2 * (len(self._window) - self._at)
        if wanted > LARGEST_ROW:
            raise BadAnswer("The answer is not JSON, or holds a value too long to be true")
        grown = False
        while not grown or len(self._window) < wanted:
            if not self._more():
                if grown:
                    return
                raise _cut_short()
            grown = True

    def _more(self) -> bool:
        """Let what was read go and take in the next chunk; false at the end."""
        try:
            for chunk in self._chunks:
                fresh = self._decode(chunk)
                if fresh:
                    self._window, self._at = self._window[self._at :] + fresh, 0
                    return True
            self._decode(b"", True)
        except UnicodeDecodeError as error:
            raise BadAnswer("The answer is not UTF-8 or breaks off", code=CUT_SHORT) from error
        return False


def _cut_short() -> BadAnswer:
    return BadAnswer("The answer of the service breaks off", code=CUT_SHORT)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where that what ``pattern`` describes ends, if there is any at ``at``."""
    found = pattern.match(text, at)
    return found.end() if found else at
