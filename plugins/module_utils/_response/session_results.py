# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live response session brought: for each command how it ended, its file, and what a script said."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t
from dataclasses import dataclass, replace

from .._api import machine_actions
from .._client.errors import BadInput, DefenderError
from .._client.kept_file import Kept
from .._client.text import plain, plain_lines
from .fetch import Fetcher, fetch_all, file_stem, not_fetched
from .outcome import FAILED, PENDING, SUCCEEDED, UNKNOWN, Outcome
from .session import GET, RUN, Kind, kind_of, recorded, subject

COMMANDED = "commanded"

COMPLETED = "Completed"
STATUS = {"Completed": "completed", "Failed": "failed"}
NOT_RUN = "not_run"
WAITING = "waiting"
"""Our words for the status of a command; one that we do not know is shown as it is."""

SUFFIX = {RUN: ".json", GET: ".bin"}
"""The content of a file that was fetched from a machine is anyone's guess, and so is its name."""

LARGEST_SCRIPT_RESULT = 64 * 1024 * 1024
"""Bytes of a script's result that is read; a larger one is only kept."""

NO_COMMANDS: t.Mapping[str, t.Any] = {"commands": []}


@dataclass(frozen=True)
class Results:
    """Where results are kept, if they are, how large one may be, and how many characters of a text are shown."""

    folder: str | None
    max_bytes: int
    max_output: int

    def fetch(self, client: t.Any, outcomes: list[Outcome]) -> list[Outcome]:
        """The outcomes with what each command of their sessions did and brought."""
        link = machine_actions.GET_LIVE_RESPONSE_RESULT
        fetcher = Fetcher(client, self.max_bytes)
        with contextlib.ExitStack() as stack:
            folder = self.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="secops.defender."))
            return fetch_all(client, COMMANDED, link, outcomes, lambda outcome: self._fetched(fetcher, folder, outcome))

    def _fetched(self, fetcher: Fetcher, folder: str, outcome: Outcome) -> Outcome:
        if outcome.action is None:
            return outcome
        entries: list[dict[str, t.Any]] = []
        files: list[Kept] = []
        failure: DefenderError | None = None
        for place, row in recorded(outcome.action):
            entry = _told(place, row, is_over=outcome.word != PENDING)
            entries.append(entry)
            if failure is not None or row.get("commandStatus") != COMPLETED or not _brings(row):
                continue
            try:
                kept = self._kept(fetcher, folder, outcome, place, row)
                entry.update(self._read(row, kept))
                files.append(kept)
            except DefenderError as error:
                failure = error
        done = replace(outcome, found={**outcome.found, "commands": entries}, files=tuple(files) if self.folder else ())
        return _judged(done) if failure is None else not_fetched(done, failure)

    def _kept(self, fetcher: Fetcher, folder: str, outcome: Outcome, place: int, row: t.Mapping[str, t.Any]) -> Kept:
        kind = t.cast(Kind, kind_of(row["command"]))
        if kind is GET and self.folder is None:
            raise BadInput(f"dest is missing: command {place} fetched a file.", hint="Name a folder in dest")
        action_id = t.cast(dict, outcome.action)["id"]
        path = os.path.join(folder, f"{file_stem(outcome.step.machine_id, action_id)}_{place}{SUFFIX[kind]}")
        return fetcher.fetch(machine_actions.GET_LIVE_RESPONSE_RESULT, path, action_id=action_id, index=place)

    def _read(self, row: t.Mapping[str, t.Any], kept: Kept) -> dict[str, t.Any]:
        file = {**kept.describe(), "path": kept.path if self.folder else None}
        if kind_of(row["command"]) is not RUN:
            return {"file": file}
        said = _script_result(kept)
        output, errors = (plain_lines(str(said.get(name) or "")) for name in ("script_output", "script_errors"))
        return {
            "file": file,
            "exit_code": said["exit_code"] if isinstance(said.get("exit_code"), int) else None,
            "output": output[: self.max_output],
            "script_errors": errors[: self.max_output],
            "truncated": max(len(output), len(errors)) > self.max_output,
        }


def _brings(row: t.Mapping[str, t.Any]) -> bool:
    kind = kind_of(row.get("command") or {})
    return kind is not None and kind.brings


def _told(place: int, row: t.Mapping[str, t.Any], *, is_over: bool) -> dict[str, t.Any]:
    """What the record says of one command; the rest is filled in when it brought something."""
    command = row.get("command") or {}
    kind = kind_of(command)
    status = row.get("commandStatus")
    return {
        "index": place,
        "command": kind.option if kind else plain(str(command.get("type"))),
        "subject": plain(subject(command)),
        "status": (NOT_RUN if is_over else WAITING) if status == "Created" else STATUS.get(str(status), plain(str(status))),
        "started": row.get("startTime"),
        "ended": row.get("endTime"),
        "errors": [plain(str(error)) for error in row.get("errors") or ()],
        "file": None,
        "exit_code": None,
        "output": None,
        "script_errors": None,
        "truncated": False,
    }


def _script_result(kept: Kept) -> dict[str, t.Any]:
    """What a script's result says; nothing when it is not what the page promises (get-live-response-result.md)."""
    if kept.size > LARGEST_SCRIPT_RESULT:
        return {}
    try:
        with open(kept.path, encoding="utf-8-sig", errors="replace") as stream:
            said = json.load(stream)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _judged(outcome: Outcome) -> Outcome:
    """The outcome by what the commands say: the service calls a session a success when a script has said it failed."""
    for entry in outcome.found["commands"]:
        if entry["status"] == STATUS["Failed"]:
            why = "; ".join(entry["errors"]) or "no reason is given"
            return replace(outcome, reason=f"{outcome.reason}: command {entry['index']} ({entry['command']} {entry['subject']}) failed: {why}")
    if outcome.word != SUCCEEDED:
        return outcome
    for entry in outcome.found["commands"]:
        if entry["command"] == RUN.option and entry["exit_code"] != 0:
            return _not_well(outcome, entry)
    return outcome


def _not_well(outcome: Outcome, entry: t.Mapping[str, t.Any]) -> Outcome:
    which = f"command {entry['index']} ({entry['subject']})"
    if entry["exit_code"] is None:
        return replace(outcome, word=UNKNOWN, reason=f"the result of {which} cannot be read, so nobody knows how it ended")
    return replace(outcome, word=FAILED, reason=f"{which} ended with exit code {entry['exit_code']}")
