# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work with many things at once keeps their order, and ends soon when nobody waits for it any more."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.clock import BrokenOff, Clock
from ansible_collections.secops.defender.plugins.module_utils._client.errors import NotFound
from ansible_collections.secops.defender.plugins.module_utils._client.threads import at_once


class TimeIsOver(BaseException):
    """As Ansible ends a task whose ``timeout`` is over: no exception that anything catches."""


@pytest.fixture
def client():
    return SimpleNamespace(clock=Clock())


def test_order_is_kept_and_each_is_told(client):
    told = []
    assert at_once(client, lambda number: number * 2, range(20), threads=4, say=told.append) == told == list(range(0, 40, 2))


def test_after_an_error_the_rest_is_left_out_and_the_clock_goes_on(client):
    begun = []

    def fail(number: int) -> None:
        begun.append(number)
        client.clock.sleep(0.05)
        raise NotFound("no such machine")

    with pytest.raises(NotFound):
        at_once(client, fail, range(500), threads=2)
    assert len(begun) < 20
    client.clock.sleep(0)


def test_when_time_is_over_sleepers_wake_up_and_do_not_go_on(client):
    gone_on, asleep = [], threading.Barrier(3, timeout=10)

    def wait_for_a_turn(number: int) -> None:
        asleep.wait()
        if number == 0:
            raise TimeIsOver
        client.clock.sleep(60)
        gone_on.append(number)

    began = time.monotonic()
    with pytest.raises(TimeIsOver):
        at_once(client, wait_for_a_turn, range(3), threads=3)
    assert time.monotonic() - began < 30
    assert gone_on == []


def test_who_wants_to_sleep_after_the_end_does_not(client):
    client.clock.break_off()
    with pytest.raises(BrokenOff):
        client.clock.sleep(60)
