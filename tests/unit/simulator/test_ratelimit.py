# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting calls by the minute and by the hour."""

from __future__ import annotations

from simulator.clock import Clock
from simulator.ratelimit import RateLimits


def test_minute_and_hour_are_windows_that_slide() -> None:
    clock = Clock(source=lambda: 1_000_000.0)
    limits = RateLimits(clock)
    few = {"per_minute": 2, "per_hour": 3}

    def wait() -> int | None:
        return limits.wait("machine.isolate", few)

    assert wait() is None
    clock.advance(10)
    assert wait() is None
    assert wait() == 50, "the call of ten seconds ago leaves the minute in fifty"
    clock.advance(50)
    assert wait() is None
    clock.advance(60)
    assert wait() == 3600 - 120, "three in the hour"
    clock.advance(3600 - 120)
    assert wait() is None


def test_a_minute_can_be_made_short() -> None:
    clock = Clock(source=lambda: 1_000_000.0)
    limits = RateLimits(clock)
    assert limits.wait("alert.list", {"per_minute": 1}, scale=0.05) is None
    assert limits.wait("alert.list", {"per_minute": 1}, scale=0.05) == 3
    clock.advance(3)
    assert limits.wait("alert.list", {"per_minute": 1}, scale=0.05) is None


def test_operations_are_counted_apart_and_without_limits_not_at_all() -> None:
    limits = RateLimits(Clock(source=lambda: 0.0))
    assert limits.wait("alert.list", {"per_minute": 1}) is None
    assert limits.wait("alert.list", {"per_minute": 1}) == 60
    assert limits.wait("machine.list", {"per_minute": 1}) is None
    assert {limits.wait("machine.find", {"note": "none given"}) for _call in range(9)} == {None}
