# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a span of time as ISO 8601 spells it and hunting takes it (security-security-runhuntingquery.md)."""

from __future__ import annotations

import datetime
import re

from . import moments
from .errors import BadInput

HINT = "Write it as ISO 8601: P7D, PT12H, 2026-11-20T00:00:00Z/PT6H, P1D/2026-11-25T03:00:00Z or 2026-11-20T00:00:00Z/2026-11-25T03:00:00Z"

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1, "hours": 1 / 24, "minutes": 1 / 1440, "seconds": 1 / 86400}
_LONGEST = 36_500
"""Days; nothing is older."""
_BEGIN_OF_TIME = datetime.datetime(1900, 1, 1, tzinfo=datetime.timezone.utc)


def begin_of(text: str, now: datetime.datetime) -> datetime.datetime:
    """When the span that ``text`` describes begins, seen from ``now``; years and months are counted by 365 and 30 days.

    :raises BadInput: it describes none
    """
    first, slash, second = text.partition("/")
    if not slash:
        length = _length(first)
        return _moment(first, text) if length is None else now - length
    length = _length(first)
    if length is not None:
        return _moment(second, text) - length
    begin = _moment(first, text)
    if _length(second) is None and _moment(second, text) <= begin:
        raise BadInput(f"timespan is {text!r}, which ends before it begins", hint="Give the earlier time first")
    return begin


def _moment(part: str, text: str) -> datetime.datetime:
    try:
        return max(moments.parse(part), _BEGIN_OF_TIME)
    except ValueError as error:
        raise BadInput(f"timespan is {text!r}, which is no span of time", hint=HINT) from error


def _length(part: str) -> datetime.timedelta | None:
    found = _DURATION.fullmatch(part)
    if found is None:
        return None
    days = sum(int(number) * _DAYS[unit] for unit, number in found.groupdict().items() if number)
    return datetime.timedelta(days=min(days, _LONGEST))
