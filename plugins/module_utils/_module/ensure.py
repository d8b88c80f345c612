# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that see to it that a thing is as described, or absent."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._client.errors import DefenderError, NotFound, ServiceError
from .._client.words import and_list
from .._operation import Operation
from .._response.submit import may_have_arrived

PRESENT = "present"
ABSENT = "absent"

Params = t.Mapping[str, t.Any]
Record = dict[str, t.Any]


class Wanted(t.NamedTuple):
    """A thing as it is described.

    ``name`` is what it is known by, ``facts`` are what its record shall show, in the service's words: what is not among
    them is left as it is. ``content`` is what the facts only sum up, such as that of a file.
    """

    name: str
    facts: t.Mapping[str, t.Any]
    content: t.Any = None


@dataclass(frozen=True)
class Ensure:
    """``noun`` names the thing, and its record in the result.

    ``describe`` makes what is wanted from the options and checks them before anything is asked. ``find`` gives the
    record as it is, ``put`` creates or changes the thing and gives the record as it is then, ``remove`` takes it away;
    none of them asks whether this is check mode, for then their writes are not sent and answer nothing.
    """

    noun: str
    options: t.Mapping[str, t.Any]
    describe: t.Callable[[Params], Wanted]
    find: t.Callable[[t.Any, Wanted], Record | None]
    put: t.Callable[[t.Any, Wanted, Record | None], Record | None]
    remove: t.Callable[[t.Any, Wanted], t.Any]
    operations: tuple[Operation, ...]
    rules: t.Mapping[str, t.Any] = field(default_factory=dict)
    operations_for: t.Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        return {"state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT}, **self.options}

    def work(self, client, params: Params) -> dict[str, t.Any]:
        """See to it.

        :raises BadInput: it cannot be described like this
        :raises ServiceError: the service took it, and shows something else
        :raises DefenderError: the rest of the tree
        """
        wanted = self.describe(params)
        client.require(self.operations)
        before = self.find(client, wanted)
        if params["state"] == ABSENT:
            return self._without(client, wanted, before)
        drift = differing(wanted, before)
        if not drift:
            return self._result(f"{wanted.name} is as described already", before, drift)
        after = self._put(client, wanted, before)
        verb = "created" if before is None else f"changed: {and_list(drift)}"
        planned: Record = {**(before or {}), **wanted.facts}
        shown = {name: (before or {}).get(name) for name in wanted.facts}
        diff = {"before": {} if before is None else shown, "after": dict(wanted.facts)}
        said = f"{wanted.name} is {verb}" if after is not None else f"{wanted.name} would be {verb}"
        return {**self._result(said, planned if after is None else after, drift), "changed": True, "diff": diff}

    def _put(self, client, wanted: Wanted, before: Record | None) -> Record | None:
        """The record as the service shows it, ``None`` when nothing was sent."""
        try:
            after = self.put(client, wanted, before)
        except DefenderError as error:
            if not may_have_arrived(error):
                raise
            after = self.find(client, wanted)
            if differing(wanted, after):
                raise
        left = differing(wanted, after) if after is not None else []
        if left:
            raise ServiceError(
                f"The service took {wanted.name}, and shows another {and_list(left)} for it",
                hint="Run the task again; someone else may be changing it at the same time",
            )
        return after

    def _without(self, client, wanted: Wanted, before: Record | None) -> dict[str, t.Any]:
        if before is None:
            return self._result(f"{wanted.name} is absent already", None, [])
        try:
            sent = self.remove(client, wanted) is not None
        except NotFound:
            return self._result(f"{wanted.name} was taken away by someone else", None, [])
        except DefenderError as error:
            if not may_have_arrived(error) or self.find(client, wanted) is not None:
                raise
            sent = True
        said = f"{wanted.name} is removed" if sent else f"{wanted.name} would be removed"
        return {**self._result(said, None, []), "changed": True, "diff": {"before": before, "after": {}}}

    def _result(self, said: str, record: Record | None, drift: t.Sequence[str]) -> dict[str, t.Any]:
        return {"changed": False, "msg": said, self.noun: record, "drift": list(drift), "diff": {"before": {}, "after": {}}}


def differing(wanted: Wanted, record: Record | None) -> list[str]:
    """The names of the facts that the record does not show, all of them when there is no record."""
    return sorted(name for name, value in wanted.facts.items() if record is None or record.get(name) != value)
