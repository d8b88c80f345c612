# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened on machines, as far as alerts tell it: the events that an alert can be raised on."""

from __future__ import annotations

import typing as t

from .world import World


class Event(t.NamedTuple):
    """One event, as a row of a hunting query names it."""

    report_id: str
    time: str
    machine_id: str


def of_machine(world: World, machine_id: str) -> list[Event]:
    """The start of each program that an alert on the machine tells of."""
    return [
        Event(str(piece["processId"]), piece["processCreationTime"], machine_id)
        for alert in world.alerts.find("machineId", machine_id)
        for piece in alert["evidence"]
        if piece["processCreationTime"]
    ]
