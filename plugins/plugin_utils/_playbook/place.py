# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A place in a playbook: which file, which variables, roles and defaults hold there."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace
from pathlib import Path

from .content import Role
from .expression import UNKNOWN
from .findings import Spot
from .scope import Scope

TASKS, HANDLERS = "tasks", "handlers"
LOOPS = ("loop", "with_items", "with_list")


@dataclass(frozen=True)
class Place:
    """``playbooks`` is the folder of the playbook; ``folder`` that of the role; ``above`` are the files that led here."""

    file: Path
    playbooks: Path
    scope: Scope
    role: Role | None = None
    folder: str = TASKS
    collections: tuple[str, ...] = ()
    defaults: tuple[t.Any, ...] = ()
    """What ``module_defaults`` say, the nearest last."""
    above: tuple[Path, ...] = ()

    def within(self, lines: t.Mapping[str, t.Any]) -> Place:
        """The same inside of a play, a block, a task or an entry of roles."""
        named, defaults = lines.get("collections"), lines.get("module_defaults")
        return replace(
            self,
            scope=self.scope.within(lines.get("vars")),
            collections=(*map(str, listed(named)), *self.collections),
            defaults=(*self.defaults, *(each for each in listed(defaults) if isinstance(each, dict))),
        )

    def spot(self, lines: t.Any) -> Spot:
        return Spot(self.file, getattr(lines, "line", 1))

    def never(self, lines: t.Mapping[str, t.Any]) -> bool:
        """Whether its condition rules it out."""
        return self.scope.holds(lines.get("when", True)) is False

    def turns(self, lines: t.Mapping[str, t.Any]) -> t.Iterator[Place]:
        """This place in each turn of the loop of a task, where its values are known; once otherwise."""
        control = lines.get("loop_control")
        name = str(control.get("loop_var", "item")) if isinstance(control, dict) else "item"
        loop = next((lines[key] for key in LOOPS if key in lines), None)
        values = self.scope.known(loop)
        for value in values if isinstance(values, list) else [UNKNOWN]:
            turn = replace(self, scope=self.scope.turn(name, value))
            if not turn.never(lines):
                yield turn


def listed(value: t.Any) -> list[t.Any]:
    """Nothing, one or many as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
