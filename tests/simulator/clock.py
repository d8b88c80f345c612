# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world's time: real time, and what a test has added to it."""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from time import time as real_time

UTC = dt.timezone.utc
_FRACTION = re.compile(r"\.(\d+)")


class Clock:
    """Runs with the machine's own clock, so that tokens are judged right; ``advance`` puts it forward."""

    def __init__(self, source: t.Callable[[], float] = real_time) -> None:
        self._source = source
        self._ahead = 0.0

    def time(self) -> float:
        """Seconds since the epoch."""
        return self._source() + self._ahead

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


def stamp(moment: dt.datetime) -> str:
    """The service's spelling of a moment, without needless zeros: such texts sort by time once the Z is off."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{moment.microsecond:06d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def moment(text: str) -> dt.datetime:
    """The moment that ``text`` spells; before 3.11 Python knows neither the Z nor seven digits of a second.

    :raises ValueError: it spells none
    """
    microseconds = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", text)
    return dt.datetime.fromisoformat(re.sub(r"Z$", "+00:00", microseconds))
