# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reading of playbooks has found: uses of our modules, what was left out, and what could not be told."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from ...module_utils._module.needs import RESOURCES, Groups, without_implied
from ...module_utils._operation import Operation, roles_needed


class Spot(t.NamedTuple):
    """A line of a file, or no file for what the user named."""

    file: Path | None
    line: int


@dataclass
class Findings:
    uses: dict[tuple[str, Spot], tuple[Operation, ...]] = field(default_factory=dict)
    """Module and where it is used -> what that may call."""
    unresolved: dict[tuple[Spot, str], None] = field(default_factory=dict)
    """Where and why something could not be told."""
    left_out: dict[tuple[Spot, str], None] = field(default_factory=dict)
    """Where and why something never runs."""
    sealed: dict[Path, None] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    """Names that tasks give a value."""
    of_roles: set[str] = field(default_factory=set)
    """Names that roles give a value."""

    def use(self, module: str, spot: Spot, operations: t.Sequence[Operation]) -> None:
        """One that was met before may call all of it."""
        known = self.uses.get((module, spot), ())
        self.uses[module, spot] = tuple(dict.fromkeys((*known, *operations)))

    def report(self) -> dict[str, t.Any]:
        """All of it, as the lookup gives it."""
        acting = {key: operations for key, operations in self.uses.items() if _acts(operations)}
        reading = {key: operations for key, operations in self.uses.items() if key not in acting}
        # What never ran in one place may run in another that leads to the same line.
        used = {spot for _module, spot in self.uses}
        return {
            **_needed(self.uses),
            "read": _needed(reading),
            "act": _needed(acting),
            "modules": [{"module": module, **_shown(spot), "acts": (module, spot) in acting, **_needed({0: operations})}
                        for (module, spot), operations in self.uses.items()],
            "left_out": [{**_shown(spot), "reason": reason} for spot, reason in self.left_out if spot not in used],
            "unresolved": [{**_shown(spot), "reason": reason} for spot, reason in self.unresolved],
            "encrypted": [str(path) for path in self.sealed],
        }


def _acts(operations: t.Iterable[Operation]) -> bool:
    return any(operation.writes for operation in operations)


def _needed(uses: t.Mapping[t.Any, t.Sequence[Operation]]) -> dict[str, list[list[str]]]:
    """Service -> the groups of roles that these uses need together."""
    operations = [operation for each in uses.values() for operation in each]
    of = {service: without_implied(roles_needed(one for one in operations if one.service == service)) for service in RESOURCES}
    return {service: _plain(groups) for service, groups in of.items()}


def _plain(groups: Groups) -> list[list[str]]:
    return [list(group) for group in groups]


def _shown(spot: Spot) -> dict[str, t.Any]:
    return {"file": str(spot.file), "line": spot.line} if spot.file else {"file": None, "line": None}
