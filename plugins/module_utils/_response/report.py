# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task on machines: one entry a machine, a count of each outcome, and a sentence for a person."""

from __future__ import annotations

import collections
import datetime
import typing as t

from .._client.text import plain
from . import outcome as words
from .order import Order
from .outcome import Outcome
from .plan import Plan
from .targets import Refusal, identify

SAID = {
    words.SUCCEEDED: "done",
    words.UNCHANGED: "so already",
    words.PLANNED: "would be asked for",
    words.PENDING: "still pending",
    words.FAILED: "failed",
    words.TIMED_OUT: "timed out",
    words.CANCELLED: "cancelled",
    words.UNKNOWN: "unclear",
    words.NOT_SENT: "not tried",
    words.REFUSED: "refused",
}


def report(order: Order, outcomes: t.Sequence[Outcome], refusals: t.Sequence[Refusal], now: datetime.datetime) -> dict[str, t.Any]:
    """The whole result, ``failed`` left to the caller."""
    machines = [_entry(order, outcome, now) for outcome in outcomes] + [_refused(order, refusal) for refusal in refusals]
    counts = collections.Counter(machine["outcome"] for machine in machines)
    return {
        "changed": any(machine["changed"] for machine in machines),
        "msg": sentence(order, counts, machines),
        "machines": machines,
        "summary": {"total": len(machines), **{word: counts[word] for word in words.WORDS}},
        "action_ids": [machine["action_id"] for machine in machines if machine["outcome"] == words.PENDING],
        "diff": _diff(order, machines),
    }


def planned(plan: Plan, now: datetime.datetime) -> list[dict[str, t.Any]]:
    """What would have been done with the machines that nothing speaks against, for a refused task."""
    return [
        {
            "id": step.machine_id,
            "name": step.name,
            "verdict": step.verdict,
            "reason": step.why,
            "before": step.before.describe(now),
        }
        for step in plan.steps
    ]


def sentence(order: Order, counts: t.Mapping[str, int], machines: t.Sequence[dict]) -> str:
    """Such as ``isolated: 2 of 3 done, 1 failed (srv-7.contoso.com)``."""
    parts = []
    for word in words.WORDS:
        if not counts[word]:
            continue
        named = [machine["name"] or machine["id"] for machine in machines if machine["outcome"] == word]
        names = f" ({', '.join(named)})" if word in words.BAD or word in (words.REFUSED, words.PENDING) else ""
        parts.append(f"{counts[word]} {SAID[word]}{names}")
    return f"{order.word}: of {len(machines)} machine(s) {', '.join(parts)}"


def _entry(order: Order, outcome: Outcome, now: datetime.datetime) -> dict[str, t.Any]:
    before = outcome.step.before
    arrived = outcome.word in (words.SUCCEEDED, words.PLANNED, words.UNCHANGED)
    states = {"before": before.describe(now), "after": {"state": order.word if arrived else before.state}}
    return {
        "id": outcome.step.machine_id,
        "name": outcome.step.name,
        "outcome": outcome.word,
        "reason": outcome.reason,
        "changed": outcome.changed,
        "joined": outcome.action is not None and not outcome.sent,
        "action_id": outcome.action["id"] if outcome.action else None,
        "candidates": [],
        "error": outcome.error.as_result()["error"] if outcome.error else None,
        **(states if order.record.keeps_state else {}),
        **order.shows(outcome.step.machine),
        **outcome.found,
    }


def _refused(order: Order, refusal: Refusal) -> dict[str, t.Any]:
    machine = refusal.candidates[0] if len(refusal.candidates) == 1 else {}
    return {
        "id": machine.get("id"),
        "name": refusal.target,
        "outcome": words.REFUSED,
        "reason": refusal.reason,
        "changed": False,
        "joined": False,
        "action_id": None,
        "candidates": [identify(candidate) for candidate in refusal.candidates],
        "error": None,
        **({"before": None, "after": None} if order.record.keeps_state else {}),
        **order.shows(machine),
    }


def _diff(order: Order, machines: t.Sequence[dict]) -> dict[str, t.Any]:
    """Before and after of the machines that this task changes; a pending one is shown where it is going."""
    moved = [machine for machine in machines if machine["changed"]]
    return {
        "before": {_label(machine): machine["before"]["state"] for machine in moved if "before" in machine},
        "after": {_label(machine): _destination(order, machine) for machine in moved},
    }


def _label(machine: dict) -> str:
    return f"{plain(machine['name'])} ({machine['id']})"


def _destination(order: Order, machine: dict) -> str:
    if machine["outcome"] in (words.PENDING, words.UNKNOWN):
        return f"{machine['outcome']} (action {machine['action_id']})"
    return order.word
