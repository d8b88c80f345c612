# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that leave no lasting state: what is the same as what is asked for, and what needs not be asked for."""

from __future__ import annotations

from .._api import response_actions
from .._client.record_types import moment_in
from .act import Act
from .history import History, ended
from .order import Order

FULL = "Full"


def _scans_as_much(order: Order, action: dict) -> bool:
    """A full scan looks wherever a quick one does."""
    return action.get("scope") in (None, order.scope, FULL)


def _takes_the_same_file(order: Order, action: dict) -> bool:
    identifier = (action.get("relatedFileInfo") or {}).get("fileIdentifier") or ""
    return identifier.lower() == order.values["sha1"]


def _is_gone(machine: dict, before: History) -> str | None:
    """The onboarding status may lag behind, so an offboarding counts as well for as long as the machine is silent."""
    status = machine.get("onboardingStatus")
    if status and status.casefold() != "onboarded":
        return f"it is not onboarded ({status})"
    done = [action for action in before.actions if action.get("status") == "Succeeded"]
    if not done:
        return None
    seen = moment_in(machine, "lastSeen")
    if seen is not None and seen > ended(done[-1]):
        return None
    return f"it was offboarded (action {done[-1]['id']}) and has not reported since"


SCAN = Act("RunAntiVirusScan", response_actions.SCAN, serves=_scans_as_much)
QUARANTINE = Act("StopAndQuarantineFile", response_actions.QUARANTINE, serves=_takes_the_same_file)
OFFBOARD = Act("Offboard", response_actions.OFFBOARD, rests=_is_gone, reaches_back=None)
