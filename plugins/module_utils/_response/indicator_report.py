# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task on a set of indicators: an entry for each that is not as wanted already, counts, a sentence, the diff."""

from __future__ import annotations

import collections
import typing as t

from .._client.text import plain
from .indicator_plan import CONFLICT, CREATE, LEFT, REMOVE, UNCHANGED, UPDATE, WAITING, WRITTEN, Step
from .indicator_sending import DONE, FAILED, NOT_SENT, PLANNED, UNKNOWN, Sent
from .indicator_wanted import Described

NOTHING, REFUSED, SKIPPED = "nothing", "refused", "skipped"
BAD = (REFUSED, CONFLICT, FAILED, UNKNOWN, NOT_SENT)
PAST = {CREATE: "created", UPDATE: "updated", REMOVE: "removed"}
SAID = {
    CREATE: "created", UPDATE: "updated", REMOVE: "removed", UNCHANGED: "unchanged", WAITING: "watched for now", CONFLICT: "in conflict",
    LEFT: "left to others", REFUSED: "refused", SKIPPED: "skipped", FAILED: "failed", UNKNOWN: "unclear", NOT_SENT: "not tried",
}
NAMED_AT_MOST = 5
IN_THE_DIFF = 1_000
"""More would be read by nobody, and the list in the result has them all."""

Item = dict[str, t.Any]


def report(described: Described, steps: t.Sequence[Step], sent: t.Sequence[Sent]) -> dict[str, t.Any]:
    """The whole result, ``failed`` left to the caller. Without ``sent`` it is the plan."""
    endings = {id(one.step): one for one in sent}
    items = [_item(step, endings.get(id(step))) for step in steps if step.verdict != UNCHANGED]
    items += [_entry(REFUSED, refused.place, refused.reason, refused.type, refused.value) for refused in described.refused]
    items += [_entry(SKIPPED, skip.place, skip.reason, skip.type, skip.value) for skip in described.skips]
    counts = collections.Counter(_word(item) for item in items)
    counts[UNCHANGED] = sum(1 for step in steps if step.verdict == UNCHANGED)
    failed = [item for item in items if _word(item) in BAD]
    return {
        "changed": any(one.word in (DONE, PLANNED) for one in sent),
        "msg": _sentence(counts, failed, is_planned=any(one.word == PLANNED for one in sent)),
        "indicators": items,
        "failed_items": failed,
        "summary": {"wanted": len(described.wanted), "doubles": described.doubles, **{PAST.get(word, word): counts[word] for word in SAID}},
        "diff": diff(steps) if any(one.word in (DONE, PLANNED) for one in sent) else {"before": {}, "after": {}},
    }


def _word(item: Item) -> str:
    """What is counted: what became of it where that was bad, else what was to be done."""
    return item["outcome"] if item["outcome"] in BAD else item["verdict"]


def _item(step: Step, sent: Sent | None) -> Item:
    return {
        "type": step.type,
        "value": step.value,
        "verdict": step.verdict,
        "outcome": sent.word if sent else CONFLICT if step.verdict == CONFLICT else NOTHING,
        "reason": sent.reason if sent else step.reason,
        "drift": sorted(step.drift or ()),
        "place": step.place,
        "id": step.before["id"] if step.before else None,
        "error": sent.error.as_result()["error"] if sent and sent.error else None,
    }


def _entry(word: str, place: str, reason: str, type_: t.Any, value: t.Any) -> Item:
    """What never became part of the plan; it has no id and no drift."""
    outcome = REFUSED if word == REFUSED else NOTHING
    return {
        "type": type_, "value": value, "verdict": word, "outcome": outcome, "reason": plain(reason), "drift": [], "place": place, "id": None, "error": None,
    }


def _sentence(counts: t.Mapping[str, int], failed: t.Sequence[Item], *, is_planned: bool) -> str:
    """Such as ``4999 created, 1 refused; feed.csv line 12: 10.0.0.1 is an address of inside``."""
    parts = [f"{counts[word]} {'to be ' if is_planned and word in PAST else ''}{said}" for word, said in SAID.items() if counts[word]]
    named = [_named(item) for item in failed[:NAMED_AT_MOST]]
    more = [f"{len(failed) - NAMED_AT_MOST} more"] if len(failed) > NAMED_AT_MOST else []
    return "; ".join([", ".join(parts) or "there is nothing to do", *named, *more])


def _named(item: Item) -> str:
    """Where it stands, what it is unless the reason says so, and the reason."""
    value = plain(str(item["value"] or ""))
    said = f" ({value})" if item["place"] and value and value not in item["reason"] else ""
    return f"{item['place'] or value}{said}: {item['reason'].rstrip('.')}"


def diff(steps: t.Sequence[Step]) -> dict[str, t.Any]:
    """What the plan changes, each indicator with the facts that differ; beyond a bound only how many more."""
    moved = [step for step in steps if step.verdict in (*WRITTEN, REMOVE)]
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for step in moved[:IN_THE_DIFF]:
        if step.before is not None:
            before[step.name] = {name: step.before.get(name) for name in (step.drift or ("action", "title", "description", "expirationTime"))}
        if step.drift is not None:
            after[step.name] = dict(step.drift)
    if len(moved) > IN_THE_DIFF:
        after["more"] = dict(collections.Counter(PAST[step.verdict] for step in moved[IN_THE_DIFF:]))
    return {"before": before, "after": after}
