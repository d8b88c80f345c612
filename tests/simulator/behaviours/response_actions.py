# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking machines to do something."""

from __future__ import annotations

import datetime as dt
import re

from ..actions import ISOLATE, OFFBOARD, PACKAGE, QUARANTINE, RESTRICT, SCAN, UNISOLATE, UNRESTRICT, Action, Fate
from ..machine_files import is_signed
from ..packages import package
from ..platforms import FULL
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import Finding, World
from ..worlds.records import alert, file
from .asking import asked_machine, refuse_disallowed, started
from .machines import found_machine

UNMANAGED = "UnManagedDevice"
SHA1 = re.compile(r"[0-9a-fA-F]{40}")


@behaviour("machine.isolate")
def isolate(world: World, call: Call) -> Reply:
    scope = call.body.get("IsolationType") or FULL
    if scope == UNMANAGED:
        return _contain(world, call)
    return started(world, call, asked_machine(world, call, ISOLATE, scope), ISOLATE, scope=scope)


def _contain(world: World, call: Call) -> Reply:
    machine = found_machine(world, call)
    if machine["onboardingStatus"] == "Onboarded":
        # No page gives the answer; the code is the general one of common-errors.md.
        raise Problem(400, "BadRequest", f"Machine {machine['id']} is managed: it is isolated, not contained")
    return started(world, call, machine, ISOLATE)


@behaviour("machine.unisolate")
def unisolate(world: World, call: Call) -> Reply:
    machine = found_machine(world, call)
    refuse_disallowed(world, machine, UNISOLATE)
    return started(world, call, machine, UNISOLATE)


@behaviour("machine.restrict_code_execution")
def restrict(world: World, call: Call) -> Reply:
    return started(world, call, asked_machine(world, call, RESTRICT), RESTRICT)


@behaviour("machine.unrestrict_code_execution")
def unrestrict(world: World, call: Call) -> Reply:
    return started(world, call, asked_machine(world, call, UNRESTRICT), UNRESTRICT)


@behaviour("machine.run_antivirus_scan")
def scan(world: World, call: Call) -> Reply:
    machine = asked_machine(world, call, SCAN)
    scope = call.body["ScanType"]

    def find(action: Action) -> None:
        found = [one for one in world.findings.get(machine["id"], ()) if scope == FULL or not one.deep]
        world.findings[machine["id"]] = [one for one in world.findings.get(machine["id"], ()) if one not in found]
        for one in found:
            world.alerts.add(_alert(machine, one, action))

    return started(world, call, machine, SCAN, scope=scope, effect=find)


def _alert(machine: Row, found: Finding, action: Action) -> Row:
    """Detections come as alerts of the antivirus; the scan itself has succeeded (respond-machine-alerts.md)."""
    at = action.created + dt.timedelta(seconds=action.steps[-1][0])
    return alert(
        f"da{int(at.timestamp() * 10_000_000)}_{int(action.id[:7], 16)}", dict(machine), created=at,
        title=f"'{found.threat}' malware was detected", severity="Medium", category="Malware", threatName=found.threat,
        detectionSource="WindowsDefenderAv", evidence=[file(found.file, found.folder, at)],
    )


@behaviour("machine.stop_and_quarantine_file")
def quarantine(world: World, call: Call) -> Reply:
    """A file that is not there leaves nothing to do; one that Microsoft signed makes the action fail.

    Neither answer stands on the page, which says only that signed files cannot be taken.
    """
    machine = asked_machine(world, call, QUARANTINE)
    sha1 = call.body["Sha1"]
    if not SHA1.fullmatch(sha1):
        raise Problem(400, "InvalidHashValue", f"'{sha1}' is not a SHA-1")
    works = world.fate(machine["id"]) is Fate.WORKS
    steps = Fate.FAILS.steps(world.settings.action_seconds) if works and is_signed(world, machine, sha1) else None
    return started(world, call, machine, QUARANTINE, sha1=sha1, steps=steps)


@behaviour("machine.collect_investigation_package")
def collect(world: World, call: Call) -> Reply:
    machine = asked_machine(world, call, PACKAGE)

    def pack(action: Action) -> None:
        world.blobs.put(package_name(action), package(world, machine, action.created))

    return started(world, call, machine, PACKAGE, effect=pack)


def package_name(action: Action) -> str:
    """Of its file in the storage."""
    return f"packages/{action.id}.zip"


@behaviour("machine.offboard")
def offboard(world: World, call: Call) -> Reply:
    """The sensor stops; which onboarding status follows is not told, and this is the one of a machine without a sensor."""
    machine = asked_machine(world, call, OFFBOARD)

    def leave(_action: Action) -> None:
        world.machines.write(machine["id"], onboardingStatus="CanBeOnboarded")

    return started(world, call, machine, OFFBOARD, status=200, effect=leave)
