# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds by name."""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock
from ..living import Living
from ..rows import Listed
from ..world import World
from . import five_machines, large, under_attack


class UnknownWorld(ValueError):
    """There is no world of that name."""


def _empty(clock: Clock) -> World:
    return World(name="empty", machines=Living(Listed([])), alerts=Living(Listed([])), clock=clock)


def _from_nothing(clock: Clock) -> World:
    """Under attack, and no app yet but one that can make others."""
    world = under_attack.build(clock)
    world.name, world.apps = "from_nothing", frozenset({"bootstrapper"})
    return world


WORLDS: dict[str, Callable[[Clock], World]] = {
    "empty": _empty,
    "five_machines": five_machines.build,
    "under_attack": under_attack.build,
    "from_nothing": _from_nothing,
}


def world(name: str, clock: Clock | None = None) -> World:
    """The world of that name, as it is when it begins; ``large:200000`` has that many machines and alerts."""
    clock = clock or Clock()
    kind, _colon, count = name.partition(":")
    if kind == "large" and count.isdigit() and 0 < int(count) <= large.MOST:
        return large.build(int(count), clock)
    if name in WORLDS:
        return WORLDS[name](clock)
    raise UnknownWorld(f"{name!r} is none of {', '.join(WORLDS)}, large:N with N up to {large.MOST:,}")
