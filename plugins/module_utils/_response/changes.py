# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings records that people work on, alerts and incidents, to what is wanted of them, and reads back what became of each."""

from __future__ import annotations

import threading
import typing as t

from .._client.errors import DefenderError, SignInFailed, TokenRejected
from .._client.threads import at_once
from .._client.words import and_list
from . import alert_words as words
from .outcome import BAD, FAILED, NOT_SENT, PLANNED, SUCCEEDED, UNCHANGED
from .submit import may_have_arrived

Row = t.Mapping[str, t.Any]
Facts = t.Mapping[str, t.Any]

ASSIGNED_TO = "assigned_to"
INCIDENT_ID = "incident_id"
COMMENT = "comment"
WIRE = {
    "status": "status", ASSIGNED_TO: "assignedTo", "classification": "classification", "determination": "determination", "severity": "severity",
    INCIDENT_ID: "incidentId", "name": "displayName", "resolving_comment": "resolvingComment", "tags": "customTags",
}
"""Ours -> what a record of either service shows; comments stand in a list of their own."""

BEFORE_IT = "what was to be sent before it was not taken"
STOPPED = "another one met an error that stops them all, so this one was not tried"


class Change(t.NamedTuple):
    """Records that all need the same, and what that is, by our names and in our words."""

    ids: tuple[str, ...]
    facts: Facts


class Writer(t.Protocol):
    """How a service is told of changes.

    ``jobs`` makes calls of what the records lack: those of a job one after the other, jobs ``at_once`` at a time. ``send``
    gives the records as they are then, by id, as far as the answer tells, and nothing when it is not sent because of check mode.
    """

    @property
    def at_once(self) -> int: ...

    def jobs(self, lacks: t.Sequence[tuple[str, Facts]]) -> list[list[Change]]: ...

    def send(self, change: Change) -> dict[str, Row] | None: ...

    def read(self, ids: t.Sequence[str]) -> t.Mapping[str, Row]: ...


class Verdict(t.NamedTuple):
    """What became of one change of one record."""

    outcome: str
    reason: str
    facts: Facts


class Report(t.NamedTuple):
    """An entry for each record."""

    entries: list[dict[str, t.Any]]

    @property
    def bad(self) -> list[dict[str, t.Any]]:
        return [entry for entry in self.entries if entry["outcome"] in BAD]


def drift(row: Row, wanted: Facts) -> dict[str, t.Any]:
    """What of ``wanted`` the record does not show yet; a comment that somebody made already is not made again."""
    return {name: value for name, value in wanted.items() if not _shows(row, name, value)}


def bring(client, writer: Writer, rows: t.Sequence[Row], wanted: t.Callable[[Row], Facts]) -> Report:
    """Change what differs; the records stay in their order."""
    lacks = [(row["id"], facts) for row in rows if (facts := drift(row, wanted(row)))]
    stop = threading.Event()
    done = at_once(client, lambda job: _done(writer, job, stop), writer.jobs(lacks), threads=writer.at_once)
    verdicts: dict[str, list[Verdict]] = {}
    for job in done:
        for id_, verdict in job:
            verdicts.setdefault(id_, []).append(verdict)
    return Report([_entry(row, verdicts.get(row["id"], [])) for row in rows])


def _done(writer: Writer, job: t.Sequence[Change], stop: threading.Event) -> list[tuple[str, Verdict]]:
    """The verdicts on each record of a job."""
    verdicts: list[tuple[str, Verdict]] = []
    went_wrong = False
    for change in job:
        if stop.is_set() or went_wrong:
            verdicts += [(id_, Verdict(NOT_SENT, BEFORE_IT if went_wrong else STOPPED, change.facts)) for id_ in change.ids]
            continue
        try:
            made = _made(writer, change)
        except DefenderError as error:
            made = dict.fromkeys(change.ids, Verdict(FAILED, error.sentence(), change.facts))
            if isinstance(error, (SignInFailed, TokenRejected)):
                stop.set()
        went_wrong = any(verdict.outcome == FAILED for verdict in made.values())
        verdicts += made.items()
    return verdicts


def _made(writer: Writer, change: Change) -> dict[str, Verdict]:
    """What became of each record of one change."""
    try:
        shown = writer.send(change)
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
        lacking = _lacking(writer.read(change.ids), change)
        if len(lacking) == len(change.ids):
            raise
    else:
        if shown is None:
            return dict.fromkeys(change.ids, Verdict(PLANNED, "it would be changed", change.facts))
        lacking = _lacking(shown if set(change.ids) <= set(shown) else writer.read(change.ids), change)
    good = Verdict(SUCCEEDED, "", change.facts)
    return {
        id_: Verdict(FAILED, f"the service took it, and shows another {lacking[id_]}", change.facts) if id_ in lacking else good for id_ in change.ids
    }


def _lacking(shown: t.Mapping[str, Row], change: Change) -> dict[str, str]:
    """The records that do not show the change, with what they do not show."""
    left = {id_: drift(shown.get(id_, {}), change.facts) for id_ in change.ids}
    return {id_: and_list(sorted(names)) for id_, names in left.items() if names}


def _shows(row: Row, name: str, value: t.Any) -> bool:
    if name == COMMENT:
        return any(isinstance(comment, dict) and str(comment.get("comment") or "").strip() == value for comment in row.get("comments") or ())
    shown = in_our_words(row, name)
    if name == ASSIGNED_TO:
        return str(shown or "").casefold() == value.casefold()
    if name == "tags":
        return set(shown or ()) == set(value)
    return shown == (words.ALSO_CALLED.get(value, value) if name == words.DETERMINATION else value)


def in_our_words(row: Row, name: str) -> t.Any:
    """What the record shows of a fact."""
    if name not in WIRE:
        return None
    shown = row.get(WIRE[name])
    return words.ours(name, shown) if name in words.GRAPH else shown


def _entry(row: Row, verdicts: t.Sequence[Verdict]) -> dict[str, t.Any]:
    """What is told of one record; of several changes the worst is told, and what was made of them."""
    bad = next((verdict for verdict in verdicts if verdict.outcome in BAD), None)
    outcome, reason, _facts = bad or (verdicts[0] if verdicts else Verdict(UNCHANGED, "it is as wanted already", {}))
    made = {name: value for verdict in verdicts if verdict.outcome in (PLANNED, SUCCEEDED) for name, value in verdict.facts.items()}
    before = {name: in_our_words(row, name) for verdict in verdicts for name in verdict.facts}
    return {
        "id": row["id"],
        "title": row.get("title") or row.get("displayName"),
        "outcome": outcome,
        "reason": reason,
        "changed": bool(made),
        "before": before,
        "after": {**before, **made},
    }
