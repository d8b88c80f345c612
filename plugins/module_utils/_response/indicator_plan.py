# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be done with each indicator of a set, and why: created, updated, removed, or nothing."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass

from .._api import indicators
from .._client import moments
from .._client.record_types import moment_in
from .._client.text import plain
from .indicator_owner import marked, taken_apart
from .indicator_values import known_as
from .indicator_wanted import ALLOWED, AUDIT, Described, Key, Wanted, educates

CREATE, UPDATE, UNCHANGED, WAITING, REMOVE, CONFLICT, LEFT = "create", "update", "unchanged", "waiting", "remove", "conflict", "left"
FAIL, LEAVE, TAKE_OVER = "fail", "leave", "take_over"
WRITTEN = (CREATE, UPDATE)
SENT = tuple(known.wire for known in indicators.SUBMIT.body_fields)
CLOCKS_APART = datetime.timedelta(hours=1)
"""By so much an end may be too late, as the clock of another node set it."""

Row = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Terms:
    """How a set is kept. Without ``days`` an end is left as it is where none is said."""

    owner: str
    now: datetime.datetime
    days: int | None = None
    renew_days: int = 0
    watch_hours: int | None = None
    exclusive: bool = False
    conflicts: str = FAIL


@dataclass(frozen=True)
class Step:
    """One indicator of the plan. ``before`` is its record, ``drift`` what it shall show instead, ``record`` what is sent for it."""

    type: str
    value: str
    verdict: str
    reason: str
    place: str | None = None
    before: Row | None = None
    drift: t.Mapping[str, t.Any] | None = None
    record: Row | None = None

    @property
    def key(self) -> Key:
        return known_as(self.type, self.value)

    @property
    def name(self) -> str:
        return f"{self.type} {plain(self.value)}"


def by_key(rows: t.Iterable[Row]) -> dict[Key, Row]:
    """The records by what they are known as, their ends to the second."""
    return {known_as(row["indicatorType"], row["indicatorValue"]): with_end_spelled(row) for row in rows}


def with_end_spelled(row: Row) -> dict[str, t.Any]:
    """The record with its end to the second.

    :raises BadAnswer: that is no moment
    """
    ends = moment_in(row, "expirationTime")
    return {**row, "expirationTime": moments.spell(ends) if ends else None}


def make_plan(described: Described, rows: t.Mapping[Key, Row], terms: Terms) -> list[Step]:
    """A step for everything wanted and, where the set is exclusive, for what is of it and no longer wanted; nothing is sent here."""
    steps = [_step(wanted, rows.get(key), terms) for key, wanted in described.wanted.items()]
    if terms.exclusive:
        kept = {*described.wanted, *described.held}
        steps += [
            Step(row["indicatorType"], row["indicatorValue"], REMOVE, "the set no longer has it", before=row)
            for key, row in rows.items()
            if key not in kept and is_of_set(row, terms.owner)
        ]
    return steps


def is_of_set(row: Row, owner: str) -> bool:
    """Whether an indicator is of that set, by the mark in its description."""
    return taken_apart(row.get("description")).owner == owner


def shows(row: Row | None, step: Step) -> bool:
    """Whether a record is as the step wants it."""
    return row is not None and all(_same(row.get(name), value) for name, value in (step.drift or {}).items())


def _step(wanted: Wanted, before: Row | None, terms: Terms) -> Step:
    ours = before is not None and is_of_set(before, terms.owner)
    if before is not None and not ours and terms.conflicts != TAKE_OVER:
        reason = f"it is there, and not of this set: {_whose(before)}"
        return Step(wanted.type, wanted.value, LEFT if terms.conflicts == LEAVE else CONFLICT, reason, wanted.place, before)
    facts, waiting = _facts(wanted, before, ours, terms)
    drift = {name: value for name, value in facts.items() if before is None or not _same(before.get(name), value)}
    if not drift:
        verdict, reason = (WAITING, waiting) if waiting else (UNCHANGED, "it is as wanted")
        return Step(wanted.type, wanted.value, verdict, reason, wanted.place, before)
    record = _record(wanted, before, facts)
    if before is None:
        return Step(wanted.type, wanted.value, CREATE, waiting or "the tenant did not have it", wanted.place, None, drift, record)
    return Step(wanted.type, wanted.value, UPDATE, waiting or f"it differs in {', '.join(sorted(drift))}", wanted.place, before, drift, record)


