# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that bring machines into one of two states."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._api import machine_actions, machines
from .._client import moments
from .._client.errors import BadInput
from .._operation import Operation
from .._response.guard import Guard
from .._response.pipeline import Request, carry_out, resume
from .._response.plan import Order
from .._response.targets import Selection, check
from .._response.two_states import TwoStates
from .._response.wait import Patience

MACHINES = {
    "machines": {"type": "list", "elements": "str"},
    "at": {"type": "str"},
    "tag": {"type": "str"},
    "filter": {"type": "str"},
}

GUARD = {
    "max_machines": {"type": "int", "default": 10},
    "confirm": {"type": "int"},
    "protected_tags": {"type": "list", "elements": "str", "default": []},
    "protected_groups": {"type": "list", "elements": "str", "default": []},
    "protected_values": {"type": "list", "elements": "str", "default": ["High"]},
    "protected_names": {"type": "list", "elements": "str", "default": []},
    "refuse_inactive": {"type": "bool", "default": False},
    "refused": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "max_failures": {"type": "int", "default": 0},
}

WAIT = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 900},
    "poll_interval": {"type": "int", "default": 5},
    "allow_pending": {"type": "bool", "default": False},
    "action_ids": {"type": "list", "elements": "str"},
}

SELECTORS = ("machines", "tag", "filter", "action_ids")


@dataclass(frozen=True)
class MachineState:
    """Machines are in one of two states, and the record of their actions tells in which.

    ``options`` are those of this module alone; ``order`` makes the order from all of them.
    """

    pair: TwoStates
    options: t.Mapping[str, t.Any]
    order: t.Callable[[t.Mapping[str, t.Any]], Order]

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        state = {"state": {"type": "str", "required": True, "choices": [self.pair.on, self.pair.off]}}
        return {**state, **MACHINES, **self.options, **GUARD, **WAIT}

    @property
    def rules(self) -> dict[str, t.Any]:
        return {"mutually_exclusive": [SELECTORS], "required_one_of": [SELECTORS]}

    @property
    def operations(self) -> tuple[Operation, ...]:
        return (machines.LIST, machine_actions.LIST, self.pair.on_operation, self.pair.off_operation)

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        return {"machines": (machines.FIND_BY_IP,), "tag": (machines.FIND_BY_TAG,)}

    def work(self, client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Bring the machines into the state, or take up the wait for that.

        :raises DefenderError: see ``carry_out`` and ``resume``
        """
        request = self._request(params)
        if params["action_ids"] is not None:
            client.require([machine_actions.LIST])
            return resume(client, request, _some(params["action_ids"]))
        client.require(self.operations)
        return carry_out(client, request)

    def _request(self, params: t.Mapping[str, t.Any]) -> Request:
        """Everything checked that can be checked before the first call."""
        selection = Selection(
            machines=None if params["machines"] is None else tuple(word.strip() for word in params["machines"]),
            at=_moment(params["at"]),
            tag=params["tag"],
            filter=params["filter"],
        )
        check(selection)
        if params["max_failures"] < 0:
            raise BadInput(f"max_failures: {params['max_failures']} is not a number of machines.", hint="Give a whole number from 0")
        return Request(
            order=self.order(params),
            selection=selection,
            guard=Guard.of(params),
            patience=Patience.of(params),
            skip_refused=params["refused"] == "skip",
            allow_pending=params["allow_pending"],
            max_failures=params["max_failures"],
        )


def _some(action_ids: t.Sequence[str]) -> list[str]:
    if not action_ids:
        raise BadInput("action_ids is empty: there is nothing to wait for.", hint="Leave the task out with when: when the earlier result has none")
    return list(dict.fromkeys(action_ids))


def _moment(text: str | None) -> t.Any:
    if not text:
        return None
    try:
        return moments.parse(text)
    except ValueError as error:
        raise BadInput(f"at: {error}.", hint="Write the time in UTC as in the example") from error
