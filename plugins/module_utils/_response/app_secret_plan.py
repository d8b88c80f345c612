# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which secret of an app is in use, whether it is time for a new one, and which old ones may go."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._client.errors import BadAnswer
from .._client.record_types import moment_in
from .app_find import Record

HINT = 3
"""So many characters of a secret the directory keeps to tell it by (resources/passwordcredential.md)."""


@dataclass(frozen=True)
class Rules:
    """Times are days. ``name`` is what our secrets bear: those of another name are not touched."""

    name: str
    valid: int
    rotate_before: int
    overlap: int


@dataclass(frozen=True)
class SecretPlan:
    """``remove`` may go once the one in use is proven, ``expired`` works no more and may go in any case, ``kept`` stays for now."""

    current: Record | None
    makes: bool
    why: str
    remove: tuple[Record, ...]
    expired: tuple[Record, ...]
    kept: tuple[Record, ...]


def ours(rows: t.Any, name: str) -> list[Record]:
    return [row for row in rows or () if row.get("displayName") == name]


def plan_secrets(rows: t.Any, rules: Rules, now: datetime.datetime, *, stored: str | None, has_place: bool) -> SecretPlan:
    """What to do about the secrets of an app.

    :param stored: the secret that is kept where ``has_place`` says that there is a place for it; without one nobody knows which is in use
    """
    held = ours(rows, rules.name)
    alive = sorted((row for row in held if ends(row) > now), key=ends)
    fitting = [row for row in alive if not has_place or (stored is not None and row.get("hint") == stored[:HINT])]
    # Several may begin alike: then the one that ends first counts, and none of them goes before a new one is stored.
    current = (fitting[0] if has_place else fitting[-1]) if fitting else None
    why = _why(current, rules, now, has_place=has_place, stored=stored)
    makes = why != ""
    old = [row for row in alive if makes or row is not current]
    clear = [row for row in old if makes or row not in fitting]
    begun = now if makes or current is None else begins(current)
    # Where nobody can prove the one in use, no other is taken away.
    may_go = has_place and begun + datetime.timedelta(days=rules.overlap) <= now
    expired = tuple(row for row in held if row not in alive)
    remove = tuple(clear) if may_go else ()
    return SecretPlan(current, makes, why, remove, expired, tuple(row for row in old if row not in remove))


def _why(current: Record | None, rules: Rules, now: datetime.datetime, *, has_place: bool, stored: str | None) -> str:
    """Why a new one is needed; empty when none is."""
    if current is None and has_place:
        return "none is stored" if stored is None else "the stored one is none of its own that still works"
    if current is None:
        return "there is none"
    left = (ends(current) - now).days
    return f"it ends in {left} day(s)" if left < rules.rotate_before else ""


def begins(row: Record) -> datetime.datetime:
    """:raises BadAnswer: it says no moment"""
    return _moment(row, "startDateTime")


def ends(row: Record) -> datetime.datetime:
    """:raises BadAnswer: it says no moment"""
    return _moment(row, "endDateTime")


def _moment(row: Record, name: str) -> datetime.datetime:
    found = moment_in({**row, "id": row.get("keyId")}, name)
    if found is None:
        raise BadAnswer(f"The credential {row.get('keyId')} has no {name}")
    return found
