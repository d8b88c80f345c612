# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that tell what is known of files, addresses, domains or users, and where they were seen."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._api.observables import LONGEST_LOOK_BACK
from .._client.errors import BadInput, NotFound
from .._client.threads import at_once
from .._operation import Operation
from .filters import some
from .found import Found, missing

Params = t.Mapping[str, t.Any]

ALERTS = "alerts"
MACHINES = "machines"
IN_FLIGHT = 10


@dataclass(frozen=True)
class Observables:
    """``noun`` names them in the result, in the plural; ``option`` takes their names, which ``canonical`` checks and spells as the service does.

    ``profile`` and ``statistics`` are read of each, where the service has them, ``related`` when asked for, and of all kinds when there is nothing else.
    ``known_as`` is the field of the profile by which what is related must be asked for; ``at_most`` the number of rows at which a kind may be cut off.
    """

    noun: str
    option: str
    canonical: t.Callable[[str], str]
    related: t.Mapping[str, Operation]
    profile: Operation | None = None
    statistics: Operation | None = None
    known_as: str | None = None
    at_most: t.Mapping[str, int] = field(default_factory=dict)
    rules: t.Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        spec: dict[str, t.Any] = {
            self.option: {"type": "list", "elements": "str", "required": True},
            "related": {"type": "list", "elements": "str", "choices": list(self.related)},
        }
        if self.statistics:
            spec["look_back_hours"] = {"type": "int", "default": LONGEST_LOOK_BACK}
        else:
            spec["related"]["default"] = list(self.related)
        if self.profile:
            spec["allow_missing"] = {"type": "bool", "default": False}
        return spec

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for operation in (self.profile, self.statistics) if operation)

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        return {f"related={kind}": (operation,) for kind, operation in self.related.items()}

    def work(self, client, params: Params) -> dict[str, t.Any]:
        """Read all that is asked for.

        :raises BadInput: a name is none, or the hours are too many
        :raises NotFound: the service knows nothing of one of them
        """
        hours = params.get("look_back_hours")
        if hours is not None and not 1 <= hours <= LONGEST_LOOK_BACK:
            raise BadInput(f"look_back_hours is {hours}", hint=f"Give a number from 1 to {LONGEST_LOOK_BACK}")
        names = list(dict.fromkeys(self.canonical(word.strip()) for word in some(self.option, params[self.option])))
        kinds = list(dict.fromkeys(params["related"] or ()))
        client.require((*self.operations, *(self.related[kind] for kind in kinds)))
        read = at_once(client, lambda name: self._read(client, name, kinds, hours), names, threads=IN_FLIGHT)
        rows = [row for row in read if row is not None]
        found = Found(rows, {name: f"the service knows nothing of {name}" for name, row in zip(names, read) if row is None})
        if found.not_found and not params["allow_missing"]:
            raise missing(self.noun, found)
        cut_off = any(len(row[kind]) >= self.at_most[kind] for row in rows for kind in kinds if kind in self.at_most)
        return {self.noun: rows, "count": len(rows), "complete": not cut_off, **({"not_found": list(found.not_found)} if self.profile else {})}

    def _read(self, client, name: str, kinds: t.Sequence[str], hours: int | None) -> dict[str, t.Any] | None:
        """The entry of one, ``None`` when the service does not know it."""
        entry: dict[str, t.Any] = {"name": name}
        try:
            if self.profile:
                entry["profile"] = client.call(self.profile, name=name)
            if self.statistics:
                entry["statistics"] = client.call(self.statistics, name=name, look_back_hours=hours)
        except NotFound:
            return None
        asked_by = entry["profile"][self.known_as] if self.known_as else name
        return {**entry, **{kind: list(client.list(self.related[kind], name=asked_by)) if kind in kinds else None for kind in self.related}}
