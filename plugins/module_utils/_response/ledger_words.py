# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a ledger say, each in its own kind; never anything secret."""

from __future__ import annotations

import collections
import datetime
import hashlib
import os
import platform
import pwd
import typing as t

from .case_deeds import run_in
from .case_story import ANSWER, DISPATCH, END, PLAN, RESULT
from .ledger_chain import canonical
from .outcome import UNCHANGED

if t.TYPE_CHECKING:
    from .order import Order
    from .outcome import Outcome
    from .plan import Plan, Step

CHANGES_WITH_THE_RUN = ("comment", "external_id")
NOT_TOLD = "not recorded"
MAY_HOLD_SECRETS = ("Args",)
"""Parameters of live response whose text is whatever the user's script takes, a password included."""


def run_by() -> dict[str, str]:
    """Who runs this and where, as the system knows it; in a container there may be no name."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = str(os.geteuid())
    return {"user": user, "host": platform.node()}


def plan(order: Order, plan_: Plan, now: datetime.datetime) -> dict[str, t.Any]:
    """Who asks for what, and what is going to be done with each machine."""
    return {
        "kind": PLAN,
        "action": order.action_type,
        "word": order.word,
        "order": fingerprint(order),
        "values": _told(order),
        "comment": order.comment,
        "machines": [
            {**_machine(step), "verdict": step.verdict, "why": step.why, "before": step.before.describe(now), "action_id": _id(step.action)}
            for step in plan_.steps
        ],
        "refused": [{"target": refusal.target, "reason": refusal.reason} for refusal in plan_.refusals],
    }


def dispatch(order: Order, step: Step, now: datetime.datetime) -> dict[str, t.Any]:
    """The call for one machine is about to be made."""
    asked = {"action": order.action_type, "scope": order.scope, "comment": order.comment}
    return {"kind": DISPATCH, **asked, **_machine(step), "before": step.before.describe(now)}


def answer(order: Order, outcome: Outcome, case: str, run: str) -> dict[str, t.Any]:
    """What came back for one machine."""
    return {"kind": ANSWER, **_fate(order, outcome, case, run)}


def result(order: Order, outcome: Outcome, case: str, run: str) -> dict[str, t.Any]:
    """What became of one machine, as far as the run saw it, and the files that were kept of it."""
    files = [kept.describe() for kept in outcome.files]
    return {"kind": RESULT, "order": fingerprint(order), **_fate(order, outcome, case, run), "files": files}


def end(order: Order, outcomes: t.Iterable[Outcome]) -> dict[str, t.Any]:
    """The run knows all it will know."""
    return {"kind": END, "action": order.action_type, "outcomes": dict(collections.Counter(outcome.word for outcome in outcomes))}


def fingerprint(order: Order) -> str:
    """The same for two orders that ask for the same, for whatever reason; it tells nothing of values that are secret."""
    secret = {field.name for field in order.operation.body_fields if field.secret}
    wanted = {name: value for name, value in order.values.items() if name not in secret and name not in CHANGES_WITH_THE_RUN}
    return hashlib.sha256(canonical({"action": order.action_type, "values": wanted})).hexdigest()[:16]


def _fate(order: Order, outcome: Outcome, case: str, run: str) -> dict[str, t.Any]:
    action = outcome.action or _proof(order, outcome)
    return {
        "action": order.action_type,
        "scope": order.scope,
        **_machine(outcome.step),
        "outcome": outcome.word,
        "reason": outcome.reason,
        "action_id": _id(action),
        "asked_in": run if outcome.sent else run_in((action or {}).get("requestorComment") or "", case),
    }


def _proof(order: Order, outcome: Outcome) -> dict | None:
    """The action that has brought the machine where it is already, if that is on record."""
    latest = outcome.step.before.latest
    return latest if outcome.word == UNCHANGED and latest and latest["type"] == order.action_type else None


def _machine(step: Step) -> dict[str, str]:
    return {"machine_id": step.machine_id, "machine": step.name}


def _id(action: t.Mapping[str, t.Any] | None) -> str | None:
    return action["id"] if action else None


def _told(order: Order) -> dict[str, t.Any]:
    secret = {field.name for field in order.operation.body_fields if field.secret}
    return {name: NOT_TOLD if name in secret else _without_arguments(value) for name, value in order.values.items() if name != "comment"}


def _without_arguments(value: t.Any) -> t.Any:
    if isinstance(value, (list, tuple)):
        return [_without_arguments(entry) for entry in value]
    if isinstance(value, dict):
        if value.get("key") in MAY_HOLD_SECRETS:
            return {**value, "value": NOT_TOLD}
        return {name: _without_arguments(entry) for name, entry in value.items()}
    return value
