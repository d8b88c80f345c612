# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments in time, read and written as the services spell them."""

from __future__ import annotations

import datetime
import re

_SPELLING = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)?$"
)


def parse(text: str) -> datetime.datetime:
    """An ISO 8601 date-time, in UTC; the services write up to seven digits of a second.

    :raises ValueError: when ``text`` is not such a moment
    """
    found = _SPELLING.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a moment such as 2026-11-25T03:00:00Z")
    fraction = (found["fraction"] or "0")[:6].ljust(6, "0")
    zone = "+00:00" if found["zone"] in (None, "Z") else found["zone"]
    moment = datetime.datetime.fromisoformat(f"{found['day']}T{found['time']}.{fraction}{zone}")
    try:
        return moment.astimezone(datetime.timezone.utc)
    except OverflowError as error:
        raise ValueError(f"{text!r} is beyond all years") from error


def spell(moment: datetime.datetime) -> str:
    """``moment`` in UTC to the second, such as ``2026-11-25T03:00:00Z``."""
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def fraction(text: str) -> str:
    """The fraction of a second in it with its point, such as ``.1234567``; events are known by all seven digits."""
    found = _SPELLING.match(text)
    return f".{found['fraction']}" if found and found["fraction"] else ""


def from_epoch(seconds: float) -> datetime.datetime:
    """The moment ``seconds`` after 1970, in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