def _whose(before: Row) -> str:
    owner = taken_apart(before.get("description")).owner
    maker = plain(str(before.get("createdByDisplayName") or before.get("createdBy") or "unknown"))
    return f"of the set {owner}" if owner else f"made by {maker}"


def _facts(wanted: Wanted, before: Row | None, ours: bool, terms: Terms) -> tuple[dict[str, t.Any], str | None]:
    """What the record shall show now, and what it waits for while it is only watched."""
    known = taken_apart(before.get("description") if before else None)
    text = known.text if wanted.text is None else wanted.text
    facts = {**wanted.facts, **_end(wanted, before, terms)}
    since = _watched_since(wanted, before, ours, terms)
    if since is None:
        educate = {"educateUrl": wanted.educate_url} if wanted.educate_url else {}
        return {**facts, **educate, "description": marked(text, terms.owner)}, None
    begins = f"it is watched until {moments.spell(since + datetime.timedelta(hours=terms.watch_hours or 0))}, then {wanted.facts['action']}"
    return {**facts, "action": AUDIT, "generateAlert": True, "description": marked(text, terms.owner, since)}, begins


def _watched_since(wanted: Wanted, before: Row | None, ours: bool, terms: Terms) -> datetime.datetime | None:
    """From when on it has been watched, when that is not long enough yet; what blocks already is not taken back to watching."""
    if terms.watch_hours is None or wanted.facts["action"] in (ALLOWED, AUDIT):
        return None
    if before is None or not ours or before.get("action") == ALLOWED:
        return _next_hour(terms.now)
    if before.get("action") != AUDIT:
        return None
    # The mark tells it. Where it was to be watched for good until now, only the time of its last change is sure.
    since = taken_apart(before.get("description")).since or moment_in(before, "lastUpdateTime")
    # Whoever edits the mark at the portal cannot have it watched for ever.
    since = min(since, _next_hour(terms.now)) if since else _next_hour(terms.now)
    return None if since + datetime.timedelta(hours=terms.watch_hours) <= terms.now else since


def _next_hour(now: datetime.datetime) -> datetime.datetime:
    """Whole hours, so that a check run and the run after it say the same."""
    return now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)


def _end(wanted: Wanted, before: Row | None, terms: Terms) -> dict[str, str]:
    """When it ends. An end that is reckoned from today is a midnight, and is moved only when it comes near."""
    if wanted.ends is not None:
        return {"expirationTime": moments.spell(wanted.ends)}
    if terms.days is None:
        return {}
    midnight = datetime.datetime.combine(terms.now.date(), datetime.time(), datetime.timezone.utc)
    latest = midnight + datetime.timedelta(days=terms.days + 1)
    present = moment_in(before, "expirationTime") if before else None
    if present is not None and terms.now + datetime.timedelta(days=terms.renew_days) <= present <= latest + CLOCKS_APART:
        return {}
    return {"expirationTime": moments.spell(latest)}


def _record(wanted: Wanted, before: Row | None, facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """All that is sent, as there is no call that changes single facts; what is not said stays as it was."""
    made = {"indicatorType": wanted.type, "indicatorValue": wanted.value, "application": wanted.application}
    record = {**made, **(before or {}), **facts}
    if not educates(wanted.type, record["action"]):
        record.pop("educateUrl", None)
    return {name: record[name] for name in SENT if record.get(name) is not None}


def _same(shown: t.Any, wanted: t.Any) -> bool:
    return sorted(shown or ()) == sorted(wanted) if isinstance(wanted, (list, tuple)) else shown == wanted
