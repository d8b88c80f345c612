# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes of alerts and of incidents have in common: nothing is taken from a person, and what was done is told."""

from __future__ import annotations

import collections
import typing as t

from .._client.errors import BadInput, PartlyFailed, Refused
from .._client.words import and_list
from .._response import alert_words as words
from .._response.changes import Report, in_our_words


def refuse_to_take(noun: str, rows: t.Iterable[t.Mapping[str, t.Any]], person: str | None) -> None:
    """Leave things with whom they are.

    :param person: who is to have them; ``None`` when nobody is
    :raises Refused: somebody else has taken one
    """
    if person is None:
        return
    has = {row["id"]: str(row["assignedTo"]) for row in rows if row.get("assignedTo")}
    taken = {id_: owner for id_, owner in has.items() if owner.casefold() != person.casefold()}
    if not taken:
        return
    raise Refused(
        f"{len(taken)} {noun}(s) are taken already, by {and_list(sorted(set(taken.values())))}; nothing was sent",
        hint=f"Ask them first; then set take_over: true, or leave these {noun}s out",
        details={"taken": [{"id": id_, "assigned_to": owner} for id_, owner in taken.items()]},
    )


def refuse_odd_pairs(noun: str, rows: t.Iterable[t.Mapping[str, t.Any]], wanted: t.Mapping[str, str]) -> None:
    """Leave a classification that goes with the determination which is there already.

    :raises BadInput: another one is wanted, and nothing is said of the determination
    """
    classification = wanted.get(words.CLASSIFICATION)
    if classification is None or words.DETERMINATION in wanted:
        return
    changing = [row for row in rows if in_our_words(row, words.CLASSIFICATION) != classification]
    there = {row["id"]: in_our_words(row, words.DETERMINATION) for row in changing}
    odd = {id_: word for id_, word in there.items() if word is not None and word not in words.FITTING[classification]}
    if odd:
        id_, word = next(iter(odd.items()))
        raise BadInput(
            f"{len(odd)} {noun}(s) have a determination that does not go with the classification {classification}, first {id_} with {word}",
            hint=f"Give determination as well: {and_list(words.FITTING[classification])} go with it",
        )


def told(noun: str, report: Report, further: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result of the task.

    :raises PartlyFailed: some could not be changed; its details are this result
    """
    counts = collections.Counter(entry["outcome"] for entry in report.entries)
    changed = [entry for entry in report.entries if entry["changed"]]
    said = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items())
    result = {
        "changed": bool(changed),
        "msg": f"Of {len(report.entries)} {noun}(s) {said or 'none is there'}",
        f"{noun}s": report.entries,
        **further,
        "diff": {side: {entry["id"]: entry[side] for entry in changed} for side in ("before", "after")},
    }
    if report.bad:
        first = report.bad[0]
        hint = f"Look at reason for each {noun}, then run the task again: {noun}s already changed are left alone"
        raise PartlyFailed(f"{result['msg']}; first {first['id']}: {first['reason'].rstrip('.')}", hint=hint, details=result)
    return result
