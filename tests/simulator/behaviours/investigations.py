# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the investigations of old; none begins any more."""

from __future__ import annotations

from ..rows import Listed
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing


@behaviour("investigation.list")
def list_investigations(world: World, call: Call) -> Reply:
    return listing(world, call, "investigation.list", Listed(world.investigations))


@behaviour("investigation.get")
def get_investigation(world: World, call: Call) -> Reply:
    """By its own id or by that of the alert that triggered it."""
    wanted = call.values["id"]
    for row in world.investigations:
        if wanted in (row["id"], row["triggeringAlertId"]):
            return Reply(200, row)
    raise Problem(404, "ResourceNotFound", f"Investigation {wanted} was not found")


@behaviour("investigation.start")
def start_investigation(world: World, call: Call) -> Reply:
    """Withdrawn on 2026-09-01 (MC1411577); no source says what the call answers since."""
    raise Problem(404, "NotFound", "Automated investigations cannot be started any more")
