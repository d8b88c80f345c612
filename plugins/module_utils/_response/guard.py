# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refuses: the cap on the number of machines, and the machines that are not to be cut off."""

from __future__ import annotations

import fnmatch
import typing as t
from dataclasses import dataclass

from .._client.errors import BadInput, Refused
from .targets import Refusal


@dataclass(frozen=True)
class Guard:
    """The user's rails.

    ``confirm`` is the count the user expects; above ``max_machines`` it must be given, and when given it must be right.
    With ``strict`` it must be given for any number, and ``max_machines`` holds whatever it says.
    """

    max_machines: int
    confirm: int | None = None
    protected_tags: tuple[str, ...] = ()
    protected_groups: tuple[str, ...] = ()
    protected_values: tuple[str, ...] = ()
    protected_names: tuple[str, ...] = ()
    refuse_inactive: bool = False
    strict: bool = False

    @classmethod
    def of(cls, params: t.Mapping[str, t.Any]) -> Guard:
        """The guard that the options of the ``_guard`` fragment describe.

        :raises BadInput: when a number makes no sense
        """
        for option in ("max_machines", "confirm"):
            if params[option] is not None and params[option] < 1:
                raise BadInput(f"{option}: {params[option]} is not a number of machines.", hint="Give a whole number from 1")
        return cls(
            max_machines=params["max_machines"],
            confirm=params["confirm"],
            protected_tags=tuple(params["protected_tags"]),
            protected_groups=tuple(params["protected_groups"]),
            protected_values=tuple(params["protected_values"]),
            protected_names=tuple(params["protected_names"]),
            refuse_inactive=params["refuse_inactive"],
        )


def check_count(guard: Guard, count: int, *, details: t.Mapping[str, t.Any]) -> None:
    """Hold the number of machines that were found against the cap and the expected count.

    :raises Refused: for the task as a whole; ``details`` go into its result
    """
    if guard.confirm is not None and guard.confirm != count:
        raise Refused(
            f"confirm says {guard.confirm}, but {count} machines were found; nothing was sent.",
            hint=f"Look at the list, then set confirm: {count} if that is what you mean",
            details=details,
        )
    if guard.strict and count > guard.max_machines:
        raise Refused(
            f"{count} machines were found and max_machines is {guard.max_machines}; nothing was sent.",
            hint=f"Look at the list, then set max_machines: {count} and confirm: {count} to act on all of them",
            details=details,
        )
    if guard.strict and guard.confirm is None:
        raise Refused(
            f"{count} machine(s) were found and confirm is not given; nothing was sent.",
            hint=f"What is asked for cannot be taken back. Look at the list, then set confirm: {count} if that is what you mean",
            details=details,
        )
    if guard.confirm is None and count > guard.max_machines:
        raise Refused(
            f"{count} machines were found and max_machines is {guard.max_machines}; nothing was sent.",
            hint=f"Look at the list, then set confirm: {count} to act on all of them",
            details=details,
        )


def out_of_reach(guard: Guard, machine: dict, *, onboarded: bool | None) -> Refusal | None:
    """Why an action would not arrive, or ``None``. ``onboarded`` is what the machine must be; ``None`` takes it as it is."""
    if onboarded is None:
        return None
    status = machine.get("onboardingStatus") or "unknown"
    # One page writes the word with a small letter, clients see a capital: compare without case (machine.md).
    if onboarded and status.casefold() != "onboarded":
        return _refusal(machine, "not_onboarded", f"it is not onboarded ({status}), so it cannot be reached")
    if not onboarded and status.casefold() == "onboarded":
        return _refusal(machine, "onboarded", "it is onboarded, so it can be isolated itself")
    if onboarded and guard.refuse_inactive and machine.get("healthStatus") == "Inactive":
        return _refusal(machine, "inactive", f"it is inactive (last seen {machine.get('lastSeen')})")
    return None


def protects(guard: Guard, machine: dict) -> Refusal | None:
    """Why this machine must not be cut off, or ``None``."""
    for rule, reason in _protections(guard, machine):
        return _refusal(machine, rule, reason)
    return None


def _refusal(machine: dict, rule: str, reason: str) -> Refusal:
    return Refusal(machine.get("computerDnsName") or machine["id"], rule, reason, (machine,))


def _protections(guard: Guard, machine: dict) -> t.Iterator[tuple[str, str]]:
    name = (machine.get("computerDnsName") or "").casefold()
    for tag in _shared(machine.get("machineTags") or (), guard.protected_tags):
        yield "protected_tag", f"it bears the protected tag {tag}"
    for group in _shared([machine.get("rbacGroupName") or ""], guard.protected_groups):
        yield "protected_group", f"it is in the protected group {group}"
    for value in _shared([machine.get("deviceValue") or ""], guard.protected_values):
        yield "protected_value", f"its value is {value}, which is protected"
    for pattern in guard.protected_names:
        if fnmatch.fnmatchcase(name, pattern.casefold()):
            yield "protected_name", f"its name matches the protected pattern {pattern}"


def _shared(held: t.Iterable[str], guarded: t.Iterable[str]) -> list[str]:
    protected = {word.casefold() for word in guarded}
    return [word for word in held if word.casefold() in protected]
