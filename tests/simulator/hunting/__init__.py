# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advanced hunting: a world's events in tables, and an engine that answers KQL on them.

DuckDB and the KQL library are loaded with the first query: a simulator that is never asked to hunt does without.
"""

from __future__ import annotations

import datetime as dt
import itertools
import typing as t

if t.TYPE_CHECKING:
    from ..world import World
    from .database import Database

MOST = 500
"""Machines, and as many alerts, that are told of in full: more would make no hunt better and the first one slow."""
LONG = 1 << 63
"""No ReportId is as large."""


def of(world: World) -> Database:
    """The tables of a world, filled when they are asked for first; what happens in the world later is not in them."""
    if world.hunting is None:
        world.hunting = _told(world)
    return t.cast("Database", world.hunting)


def _told(world: World) -> Database:
    from . import everyday, inventory, mail, story
    from .database import Database

    machines = list(world.machines.slice(0, MOST))
    alerts = list(itertools.islice(world.alerts, MOST))
    told = inventory.told(world, machines)
    for alert in alerts:
        told += story.told(world, alert)
        told += mail.told(world, alert, machines)
    rows: dict[str, list[dict[str, t.Any]]] = {}
    for table, row in told:
        rows.setdefault(table, []).append(row)
    return Database(rows, everyday.bulk(sum(machine["onboardingStatus"] == "Onboarded" for machine in machines)))


def has_event(world: World, report_id: int, time: dt.datetime, machine_id: str) -> bool:
    """Whether a table of events holds a row of that ReportId, Timestamp and DeviceId."""
    return report_id < LONG and of(world).has_event(report_id, time, machine_id)
