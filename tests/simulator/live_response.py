# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What live response does on a machine: commands one at a time, and the first that fails stops the rest."""

from __future__ import annotations

import datetime as dt
import json
import re
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .actions import Action
from .clock import stamp
from .library import Library

PUT, RUN, GET = ORDER = ("PutFile", "RunScript", "GetFile")
KEYS: dict[str, dict[str, bool]] = {PUT: {"FileName": True}, RUN: {"ScriptName": True, "Args": False}, GET: {"Path": True}}
"""Parameters of each command, and whether it needs them (run-live-response.md)."""

SCRIPT_SECONDS = 600
"""When a script is stopped (run-live-response.md)."""
PUT_FOLDERS = {False: "/var/opt/microsoft/mdatp/downloads", True: "C:\\ProgramData\\Microsoft\\Defender\\Downloads"}
"""On Windows or not; no page tells where files are put, and the service may well put them elsewhere."""


@dataclass
class Command:
    """One command of a session; times are seconds after the request, ``None`` when it is never run."""

    index: int
    type: str
    params: list[dict[str, str]]
    starts: float | None = None
    ends: float | None = None
    error: str | None = None
    result: bytes | None = field(default=None, repr=False)
    put: tuple[str, bytes] | None = field(default=None, repr=False)
    """Path and content of the file it brings."""

    def done(self, action: Action, now: dt.datetime) -> bool:
        """Whether it has been carried out by then, well or not."""
        if self.ends is None:
            return False
        moment = action.created + dt.timedelta(seconds=self.ends)
        return moment <= now and (action.cancelled is None or moment <= action.cancelled.moment)

    def completed(self, action: Action, now: dt.datetime) -> bool:
        return self.error is None and self.done(action, now)

    def shown(self, action: Action, now: dt.datetime) -> dict[str, t.Any]:
        done = self.done(action, now)
        status = ("Failed" if self.error else "Completed") if done else "Created"
        return {
            "index": self.index,
            "startTime": stamp(action.created + dt.timedelta(seconds=self.starts)) if done and self.starts is not None else None,
            "endTime": stamp(action.created + dt.timedelta(seconds=self.ends)) if done and self.ends is not None else None,
            "commandStatus": status,
            "errors": [self.error] if self.error and done else [],
            "command": {"type": self.type, "params": self.params},
        }


def commands_of(body: t.Sequence[Mapping[str, t.Any]]) -> list[Command]:
    return [Command(index, one["type"], list(one["params"])) for index, one in enumerate(body)]


def value(params: t.Iterable[Mapping[str, str]], key: str) -> str:
    return next((one["value"] for one in params if one["key"] == key), "")


def run(commands: t.Sequence[Command], library: Library, files: dict[str, bytes], *, begins: float, ends: float) -> float:
    """Carry the commands out between two moments; when the last one that is run ends.

    ``files`` are those of the machine, and gain what is put there.
    """
    share = (ends - begins) / len(commands)
    at = begins
    for command in commands:
        command.starts, command.ends = at, at + share
        at = command.ends
        CARRIED_OUT[command.type](command, library, files)
        if command.error:
            break
    return at


def _put(command: Command, library: Library, files: dict[str, bytes]) -> None:
    name = value(command.params, "FileName")
    folder = PUT_FOLDERS[_is_windows(files)]
    command.put = (f"{folder}{_slash(folder)}{name}", library[name].content)
    files.update([command.put])


def _run(command: Command, library: Library, _files: dict[str, bytes]) -> None:
    name = value(command.params, "ScriptName")
    ended = script_result(name, library[name].content.decode("utf-8", "replace"), value(command.params, "Args"))
    if ended is None:
        command.error = "The script was stopped after 10 minutes"
        return
    command.result = json.dumps(ended).encode()


def _get(command: Command, _library: Library, files: dict[str, bytes]) -> None:
    path = value(command.params, "Path")
    command.result = files.get(path)
    if command.result is None:
        command.error = f"Could not find file '{path}'."


CARRIED_OUT = {PUT: _put, RUN: _run, GET: _get}

OUTPUT = re.compile(r"\s*(?:Write-Output|Write-Host|echo)\s+(.*)", re.IGNORECASE)
ERROR = re.compile(r"\s*Write-Error\s+(.*)", re.IGNORECASE)
SLEEP = re.compile(r"\s*(?:Start-Sleep(?:\s+-Seconds)?|sleep)\s+(\d+)", re.IGNORECASE)
EXIT = re.compile(r"\s*exit\s+(\d+)", re.IGNORECASE)


def script_result(name: str, script: str, args: str) -> dict[str, t.Any] | None:
    """What a script of a few simple lines would say (LiveResponseScriptResult); ``None`` when it runs too long.

    Known are echo, Write-Output, Write-Error, sleep and exit; ``$args`` and ``$@`` are its arguments.
    """
    said, errors, slept, exit_code = [f"Transcript started, output file is {name}.txt"], [], 0, 0
    for line in script.splitlines():
        if found := OUTPUT.match(line):
            said.append(_text(found[1], args))
        elif found := ERROR.match(line):
            errors.append(_text(found[1], args))
        elif found := SLEEP.match(line):
            slept += int(found[1])
        elif found := EXIT.match(line):
            exit_code = int(found[1])
            break
    if slept >= SCRIPT_SECONDS:
        return None
    return {"script_name": name, "exit_code": exit_code, "script_output": _lines(said), "script_errors": _lines(errors)}


def _text(written: str, args: str) -> str:
    return written.strip().strip("\"'").replace("$args", args).replace("$@", args)


def _lines(texts: t.Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


def _is_windows(files: t.Iterable[str]) -> bool:
    return any("\\" in path for path in files)


def _slash(folder: str) -> str:
    return "\\" if "\\" in folder else "/"


def put_by(actions: t.Iterable[Action], now: dt.datetime) -> Iterator[tuple[str, bytes]]:
    """Files that sessions have put on a machine by then."""
    for action in actions:
        for command in action.commands:
            if command.put and command.completed(action, now):
                yield command.put
