# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which action under way does what is asked for, and when a machine has left."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import moments
from ansible_collections.secops.defender.plugins.module_utils._response.acts import OFFBOARD, QUARANTINE, SCAN
from ansible_collections.secops.defender.plugins.module_utils._response.history import Running

NOW = moments.parse("2026-11-25T03:00:00Z")
MACHINE = {"id": "a" * 40, "onboardingStatus": "Onboarded", "lastSeen": "2026-11-20T03:00:00Z"}


def left(hours_ago: float, status: str = "Succeeded") -> dict:
    moment = moments.spell(NOW - datetime.timedelta(hours=hours_ago))
    return {"id": "a1", "type": "Offboard", "status": status, "creationDateTimeUtc": moment, "lastUpdateTimeUtc": moment}


def why_not(machine: dict, *actions: dict) -> str | None:
    return OFFBOARD.settled(OFFBOARD.order("gone"), machine, OFFBOARD.read(actions, NOW))


@pytest.mark.parametrize(
    ("wanted", "running", "serves"),
    [("Quick", "Quick", True), ("Full", "Full", True), ("Quick", "Full", True), ("Full", "Quick", False), ("Full", None, True)],
)
def test_scan_serves_whoever_wants_no_more(wanted, running, serves):
    assert SCAN.leads_to(SCAN.order("scanned", scope=wanted), Running(None, {"scope": running})) is serves


@pytest.mark.parametrize(
    ("about", "serves"),
    [({"fileIdentifier": "A" * 40, "fileIdentifierType": "Sha1"}, True), ({"fileIdentifier": "b" * 40}, False), (None, False)],
)
def test_quarantine_serves_for_the_same_file_only(about, serves):
    order = QUARANTINE.order("quarantined", values={"sha1": "a" * 40})
    assert QUARANTINE.leads_to(order, Running(None, {"relatedFileInfo": about})) is serves


def test_machine_that_was_offboarded_and_is_silent_has_left_whatever_its_status_says():
    assert "has not reported since" in (why_not(MACHINE, left(hours_ago=1)) or "")
    assert why_not({**MACHINE, "lastSeen": None}, left(hours_ago=1))


def test_machine_that_reported_after_it_was_offboarded_is_back():
    assert why_not(MACHINE, left(hours_ago=24 * 10)) is None


@pytest.mark.parametrize("status", ["Failed", "TimeOut", "Cancelled", "Blessed"])
def test_offboarding_that_did_not_end_well_is_no_proof(status):
    assert why_not(MACHINE, left(hours_ago=1, status=status)) is None


def test_offboarding_counts_however_long_ago_it_was():
    assert OFFBOARD.looks_back_to(NOW) is None
    assert SCAN.looks_back_to(NOW) == NOW - datetime.timedelta(days=3)


def test_machine_without_a_status_is_not_taken_for_gone():
    assert why_not({**MACHINE, "onboardingStatus": None}) is None
