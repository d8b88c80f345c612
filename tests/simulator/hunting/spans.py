# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Timespan of a query on Graph (security-security-runhuntingquery.md): the forms of ISO 8601, as two moments."""

from __future__ import annotations

import datetime as dt
import re

from .. import clock
from .refusals import Refused

DURATION = re.compile(
    r"P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
DAYS = {"weeks": 7, "years": 365, "months": 30, "days": 1}

Span = tuple[dt.datetime, dt.datetime]


def span_of(text: str, now: dt.datetime) -> Span:
    """``start/end``, ``duration/end``, ``start/duration``, a duration until now, or a moment until now.

    :raises Refused: it is none of these
    """
    first, slash, second = text.partition("/")
    if not slash:
        length = _duration(first)
        return (_moment(first, text), now) if length is None else (now - length, now)
    before, after = _duration(first), _duration(second)
    if before is not None and after is None:
        end = _moment(second, text)
        return end - before, end
    start = _moment(first, text)
    return start, _moment(second, text) if after is None else start + after


def _duration(text: str) -> dt.timedelta | None:
    found = DURATION.fullmatch(text)
    if found is None:
        return None
    days = sum(int(found[unit] or 0) * length for unit, length in DAYS.items())
    return dt.timedelta(days=days, hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0), seconds=float(found["seconds"] or 0))


def _moment(text: str, given: str) -> dt.datetime:
    try:
        found = clock.moment(text)
    except ValueError as error:
        raise Refused(f"The value '{given}' of Timespan is not a duration or a time of ISO 8601") from error
    return found if found.tzinfo else found.replace(tzinfo=clock.UTC)
