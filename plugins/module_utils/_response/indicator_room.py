# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan fits: into what a tenant may hold, and into how much of a set may go at once."""

from __future__ import annotations

import typing as t

from .._api import indicators
from .._client.errors import Refused
from .indicator_plan import CREATE, REMOVE, Step

A_HANDFUL = 10
"""So many may always be removed, as half of a small set is next to nothing."""
NEAR = 0.9


class Room(t.NamedTuple):
    """How many indicators the tenant has, how many after the plan, and whether what is removed must make room first."""

    used: int
    after: int
    removals_first: bool

    def as_result(self) -> dict[str, int]:
        return {"most": indicators.MOST, "used": self.used, "after": self.after, "left": indicators.MOST - self.after}

    @property
    def is_nearly_full(self) -> bool:
        return self.after >= NEAR * indicators.MOST


def judge_room(used: int, steps: t.Sequence[Step], details: t.Mapping[str, t.Any]) -> Room:
    """The room that the plan takes.

    :raises Refused: the tenant would have more than it may (post-ti-indicator.md)
    """
    verdicts = [step.verdict for step in steps]
    more, fewer = verdicts.count(CREATE), verdicts.count(REMOVE)
    after = used + more - fewer
    if more and after > indicators.MOST:
        raise Refused(
            f"The tenant has {used} indicators, {more} would come and {fewer} go: {after - indicators.MOST} more than the {indicators.MOST} that it may have; "
            "nothing was sent.",
            hint="Let indicators end earlier, keep fewer, or remove sets that nobody needs",
            details=details,
        )
    return Room(used, after, removals_first=used + more > indicators.MOST)


def judge_removals(held: int, steps: t.Sequence[Step], most: int | None, details: t.Mapping[str, t.Any]) -> None:
    """See that a feed that came out short does not take the set with it. ``held`` is how many the set has.

    :raises Refused: more would be removed than was said, or than half of the set
    """
    going = sum(1 for step in steps if step.verdict == REMOVE)
    allowed = most if most is not None else max(A_HANDFUL, held // 2)
    if going > allowed:
        raise Refused(
            f"{going} of the {held} indicators of the set would be removed, and {allowed} may; nothing was sent.",
            hint=f"Look whether the feed is whole, then set max_removals: {going}",
            details=details,
        )
