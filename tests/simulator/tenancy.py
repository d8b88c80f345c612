# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One tenant: its world, its login host, and its part of each service."""

from __future__ import annotations

import typing as t

from . import asked as services
from . import defender, graph, tenants
from .api import Api
from .asked import Asked
from .clock import Clock
from .directory.furniture import furnish
from .entra import Entra
from .identity_host import IdentityHost
from .settings import Settings
from .storage import Storage
from .world import World

if t.TYPE_CHECKING:
    from .certificates import Folder
    from .state import Simulator


class Tenancy:
    """``whole`` is the simulator, with what all of its tenants share."""

    def __init__(self, whole: Simulator, tenant: tenants.Tenant, world: World) -> None:
        self._whole = whole
        self.tenant = tenant
        self.world = world
        world.belong_to(tenant.id)
        there = [app for app in whole.apps.values() if world.apps is None or app.name in world.apps]
        furnish(world.directory, there, tenants.IDENTITIES if world.apps is None else ())
        self.entra = Entra(whole.folder, world.clock, whole.settings, world.directory, tenant)
        self._services = {
            services.ENTRA: self.entra,
            services.DEFENDER: Api(self, defender.MANNERS),
            services.GRAPH: Api(self, graph.MANNERS),
            services.STORAGE: Storage(self),
            services.IDENTITY: IdentityHost(self),
            services.ISSUER: self.entra.issuer,
        }

    def service(self, asked: Asked) -> t.Any:
        return self._services[asked.service]

    @property
    def folder(self) -> Folder:
        return self._whole.folder

    @property
    def clock(self) -> Clock:
        return self._whole.clock

    @property
    def settings(self) -> Settings:
        return self._whole.settings

    @property
    def locked(self) -> bool:
        return self._whole.locked

    @property
    def violations(self) -> list[dict[str, t.Any]]:
        return self._whole.violations
