# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of a live response session: as options name them, as the service wants them, and as its record shows them."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._api import library, response_actions
from .._client.errors import BadInput
from .._client.words import and_list
from .act import Act
from .order import Order

Params = t.Mapping[str, t.Any]
Wire = dict[str, t.Any]


@dataclass(frozen=True)
class Kind:
    """One kind of command: our option, the service's word, and the key of what it is about (run-live-response.md)."""

    option: str
    type: str
    key: str
    in_library: bool = False
    brings: bool = False


PUT = Kind("put_file", "PutFile", "FileName", in_library=True)
RUN = Kind("run_script", "RunScript", "ScriptName", in_library=True, brings=True)
GET = Kind("get_file", "GetFile", "Path", brings=True)
KINDS = (PUT, RUN, GET)
"""In the order in which the service takes them."""

ARGS = "Args"

_LIBRARY_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""Letters, digits, hyphen, underscore and full stop (live-response.md)."""

_STEERING = re.compile(r"[\x00-\x1f\x7f]")


def commands_of(given: t.Sequence[Params] | None) -> list[Wire]:
    """The commands in the service's words, checked.

    :raises BadInput: naming the command by its place in the list, from 0 as the service counts
    """
    if not given:
        raise BadInput("commands is empty: there is nothing to do.", hint="Give at least one of put_file, run_script and get_file")
    wanted = [_command(index, entry) for index, entry in enumerate(given)]
    places = [KINDS.index(kind) for kind, _wire in wanted]
    for index in range(1, len(places)):
        if places[index] < places[index - 1]:
            late, before = KINDS[places[index]].option, KINDS[places[index - 1]].option
            raise BadInput(
                f"commands[{index}]: {late} stands after {before}.",
                hint="The service takes all put_file first, then all run_script, then all get_file; use two tasks for another order",
            )
    return [wire for _kind, wire in wanted]


def names_in_library(commands: t.Iterable[Wire]) -> dict[str, int]:
    """The files of the library that the commands use, each with the place of the first that does."""
    names: dict[str, int] = {}
    for index, command in enumerate(commands):
        kind = kind_of(command)
        if kind is not None and kind.in_library:
            names.setdefault(subject(command), index)
    return names


def check_library(client: t.Any, commands: t.Iterable[Wire]) -> None:
    """Refuse commands whose files are not in the library, in one call.

    :raises BadInput: naming all of them
    """
    names = names_in_library(commands)
    if not names:
        return
    held = {row.get("fileName") for row in client.list(library.LIST)}
    missing = [f"commands[{index}]: there is no {name!r}" for name, index in names.items() if name not in held]
    if missing:
        raise BadInput(
            f"{and_list(missing)} in the library of live response; nothing was sent.",
            hint="Bring it there with secops.defender.library_file, or see with library_file_info how it is spelt: case counts",
        )


def kind_of(command: Params) -> Kind | None:
    """The kind of a command in the service's words; ``None`` for one that we do not know."""
    return next((kind for kind in KINDS if kind.type == command.get("type")), None)


def subject(command: Params) -> str:
    """The file, script or path that a command is about."""
    kind = kind_of(command)
    return _values(command).get(kind.key, "") if kind else ""


def recorded(action: Params) -> list[tuple[int, Params]]:
    """What the record of an action tells of each command, by its place; the service counts from 0."""
    rows = [row for row in action.get("commands") or () if isinstance(row, dict)]
    places = [row["index"] if isinstance(row.get("index"), int) else place for place, row in enumerate(rows)]
    return sorted(zip(places, rows), key=lambda numbered: numbered[0])


def does_the_same(order: Order, action: Params) -> bool:
    """Whether a session has exactly the commands that are asked for."""
    asked = [(command["type"], _values(command)) for command in order.values["commands"]]
    held = [row.get("command") or {} for _place, row in recorded(action)]
    return asked == [(command.get("type"), _values(command)) for command in held]


SESSION = Act("LiveResponse", response_actions.RUN_LIVE_RESPONSE, serves=does_the_same)


def _command(index: int, entry: Params) -> tuple[Kind, Wire]:
    kinds = [kind for kind in KINDS if entry.get(kind.option) is not None]
    if len(kinds) != 1:
        named = and_list(kind.option for kind in kinds) if kinds else "nothing to do"
        raise BadInput(f"commands[{index}] has {named}.", hint="Give each command exactly one of put_file, run_script and get_file")
    kind = kinds[0]
    value = entry[kind.option]
    if not value.strip() or _STEERING.search(value):
        raise BadInput(f"commands[{index}]: {kind.option} is {value!r}.", hint="Give a name or path without line breaks and control characters")
    if kind.in_library and not _LIBRARY_NAME.fullmatch(value):
        raise BadInput(
            f"commands[{index}]: {kind.option} is {value!r}, which cannot be a file of the library.",
            hint="Give its name there: letters, digits, hyphens, underscores and full stops. Paths on this machine are for library_file",
        )
    params = [{"key": kind.key, "value": value}]
    if entry.get("args"):
        if kind is not RUN:
            raise BadInput(f"commands[{index}]: args stands beside {kind.option}.", hint="Only run_script takes args")
        params.append({"key": ARGS, "value": entry["args"]})
    return kind, {"type": kind.type, "params": params}


def _values(command: Params) -> dict[str, str]:
    params = (param for param in command.get("params") or () if isinstance(param, dict))
    return {param["key"]: param["value"] for param in params if param.get("value") and "key" in param}
