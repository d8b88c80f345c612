# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a whole: its tenant and the neighbours of that, their clock, and what a test has set."""

from __future__ import annotations

import dataclasses
import typing as t

from . import tenants, worlds
from .certificates import Folder
from .clock import Clock
from .faults import Fault
from .journal import Journal
from .settings import Settings
from .tenancy import Tenancy

if t.TYPE_CHECKING:
    from .entra import Entra
    from .world import World


class Simulator:
    """``settings`` and ``world_settings`` are what every fresh world begins with."""

    def __init__(self, folder: Folder, *, settings: Settings, world_settings: t.Mapping[str, t.Any]) -> None:
        self.folder = folder
        self._first_world_settings = world_settings
        self._first_settings = settings
        self.settings = settings
        self.clock = Clock()
        self.home: Tenancy
        self._neighbours: dict[tenants.Tenant, Tenancy] = {}

    def load(self, name: str) -> None:
        """Begin anew with a world: no faults, no journal, unlocked, at the present time, set as at the start.

        :raises worlds.UnknownWorld: there is none of that name; everything stays as it was
        """
        clock = Clock()
        world = worlds.world(name, clock)
        self.clock = clock
        self.settings = dataclasses.replace(self._first_settings)
        self.apps = tenants.apps(self.folder)
        for setting, value in self._first_world_settings.items():
            setattr(world.settings, setting, value)
        self.home = Tenancy(self, tenants.HOME, world)
        self._neighbours = {}
        self.journal = Journal(clock)
        self.faults: list[Fault] = []
        self.locked = False
        self.violations: list[dict[str, t.Any]] = []

    def tenants(self) -> list[tenants.Tenant]:
        """All there are, its own first."""
        return [tenants.HOME, *map(tenants.neighbour, range(1, self.settings.tenants))]

    def tenancy(self, name: str | None) -> Tenancy:
        """That of an id or a domain; its own where there is no such neighbour. A neighbour moves in when somebody asks for it."""
        tenant = next((one for one in self.tenants() if name in one), tenants.HOME) if name else tenants.HOME
        if tenant == tenants.HOME:
            return self.home
        if tenant not in self._neighbours:
            world = worlds.world(self.world.name, self.clock)
            vars(world.settings).update(vars(self.world.settings))
            self._neighbours[tenant] = Tenancy(self, tenant, world)
        return self._neighbours[tenant]

    def worlds(self) -> list[World]:
        """Those of all tenants that somebody has asked for."""
        return [self.world, *(tenancy.world for tenancy in self._neighbours.values())]

    @property
    def world(self) -> World:
        """Of its own tenant, as the entra below."""
        return self.home.world

    @property
    def entra(self) -> Entra:
        return self.home.entra
