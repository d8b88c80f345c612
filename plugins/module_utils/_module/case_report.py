# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verifies the ledger of a case and tells what stands in it, without asking any service."""

from __future__ import annotations

import os
import typing as t

from .._client.errors import BadInput, LedgerBroken
from .._response import ledger_run
from .._response.case_deeds import CUT_SHORT
from .._response.case_story import Story, tell
from .._response.ledger_chain import Chain, Fault
from .._response.ledger_file import read_ledger
from .._response.ledger_place import case_of, existing, folder_of
from .machine_options import CASE

OPTIONS = {
    **CASE,
    "path": {"type": "path"},
    "head": {"type": "str"},
    "entries": {"type": "bool", "default": False},
    "allow_broken": {"type": "bool", "default": False},
}
RULES = {"mutually_exclusive": [("case", "path")], "required_one_of": [("case", "path")]}


def read_case(_client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the ledger tells.

    :raises BadInput: there is no such ledger, or it cannot be read
    :raises LedgerBroken: it was changed after it was written; the details are the whole result
    """
    path = _path(params)
    try:
        chain = read_ledger(path)
    except OSError as error:
        raise BadInput(f"The ledger {path} cannot be read: {error.strerror}", hint="Run the task as the user who wrote it, or give a copy in path") from error
    faults = [*chain.faults, *_cut_off(chain, params["head"])]
    result = _report(path, chain, faults)
    if params["entries"]:
        result["entries"] = chain.entries
    if faults and not params["allow_broken"]:
        first = faults[0]
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise LedgerBroken(
            f"The ledger {path} does not verify: entry {first.seq}, line {first.line}: {first.why}{more}.",
            hint="Keep the file as it is, look for a copy from before, and set allow_broken to read what is left",
            details=result,
        )
    return result


def _path(params: t.Mapping[str, t.Any]) -> str:
    if params["path"]:
        return params["path"]
    case = case_of(params)
    if case is None:
        raise BadInput("Neither case nor path is given", hint="Name the case, or the file of its ledger")
    return existing(folder_of(params), case, params["tenant_id"])


def _cut_off(chain: Chain, head: str | None) -> list[Fault]:
    """A fault where an entry that once was the last is there no longer, which the ledger by itself cannot tell."""
    if not head or chain.holds(head.strip().lower()):
        return []
    why = "no entry has the hash that head names: entries were cut off at the end, or all was written anew"
    return [Fault(chain.lines + 1, chain.head.seq + 1, why)]


def _report(path: str, chain: Chain, faults: t.Sequence[Fault]) -> dict[str, t.Any]:
    story = tell(chain.entries)
    runs = [run.describe(lambda name: ledger_run.is_held(ledger_run.lock_path(path, name))) for run in story.runs.values()]
    going_on = _open(story)
    return {
        "ledger": _ledger(path, chain, faults),
        "runs": runs,
        "cut_short": [run["run"] for run in runs if run["state"] == CUT_SHORT],
        "machines": _machines(story),
        "open_actions": going_on,
        "action_ids": list(dict.fromkeys(deed["action_id"] for deed in going_on if deed["action_id"])),
        "to_undo": story.to_undo(),
    }


def _ledger(path: str, chain: Chain, faults: t.Sequence[Fault]) -> dict[str, t.Any]:
    times = [entry["time"] for entry in chain.entries]
    first = chain.entries[0] if chain.entries else {}
    return {
        "path": os.path.abspath(path),
        "case": first.get("case"),
        "tenant_id": first.get("tenant_id"),
        "valid": not faults,
        "entries": len(chain.entries),
        "head": chain.head.hash,
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "faults": [fault._asdict() for fault in faults],
        "torn": [{"line": torn.line, "bytes": torn.size, "vouched": torn.vouched} for torn in chain.torn],
    }


def _machines(story: Story) -> list[dict[str, t.Any]]:
    held = story.to_undo()
    return [
        {
            "id": machine_id,
            "name": story.names[machine_id],
            "to_undo": [state for state, machine_ids in held.items() if machine_id in machine_ids],
            "deeds": [deed.describe() for deed in deeds.values()],
        }
        for machine_id, deeds in story.deeds.items()
    ]


def _open(story: Story) -> list[dict[str, t.Any]]:
    named = ("action", "action_id", "outcome", "asked")
    return [
        {"id": deed.machine_id, "name": story.names[deed.machine_id], "run": deed.run.id, **{name: getattr(deed, name) for name in named}}
        for deed in story.every_deed
        if deed.is_open
    ]
