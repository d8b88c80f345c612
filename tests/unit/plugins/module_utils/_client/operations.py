# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations by the id that they are declared with, and how often they were called."""

from __future__ import annotations

from ansible_collections.secops.defender.plugins.module_utils._api import every_operation

BY_ID = {operation.id: operation for operation in every_operation()}

ALERTS = BY_ID["alert.list"]
MACHINES = BY_ID["machine.list"]
MACHINE = BY_ID["machine.get"]
BY_IP = BY_ID["machine.find_by_ip"]
ISOLATE = BY_ID["machine.isolate"]

ISOLATION = {"comment": "case 7", "isolation_type": "Full"}


def calls_of(simulator, operation) -> int:
    """How often the simulator was asked for it."""
    return len(simulator.journal(operation=operation.id))
