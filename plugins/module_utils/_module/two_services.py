# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that either of two services can serve: Defender for Endpoint's own, and Microsoft Graph."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._client.errors import BadInput, NoRoles, RoleMissing, TokenRejected, WrongAudience
from .._client.words import and_list
from .._operation import DEFENDER, GRAPH, Operation, roles_needed

AUTO = "auto"
SERVICE = "service"
ORDER = (DEFENDER, GRAPH)
"""Who is asked first where both would do."""
CALLED = {DEFENDER: "Defender for Endpoint", GRAPH: "Microsoft Graph"}

Params = t.Mapping[str, t.Any]


def _nothing(params: Params) -> t.Sequence[str]:
    return ()


def _unchecked(params: Params) -> None:
    """Nothing more to check than the argument spec does."""


@dataclass(frozen=True)
class Side:
    """How one service does it.

    ``needs`` are the operations that a run with these options calls in any case, by which the service is chosen; all that it may call
    are ``operations`` and ``operations_for``, as in ``Shape``. ``lacks`` names what of these options it cannot do.
    """

    work: t.Callable[[t.Any, Params], dict[str, t.Any]]
    operations: tuple[Operation, ...]
    needs: t.Callable[[Params], t.Sequence[Operation]]
    operations_for: t.Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
    lacks: t.Callable[[Params], t.Sequence[str]] = _nothing


@dataclass(frozen=True)
class TwoServices:
    """The result says under ``service`` which of the two it was. ``check`` raises BadInput for what neither would take."""

    defender: Side
    graph: Side
    options: t.Mapping[str, t.Any]
    rules: t.Mapping[str, t.Any] = field(default_factory=dict)
    check: t.Callable[[Params], None] = _unchecked

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        return {**self.options, SERVICE: {"type": "str", "choices": [AUTO, *ORDER], "default": AUTO}}

    @property
    def operations(self) -> tuple[Operation, ...]:
        return ()

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        by_service = {f"{SERVICE}={name}": side.operations for name, side in ((AUTO, self.defender), *self._sides())}
        return {**by_service, **self.defender.operations_for, **self.graph.operations_for}

    def work(self, client, params: Params) -> dict[str, t.Any]:
        """Choose the service, and do it there.

        :raises BadInput: the service cannot do what the options ask for
        :raises RoleMissing: the tokens carry the roles of neither
        """
        self.check(params)
        name = self.choose(client, params)
        side = dict(self._sides())[name]
        client.require(side.needs(params))
        return {SERVICE: name, **side.work(client, params)}

    def choose(self, client, params: Params) -> str:
        """The service that the task names; else the first whose roles are held, of those that can do what is asked."""
        lacks = {name: side.lacks(params) for name, side in self._sides()}
        wanted = params[SERVICE]
        if wanted != AUTO:
            if lacks[wanted]:
                raise BadInput(f"{CALLED[wanted]} cannot do this: {and_list(lacks[wanted])}", hint="Leave it out, or set service to the other one")
            return wanted
        able = {name: side.needs(params) for name, side in self._sides() if not lacks[name]}
        if not able:
            reasons = "; ".join(f"{CALLED[name]} cannot do this: {and_list(lacks[name])}" for name in ORDER)
            raise BadInput(f"These options do not go together. {reasons}", hint="Make two tasks of it")
        return next((name for name, needs in able.items() if client.may(needs)), None) or _after_all(client, able)

    def _sides(self) -> tuple[tuple[str, Side], ...]:
        return (DEFENDER, self.defender), (GRAPH, self.graph)


def _after_all(client, able: t.Mapping[str, t.Sequence[Operation]]) -> str:
    """The service that a new token has the roles for, since those that were kept have them for none.

    :raises RoleMissing: there is none; it names the ways there are
    """
    refused: dict[str, TokenRejected] = {}
    for name, needs in able.items():
        try:
            client.require(needs)
            return name
        except (NoRoles, RoleMissing, WrongAudience) as error:
            refused[name] = error
    if len(refused) == 1:
        raise next(iter(refused.values()))
    ways = [f"at {CALLED[name]} {and_list(group[0] for group in roles_needed(needs))}" for name, needs in able.items()]
    reasons = "; ".join(f"{CALLED[name]}: {error.msg}" for name, error in refused.items())
    first = next(iter(refused.values()))
    raise RoleMissing(f"Neither service may be asked. {reasons}", hint=f"One of these is enough, granted as application permission: {'; or '.join(ways)}",
                      details=first.details)
