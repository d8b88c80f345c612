# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that ask for an action on machines, and of those that bring them into one of two states."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from .._api import machine_actions, machines
from .._client.errors import BadInput
from .._operation import Operation
from .._response.guard import Guard
from .._response.ledger import open_ledger
from .._response.order import Order
from .._response.pipeline import Request, as_they_are, carry_out, nothing_against, resume
from .._response.two_states import TwoStates
from .._response.wait import Patience
from .machine_options import CASE, COMMENT, GUARD, MACHINES, SELECTORS, WAIT, action_ids_of, selection_of

Params = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class MachineAct:
    """Ask for an action on machines, or join the one under way, wait for it and report.

    ``asks`` are the operations by which it is asked for, ``order`` makes the order from the options and checks those
    that only this module has. ``then`` and ``vet`` make what goes on after the wait, and what is asked before anything
    is sent, from the options; see ``Request``. ``defaults`` are defaults of shared options that differ here.
    ``then_asks`` and ``vet_asks`` are what those two may use, by the option that has to be set for it. ``strict`` is
    how the guard counts, ``at_once`` how many actions may be under way, ``fetches`` what ``then`` asks once for each of them.
    """

    asks: tuple[Operation, ...]
    order: t.Callable[[Params], Order]
    options: t.Mapping[str, t.Any] = field(default_factory=dict)
    defaults: t.Mapping[str, t.Any] = field(default_factory=dict)
    asks_also: tuple[Operation, ...] = ()
    then_asks: t.Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
    vet_asks: t.Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
    strict: bool = False
    more_rules: t.Mapping[str, t.Any] = field(default_factory=dict)
    then: t.Callable[[Params], t.Any] = lambda _params: as_they_are
    vet: t.Callable[[Params], t.Any] = lambda _params: nothing_against
    at_once: t.Callable[[Params], int | None] = lambda _params: None
    fetches: t.Callable[[Params], tuple[Operation, ...]] = lambda _params: ()

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        shared: dict[str, t.Any] = {**MACHINES, **COMMENT, **GUARD, **WAIT, **CASE}
        differing = {name: {**shared[name], "default": value} for name, value in self.defaults.items()}
        return {**shared, **differing, **self.options}

    @property
    def rules(self) -> dict[str, t.Any]:
        return {"mutually_exclusive": [SELECTORS], "required_one_of": [SELECTORS], **self.more_rules}

    @property
    def operations(self) -> tuple[Operation, ...]:
        return (machines.LIST, machine_actions.LIST, *self.asks, *self.asks_also)

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        return {"machines": (machines.FIND_BY_IP,), "tag": (machines.FIND_BY_TAG,), **self.then_asks, **self.vet_asks}

    def work(self, client, params: Params) -> dict[str, t.Any]:
        """Carry out the order, or take up the wait for it.

        :raises DefenderError: see ``carry_out`` and ``resume``
        """
        request = self._request(params)
        if params["action_ids"] is not None:
            action_ids = action_ids_of(params)
            client.require((machine_actions.LIST, *self.asks_also, *_set(self.then_asks, params)))
            return resume(client, request, action_ids, open_ledger(params, client))
        client.require((*self.operations, *_set(self.operations_for, params)))
        return carry_out(client, request, open_ledger(params, client))

    def _request(self, params: Params) -> Request:
        """Everything checked that can be checked before the first call."""
        if params["max_failures"] < 0:
            raise BadInput(f"max_failures: {params['max_failures']} is not a number of machines.", hint="Give a whole number from 0")
        return Request(
            order=self.order(params),
            selection=selection_of(params),
            guard=replace(Guard.of(params), strict=self.strict),
            patience=Patience.of(params),
            skip_refused=params["refused"] == "skip",
            allow_pending=params["allow_pending"],
            max_failures=params["max_failures"],
            vet=self.vet(params),
            then=self.then(params),
            at_once=self.at_once(params),
            fetches=self.fetches(params),
        )


def _set(operations_for: t.Mapping[str, tuple[Operation, ...]], params: Params) -> t.Iterator[Operation]:
    """The operations of those options that are set."""
    return (operation for option, operations in operations_for.items() if params[option] for operation in operations)


def machine_state(pair: TwoStates, **facts: t.Any) -> MachineAct:
    """The shape of a module whose option ``state`` is one of ``pair``."""
    state = {"state": {"type": "str", "required": True, "choices": [pair.on, pair.off]}}
    options = {**state, **facts.pop("options", {})}
    return MachineAct(asks=(pair.on_operation, pair.off_operation), options=options, **facts)
