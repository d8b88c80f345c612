# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls off actions that have not ended: finds them, leaves those of others alone, and sees what became of each."""

from __future__ import annotations

import collections
import typing as t

from .._api import machine_actions
from .._client import odata
from .._client.errors import BadInput, PartlyFailed, Refused
from .._client.text import plain
from .._response import outcome as words
from .._response.record_report import sentence
from .._response.records import Call, Fate, Trait, bring
from .._response.state import IDS_A_CALL
from .._response.targets import Refusal
from .filters import some
from .found import none_when_not_found, rows_with
from .machine_words import machine_ids

CANCELLED = "Cancelled"
BEING_CANCELLED = "BeingCancelled"
"""Ours, for an action that someone has called off and that has not ended yet."""

POSSIBLE = (
    words.SUCCEEDED, words.PENDING, words.UNCHANGED, words.PLANNED, words.FAILED, words.UNKNOWN, words.NOT_SENT, words.REFUSED,
)
SAID = dict(zip(POSSIBLE, ("cancelled", "being cancelled", "ended before", "would be cancelled", "failed", "unclear", "not tried", "refused")))

Params = t.Mapping[str, t.Any]


def call_off(client, params: Params) -> dict[str, t.Any]:
    """Cancel the actions that the options name.

    :raises Refused: one of them is not known, or someone else asked for it; nothing was sent
    :raises PartlyFailed: more could not be cancelled than may fail; its details are the whole report
    """
    comment = params["comment"].strip()
    if not comment:
        raise BadInput("comment is empty: the service keeps a reason for every cancellation.", hint="Name the incident or the ticket in comment")
    if params["max_failures"] < 0:
        raise BadInput(f"max_failures: {params['max_failures']} is not a number of actions.", hint="Give a whole number from 0")
    wanted = some("action_ids", params["action_ids"]) if params["action_ids"] is not None else None
    client.require((machine_actions.LIST, machine_actions.CANCEL))
    found = _of_machines(client, params) if wanted is None else _with_ids(client, wanted)
    refusals = [Refusal(key, "not_found", f"no action {key} is on record") for key in wanted or () if key not in found]
    if not params["force"]:
        refusals += [_foreign(action) for action in found.values() if not _ended(action) and not _asked_by(client.token.app_id, action)]
    refused = {refusal.target for refusal in refusals}
    going = [action for key, action in found.items() if key not in refused]
    if refusals and params["refused"] != "skip":
        raise Refused(
            f"{len(refusals)} action(s) refused, nothing was sent: {'; '.join(refusal.reason for refusal in refusals)}.",
            hint="Mend the list, set refused: skip to go on without them, or force: true to cancel what others asked for",
            details={"refused": [_refused_entry(refusal, found) for refusal in refusals], "plan": [_identify(action) for action in going]},
        )
    fates = bring(client, _cancellation(comment), going)
    result = _report(fates, [_refused_entry(refusal, found) for refusal in refusals])
    if sum(1 for fate in fates if fate.word in words.BAD) > params["max_failures"]:
        raise PartlyFailed(result["msg"], hint="Look at reason for each action, then run the task again", details=result)
    return result


def _cancellation(comment: str) -> Trait:
    return Trait(
        noun="status",
        of=_status,
        wanted=lambda now: now if now in (*machine_actions.FINAL, BEING_CANCELLED) else CANCELLED,
        waves=lambda drift, attempt: [[Call(machine_actions.CANCEL, {"action_id": key, "comment": comment}, (key,)) for key in drift]],
        listing=machine_actions.LIST,
    )


def _status(action: dict) -> str:
    status = action["status"]
    return BEING_CANCELLED if action.get("cancellationRequestor") and status not in machine_actions.FINAL else status


def _ended(action: dict) -> bool:
    return action["status"] in machine_actions.FINAL


