# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task on the records of machines: an entry for each, a count of each outcome, a sentence."""

from __future__ import annotations

import collections
import typing as t

from .._client.text import plain
from . import outcome as words
from .records import Fate, Trait
from .targets import Refusal, identify

POSSIBLE = (words.SUCCEEDED, words.UNCHANGED, words.PLANNED, words.FAILED, words.UNKNOWN, words.NOT_SENT, words.REFUSED)
NAMED = frozenset((words.FAILED, words.UNKNOWN, words.NOT_SENT, words.REFUSED))
SAID = {
    words.SUCCEEDED: "changed",
    words.UNCHANGED: "so already",
    words.PLANNED: "would be changed",
    words.FAILED: "failed",
    words.UNKNOWN: "unclear",
    words.NOT_SENT: "not tried",
    words.REFUSED: "refused",
}

Entry = t.Mapping[str, t.Any]


def report(trait: Trait, fates: t.Sequence[Fate], refusals: t.Sequence[Refusal]) -> dict[str, t.Any]:
    """The whole result, ``failed`` left to the caller."""
    entries = [_entry(trait, fate) for fate in fates] + [_refused(refusal) for refusal in refusals]
    counts = collections.Counter(entry["outcome"] for entry in entries)
    moved = [fate for fate in fates if fate.changed]
    return {
        "changed": bool(moved),
        "msg": sentence(trait.noun, entries, "machine", SAID),
        "machines": entries,
        "summary": {"total": len(entries), **{word: counts[word] for word in POSSIBLE}},
        "diff": {
            "before": {_label(fate.record): fate.before for fate in moved},
            "after": {_label(fate.record): fate.now for fate in moved},
        },
    }


def sentence(about: str, entries: t.Sequence[Entry], each: str, said: t.Mapping[str, str]) -> str:
    """Such as ``tags: of 3 machine(s) 2 changed, 1 failed (srv-7.contoso.com)``; in the order of ``said``."""
    parts = []
    for word, phrase in said.items():
        named = [plain(str(entry["name"] or entry["id"])) for entry in entries if entry["outcome"] == word]
        if named:
            parts.append(f"{len(named)} {phrase}" + (f" ({', '.join(named)})" if word in NAMED else ""))
    return f"{about}: of {len(entries)} {each}(s) {', '.join(parts)}"


def proposed(trait: Trait, found: t.Iterable[dict]) -> list[dict[str, t.Any]]:
    """What would have been done with the machines that nothing speaks against, for a refused task."""
    pairs = [(machine, trait.of(machine)) for machine in found]
    return [
        {"id": machine["id"], "name": _name(machine), "before": {trait.noun: before}, "after": {trait.noun: trait.wanted(before)}}
        for machine, before in pairs
    ]


def _entry(trait: Trait, fate: Fate) -> dict[str, t.Any]:
    return {
        "id": fate.record["id"],
        "name": _name(fate.record),
        "outcome": fate.word,
        "reason": fate.reason,
        "changed": fate.changed,
        "before": {trait.noun: fate.before},
        "after": {trait.noun: fate.now},
        "candidates": [],
        "error": fate.error.as_result()["error"] if fate.error else None,
    }


def _refused(refusal: Refusal) -> dict[str, t.Any]:
    return {
        "id": None,
        "name": refusal.target,
        "outcome": words.REFUSED,
        "reason": refusal.reason,
        "changed": False,
        "before": None,
        "after": None,
        "candidates": [identify(candidate) for candidate in refusal.candidates],
        "error": None,
    }


def _name(machine: dict) -> str:
    return machine.get("computerDnsName") or machine["id"]


def _label(machine: dict) -> str:
    return f"{plain(_name(machine))} ({machine['id']})"
