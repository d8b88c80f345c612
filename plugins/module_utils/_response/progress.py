# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far work on many machines is, for whoever watches."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

ASKING = "asking"
WAITING = "waiting"
FETCHING = "fetching"


def not_known() -> None:
    """Nobody knows how long it takes."""


@dataclass(frozen=True)
class Progress:
    """``counts`` is how many machines have which outcome so far.

    ``seconds_left`` tells, when it is called, how long it takes yet; in a wait, how long until it is given up.
    """

    word: str
    phase: str
    total: int
    counts: t.Mapping[str, int] = field(default_factory=dict)
    seconds_left: t.Callable[[], float | None] = not_known

    @property
    def done(self) -> int:
        return sum(self.counts.values())

    def and_one(self, outcome: str) -> Progress:
        return replace(self, counts={**self.counts, outcome: self.counts.get(outcome, 0) + 1})