def _of_machines(client, params: Params) -> dict[str, dict]:
    """The actions of these types that have not ended on these machines, in one call."""
    types = some("type", params["type"])
    wanted = machine_ids(client, "machines", params["machines"])
    clauses = [_any("type", types), _any("status", machine_actions.RUNNING)]
    if len(wanted) <= IDS_A_CALL:
        clauses.append(_any("machineId", wanted))
    rows = none_when_not_found(client.list(machine_actions.LIST, where=odata.all_of(*clauses)))
    return {row["id"]: row for row in rows if row["machineId"] in set(wanted)}


def _with_ids(client, ids: t.Sequence[str]) -> dict[str, dict]:
    """The actions of these ids. Those that have not ended come in one call, which is nearly all when they are many."""
    found: dict[str, dict] = {}
    if len(ids) > IDS_A_CALL:
        running = none_when_not_found(client.list(machine_actions.LIST, where=_any("status", machine_actions.RUNNING)))
        found = {row["id"]: row for row in running if row["id"] in set(ids)}
    rest = [key for key in ids if key not in found]
    found.update((row["id"], row) for row in rows_with(client, machine_actions.LIST, "id", rest))
    return {key: found[key] for key in ids if key in found}


def _any(prop: str, values: t.Iterable[str]) -> str:
    return odata.any_of(*(odata.eq(prop, value) for value in values))


def _asked_by(app_id: str | None, action: dict) -> bool:
    return (action.get("requestor") or "").casefold() == (app_id or "").casefold()


def _foreign(action: dict) -> Refusal:
    reason = f"{action['type']} on {_name(action)} (action {action['id']}) was asked for by {action.get('requestor')}, not by this app"
    return Refusal(action["id"], "foreign", plain(reason))


def _report(fates: t.Sequence[Fate], refused: t.Sequence[dict]) -> dict[str, t.Any]:
    entries = [_entry(fate) for fate in fates] + list(refused)
    counts = collections.Counter(entry["outcome"] for entry in entries)
    moved = [entry for entry in entries if entry["changed"]]
    return {
        "changed": bool(moved),
        "msg": sentence("cancellation", entries, "action", SAID),
        "actions": entries,
        "summary": {"total": len(entries), **{word: counts[word] for word in POSSIBLE}},
        "diff": {side: {f"{plain(entry['type'])} {entry['id']}": entry[side]["status"] for entry in moved} for side in ("before", "after")},
    }


def _entry(fate: Fate) -> dict[str, t.Any]:
    word, reason = fate.word, fate.reason
    if word == words.SUCCEEDED and fate.now != CANCELLED:
        under_way = fate.now == BEING_CANCELLED
        word = words.PENDING if under_way else words.UNCHANGED
        reason = "the service has taken it and not ended it yet" if under_way else f"it ended before it could be cancelled: {fate.now}"
    if word == words.UNCHANGED and fate.before == fate.now:
        reason = "it is being cancelled already" if fate.now == BEING_CANCELLED else f"it has ended already: {fate.now}"
    return {
        **_identify(fate.record),
        "outcome": word,
        "reason": reason,
        "changed": word in (words.SUCCEEDED, words.PENDING, words.PLANNED, words.UNKNOWN),
        "before": {"status": fate.before},
        "after": {"status": fate.now},
        "error": fate.error.as_result()["error"] if fate.error else None,
    }


def _refused_entry(refusal: Refusal, found: t.Mapping[str, dict]) -> dict[str, t.Any]:
    nothing = {"id": refusal.target, "type": None, "machine_id": None, "name": None, "requestor": None}
    known = _identify(found[refusal.target]) if refusal.target in found else nothing
    untouched = {"changed": False, "before": None, "after": None, "error": None}
    return {**known, "outcome": words.REFUSED, "reason": refusal.reason, **untouched}


def _identify(action: dict) -> dict[str, t.Any]:
    return {
        "id": action["id"],
        "type": action["type"],
        "machine_id": action["machineId"],
        "name": action.get("computerDnsName"),
        "requestor": action.get("requestor"),
    }


def _name(action: dict) -> str:
    return action.get("computerDnsName") or action["machineId"]
