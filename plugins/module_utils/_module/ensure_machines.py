# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of modules that see to it that the records of machines are as described."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._api import machines
from .._client import moments
from .._client.errors import BadInput, PartlyFailed, Refused
from .._operation import Operation
from .._response import outcome as words
from .._response.guard import Guard, check_count
from .._response.record_report import proposed, report
from .._response.records import Trait, bring
from .._response.targets import find
from .machine_options import MACHINES, selection_of

COUNT_GUARD = {
    "max_machines": {"type": "int", "default": 100},
    "confirm": {"type": "int"},
    "refused": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "max_failures": {"type": "int", "default": 0},
}
NO_PROTECTION: t.Mapping[str, t.Any] = {
    "protected_tags": (), "protected_groups": (), "protected_values": (), "protected_names": (), "refuse_inactive": False,
}
"""What only describes a machine cuts nobody off."""


SELECTORS = ("machines", "tag", "filter")


@dataclass(frozen=True)
class EnsureMachines:
    """``options`` are those of the module alone; ``trait`` makes from all of them what is wanted, or raises BadInput.

    ``writes`` are the operations it may call to get there; ``further_rules`` add to those of the selection.
    ``none_is_well`` says whether it is as wanted when no machine is found.
    """

    options: t.Mapping[str, t.Any]
    trait: t.Callable[[t.Mapping[str, t.Any]], Trait]
    writes: tuple[Operation, ...]
    further_rules: t.Mapping[str, t.Any] = field(default_factory=dict)
    none_is_well: t.Callable[[t.Mapping[str, t.Any]], bool] = lambda params: False

    @property
    def argument_spec(self) -> dict[str, t.Any]:
        return {**MACHINES, **self.options, **COUNT_GUARD}

    @property
    def rules(self) -> dict[str, t.Any]:
        own = {name: list(entries) for name, entries in self.further_rules.items()}
        for name in ("mutually_exclusive", "required_one_of"):
            own[name] = [SELECTORS, *own.get(name, ())]
        return own

    @property
    def operations(self) -> tuple[Operation, ...]:
        return (machines.LIST, *self.writes)

    @property
    def operations_for(self) -> dict[str, tuple[Operation, ...]]:
        return {"machines": (machines.FIND_BY_IP,), "tag": (machines.FIND_BY_TAG,)}

    def work(self, client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """See to it.

        :raises Refused: a machine was not found or is ambiguous, or there are more than expected; nothing was sent
        :raises PartlyFailed: it could not be done for more machines than may fail; its details are the whole report
        :raises DefenderError: the machines could not be read; nothing was sent
        """
        trait, chosen, guard = self.trait(params), selection_of(params), Guard.of({**params, **NO_PROTECTION})
        if params["max_failures"] < 0:
            raise BadInput(f"max_failures: {params['max_failures']} is not a number of machines.", hint="Give a whole number from 0")
        client.require(self.operations)
        targets = find(client, chosen, moments.from_epoch(client.clock.time()))
        refusals = [] if not targets.machines and self.none_is_well(params) else targets.refusals
        proposal = {"plan": proposed(trait, targets.machines), "refused": [refusal.describe() for refusal in refusals]}
        if refusals and params["refused"] != "skip":
            reasons = "; ".join(refusal.reason for refusal in refusals)
            raise Refused(
                f"{len(refusals)} machine(s) refused, nothing was sent: {reasons}.",
                hint="Mend the list, or set refused: skip to go on without them",
                details=proposal,
            )
        check_count(guard, len(targets.machines), details=proposal)
        fates = bring(client, trait, targets.machines)
        result = report(trait, fates, refusals)
        if sum(1 for fate in fates if fate.word in words.BAD) > params["max_failures"]:
            hint = "Look at reason for each machine, then run the task again: machines already done are left alone"
            raise PartlyFailed(result["msg"], hint=hint, details=result)
        return result
