# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the rate budget are private, small, and outlive whoever is killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import budget_file
from ansible_collections.secops.defender.plugins.module_utils._client.budget import Budget
from ansible_collections.secops.defender.plugins.module_utils._client.budget_file import InFiles
from ansible_collections.secops.defender.plugins.module_utils._client.private_folder import Unusable
from unit.plugins.module_utils._client.operations import ISOLATE, MACHINE
from unit.plugins.module_utils._client.standing_clock import UPTIME, StandingClock

COLLECTIONS = Path(budget_file.__file__).parents[6]
HOLDS_THE_LOCK = """
import sys, time
from ansible_collections.secops.defender.plugins.module_utils._client.budget_file import InFiles
with InFiles(sys.argv[1], ["a tenant"]).opened(sys.argv[2], int(sys.argv[3])):
    print("locked", flush=True)
    time.sleep(60)
"""
A_MINUTE = 61
SLOTS = ISOLATE.rate.per_hour + 256


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "rates"


@pytest.fixture
def budget_of(folder, clock):
    """The budget of a tenant, as one more process would have it."""
    return lambda *whose: Budget(InFiles(str(folder), whose or ("a tenant",)), clock)


def spend(budget, calls=100) -> None:
    for _call in range(calls):
        assert budget.take(ISOLATE).at == UPTIME


def wait_of(budget) -> float:
    return budget.take(ISOLATE).at - UPTIME


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_what_one_process_has_called_the_next_one_knows(budget_of):
    spend(budget_of())
    assert wait_of(budget_of()) == A_MINUTE
    assert budget_of().predict(ISOLATE, 1) == A_MINUTE


def test_a_refusal_of_one_holds_all(budget_of):
    budget_of().hold(ISOLATE, 42)
    assert wait_of(budget_of()) == 42


def test_tenants_and_operations_are_counted_apart(budget_of, folder):
    spend(budget_of())
    assert wait_of(budget_of("another tenant")) == 0
    assert budget_of().take(MACHINE).at == UPTIME
    assert len(list(folder.iterdir())) == 3


def test_files_are_for_their_owner_alone_and_do_not_grow(budget_of, folder, clock):
    budget = budget_of()
    budget.take(ISOLATE)
    size = the_file(folder).stat().st_size
    for _call in range(2000):
        clock.now += 3
        assert budget.take(ISOLATE).at == clock.now
    budget.hold(ISOLATE, 1)
    assert the_file(folder).stat().st_size == size < 16_000
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600


@pytest.mark.parametrize("spoil", ["empty", "cut", "long", "another mark"])
def test_a_broken_file_is_begun_anew(budget_of, folder, spoil):
    spend(budget_of())
    path = the_file(folder)
    content = path.read_bytes()
    path.write_bytes({"empty": b"", "cut": content[:-8], "long": content + b"x", "another mark": b"?" + content[1:]}[spoil])
    assert wait_of(budget_of()) == 0
    assert path.stat().st_size == len(content)


def test_numbers_that_cannot_be_times_are_not_waited_for(budget_of, folder):
    spend(budget_of())
    path = the_file(folder)
    content = path.read_bytes()
    path.write_bytes(content[:16] + b"\xff" * (len(content) - 16))
    assert wait_of(budget_of()) == 0


def test_times_of_a_clock_that_ran_before_the_node_was_started_anew_are_not_waited_for(budget_of, clock):
    spend(budget_of())
    budget_of().hold(ISOLATE, 300)
    clock.now = 20.0
    assert budget_of().take(ISOLATE).at == 20.0


@pytest.mark.parametrize("make", ["open to others", "a link"])
def test_a_file_that_is_not_ours_alone_is_not_used(budget_of, folder, tmp_path, make):
    budget_of().take(ISOLATE)
    path = the_file(folder)
    if make == "a link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.chmod(0o644)
    with pytest.raises(Unusable):
        budget_of().take(ISOLATE)


def test_a_process_killed_with_the_lock_in_its_hand_leaves_none(budget_of, folder):
    spend(budget_of())
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(folder), ISOLATE.id, str(SLOTS)]
    waits = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(COLLECTIONS)}) as process:
        assert process.stdout.readline() == b"locked\n"
        other = threading.Thread(target=lambda: waits.append(wait_of(budget_of())))
        other.start()
        time.sleep(0.1)
        assert not waits, "the lock is held"
        process.kill()
        other.join(10)
    assert waits == [A_MINUTE], "and nothing that was counted is lost"


def test_a_file_removed_while_another_waits_for_it_is_not_used_any_more(budget_of, folder):
    keeper = InFiles(str(folder), ["a tenant"])
    waits = []
    with keeper.opened(ISOLATE.id, SLOTS):
        other = threading.Thread(target=lambda: waits.append(wait_of(budget_of())))
        other.start()
        time.sleep(0.1)
        the_file(folder).unlink()
    other.join(10)
    assert waits == [0] and the_file(folder).stat().st_size > 0


def test_files_of_days_past_are_removed(budget_of, folder):
    budget_of("a tenant long left").take(ISOLATE)
    old = the_file(folder)
    os.utime(old, (0, 0))
    (folder / "token").touch()
    os.utime(folder / "token", (0, 0))
    budget_of().take(ISOLATE)
    assert not old.exists() and (folder / "token").exists()
    assert len(list(folder.iterdir())) == 2
