# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a whole: one tenant's world and login host, its clock, and what a test has set."""

from __future__ import annotations

import dataclasses
import typing as t

from . import defender, graph, tenants, worlds
from .api import Api
from .certificates import Folder
from .clock import Clock
from .directory.furniture import furnish
from .entra import Entra
from .faults import Fault
from .identity_host import IdentityHost
from .journal import Journal
from .settings import Settings
from .storage import Storage
from .world import World


class Simulator:
    """``settings`` and ``world_settings`` are what every fresh world begins with."""

    def __init__(self, folder: Folder, *, settings: Settings, world_settings: t.Mapping[str, t.Any]) -> None:
        self.folder = folder
        self._first_settings = settings
        self._first_world_settings = world_settings
        self.settings = settings
        self.clock = Clock()
        self.world: World

    def load(self, name: str) -> None:
        """Begin anew with a world: no faults, no journal, unlocked, at the present time, set as at the start.

        :raises worlds.UnknownWorld: there is none of that name; everything stays as it was
        """
        clock = Clock()
        self.world = worlds.world(name, clock)
        self.clock = clock
        self.settings = dataclasses.replace(self._first_settings)
        for setting, value in self._first_world_settings.items():
            setattr(self.world.settings, setting, value)
        self.apps = tenants.apps(self.folder)
        there = [app for app in self.apps.values() if self.world.apps is None or app.name in self.world.apps]
        furnish(self.world.directory, there, tenants.IDENTITIES if self.world.apps is None else ())
        self.entra = Entra(self.folder, clock, self.settings, self.world.directory)
        self.api = Api(self, defender.MANNERS)
        self.graph = Api(self, graph.MANNERS)
        self.storage = Storage(self)
        self.identity_host = IdentityHost(self)
        self.journal = Journal(clock)
        self.faults: list[Fault] = []
        self.locked = False
        self.violations: list[dict[str, t.Any]] = []
