# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings alerts to what is wanted of them in few calls, and reads back what became of each."""

from __future__ import annotations

import collections
import typing as t

from .._api import alerts
from .._client import odata
from .._client.errors import DefenderError, SignInFailed, TokenRejected
from .._client.words import and_list
from .outcome import BAD, FAILED, NOT_SENT, PLANNED, SUCCEEDED, UNCHANGED
from .state import IDS_A_CALL, chunks
from .submit import may_have_arrived

Row = t.Mapping[str, t.Any]
Facts = t.Mapping[str, str]

WIRE = {"status": "status", "assigned_to": "assignedTo", "classification": "classification", "determination": "determination"}
"""Ours -> the service's, of what a record shows."""
COMMENT = "comment"
ALSO_CALLED = {theirs: ours for ours, theirs in alerts.OTHER_SPELLINGS.items()}


class Change(t.NamedTuple):
    """Alerts that all need the same, and what that is, by our names."""

    ids: tuple[str, ...]
    facts: Facts


def drift(alert: Row, wanted: Facts) -> dict[str, str]:
    """What of ``wanted`` the alert does not show yet; a comment that somebody made already is not made again."""
    return {name: value for name, value in wanted.items() if not _shows(alert, name, value)}


def changes(rows: t.Iterable[Row], wanted: Facts, *, batch_size: int) -> list[Change]:
    """The fewest calls that send each alert what it lacks and nothing else."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = collections.defaultdict(list)
    for row in rows:
        lacks = tuple(drift(row, wanted).items())
        if lacks:
            alike[lacks].append(row["id"])
    return [Change(tuple(ids), dict(facts)) for facts, all_ids in alike.items() for ids in chunks(all_ids, batch_size)]


def before_and_after(alert: Row, facts: Facts) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """What a change of ``facts`` touches: as it is, and as it shall be."""
    return {name: alert.get(WIRE[name]) if name in WIRE else None for name in facts}, dict(facts)


class Report(t.NamedTuple):
    """An entry for each alert."""

    entries: list[dict[str, t.Any]]

    @property
    def bad(self) -> list[dict[str, t.Any]]:
        return [entry for entry in self.entries if entry["outcome"] in BAD]


def bring(client, rows: t.Sequence[Row], wanted: Facts, *, batch_size: int) -> Report:
    """Change what differs; the alerts stay in their order.

    :raises DefenderError: only where nothing can be said of any alert
    """
    verdicts: dict[str, tuple[str, str, Facts]] = {}
    stopped: str | None = None
    for change in changes(rows, wanted, batch_size=batch_size):
        if stopped:
            verdicts.update((id_, (NOT_SENT, stopped, change.facts)) for id_ in change.ids)
            continue
        try:
            verdicts.update(_made(client, change))
        except (SignInFailed, TokenRejected) as error:
            verdicts.update((id_, (FAILED, error.sentence(), change.facts)) for id_ in change.ids)
            stopped = "another alert met an error that stops them all, so this one was not tried"
        except DefenderError as error:
            verdicts.update((id_, (FAILED, error.sentence(), change.facts)) for id_ in change.ids)
    return Report([_entry(row, *verdicts.get(row["id"], (UNCHANGED, "it is as wanted already", {}))) for row in rows])


def _made(client, change: Change) -> dict[str, tuple[str, str, Facts]]:
    """What became of each alert of one change."""
    try:
        answer = _send(client, change)
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
        lacking = _lacking(_read(client, change.ids), change)
        if len(lacking) == len(change.ids):
            raise
    else:
        if answer is None:
            return dict.fromkeys(change.ids, (PLANNED, "it would be changed", change.facts))
        lacking = _lacking({answer["id"]: answer} if "id" in answer else _read(client, change.ids), change)
    return {
        id_: (FAILED, f"the service took it, and shows another {lacking[id_]}", change.facts) if id_ in lacking else (SUCCEEDED, "", change.facts)
        for id_ in change.ids
    }


def _send(client, change: Change) -> dict[str, t.Any] | None:
    if len(change.ids) == 1:
        return client.call(alerts.UPDATE, alert_id=change.ids[0], **change.facts)
    word = change.facts.get("determination")
    spelt = {"determination": alerts.OTHER_SPELLINGS.get(word, word)} if word else {}
    return client.call(alerts.BATCH_UPDATE, alert_ids=list(change.ids), **{**change.facts, **spelt})


def _read(client, ids: t.Sequence[str]) -> dict[str, Row]:
    """The batch call answers nothing, so the alerts are read back."""
    found: dict[str, Row] = {}
    for group in chunks(ids, IDS_A_CALL):
        found.update((row["id"], row) for row in client.list(alerts.LIST, where=odata.any_of(*(odata.eq("id", id_) for id_ in group))))
    return found


def _lacking(shown: t.Mapping[str, Row], change: Change) -> dict[str, str]:
    """The alerts that do not show the change, with what they do not show."""
    left = {id_: drift(shown.get(id_, {}), change.facts) for id_ in change.ids}
    return {id_: and_list(sorted(names)) for id_, names in left.items() if names}


def _shows(alert: Row, name: str, value: str) -> bool:
    if name == COMMENT:
        return any((comment.get("comment") or "").strip() == value for comment in alert.get("comments") or ())
    shown = alert.get(WIRE[name]) or ""
    if name == "assigned_to":
        return shown.casefold() == value.casefold()
    return ALSO_CALLED.get(shown, shown) == value


def _entry(row: Row, outcome: str, reason: str, facts: Facts) -> dict[str, t.Any]:
    before, after = before_and_after(row, facts)
    return {
        "id": row["id"],
        "title": row.get("title"),
        "outcome": outcome,
        "reason": reason,
        "changed": outcome in (PLANNED, SUCCEEDED),
        "before": before,
        "after": after if outcome in (PLANNED, SUCCEEDED) else before,
    }
