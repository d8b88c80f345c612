# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure of the bench, the table of them and the file they are kept in."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

Value = t.Union[int, float]


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured value. ``goal`` is a bound such as ``<= 1.1``; ``against`` says what it was measured against."""

    name: str
    value: Value
    unit: str
    goal: str
    against: str
    command: str

    @property
    def reached(self) -> bool:
        relation, bound = self.goal.split()
        return self.value <= float(bound) if relation == "<=" else self.value >= float(bound)


def table(figures: t.Sequence[Figure]) -> str:
    """The figures as a person reads them."""
    rows = [("figure", "value", "goal", "", "measured against")]
    rows += [(f.name, f"{f.value:g} {f.unit}", f.goal, "reached" if f.reached else "MISSED", f.against) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[4]]) for row in rows)


def keep(figures: t.Sequence[Figure], path: Path) -> None:
    """Write the figures, each merged over an earlier one of its name."""
    earlier = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = {figure["name"]: figure for figure in earlier}
    kept.update((figure.name, dataclasses.asdict(figure)) for figure in figures)
    path.write_text(json.dumps(list(kept.values()), indent=2) + "\n", encoding="utf-8")
