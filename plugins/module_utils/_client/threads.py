# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the same with many things, several at once, and stops soon when nobody waits for it any more."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

Thing = t.TypeVar("Thing")
Made = t.TypeVar("Made")


def nothing(_made: t.Any) -> None:
    """Say nothing."""


def at_once(
    client: t.Any, work: t.Callable[[Thing], Made], things: t.Iterable[Thing], *, threads: int, say: t.Callable[[Made], None] = nothing
) -> list[Made]:
    """What ``work`` makes of each thing, in order; ``say`` is told of each when it and those before it are made.

    When one raises an error, those not yet begun are left out. When the task's time is over, or someone presses
    Ctrl-C, those under way do not sleep and call once more either: what was sent last has its answer, or has none yet.
    """
    made = []
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            for one in pool.map(work, things):
                made.append(one)
                say(one)
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            if not isinstance(error, Exception):
                client.clock.break_off()
            raise
    return made
