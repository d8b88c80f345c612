# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what is certain is refused; only what is named may leave."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response import fitness


def machine(platform: str | None, version: str | None = None, **more) -> dict:
    return {"id": "a" * 40, "osPlatform": platform, "version": version, **more}


@pytest.mark.parametrize(
    ("fits", "unfit"),
    [
        (fitness.SCAN, {"Windows10 1607", "Windows10 1703"}),
        (fitness.QUARANTINE, {"Windows10 1607", "Linux 22.4", "macOS 14", "Android 15"}),
        (
            fitness.RESTRICTION,
            {"Windows10 1607", "Windows10 1703", "Linux 22.4", "macOS 14", "Android 15", "WindowsServer2016 1607", "WindowsServer2012R2 6.3"},
        ),
    ],
)
def test_certain_misfits_are_refused_and_no_others(fits, unfit):
    known = (
        "Windows10 1607", "Windows10 1703", "Windows10 1709", "Windows10 22H2", "Windows11 23H2", "WindowsServer2012R2 6.3", "WindowsServer2016 1607",
        "WindowsServer2019 1809", "WindowsServer2025 24H2", "Linux 22.4", "macOS 14", "Android 15", "SomethingNew 1",
    )
    refused = {name for name in known if fits.unfit(machine(*name.split()))}
    assert refused - {"SomethingNew 1"} == unfit


@pytest.mark.parametrize("fits", [fitness.SCAN, fitness.QUARANTINE, fitness.RESTRICTION])
def test_machine_that_does_not_say_what_it_runs_is_asked(fits):
    assert fits.unfit(machine(None)) is None


@pytest.mark.parametrize(
    ("record", "may_leave"),
    [
        (machine("Windows11"), True),
        (machine("WindowsServer2012R2"), True),
        (machine("Linux"), True),
        (machine("macOS", "14"), True),
        (machine("macOS", None, osVersion="15.1"), True),
        (machine("macOS", "13"), False),
        (machine("macOS", None, osVersion=None), False),
        (machine("Android", "15"), False),
        (machine(None), False),
    ],
    ids=str,
)
def test_only_what_the_page_names_may_leave(record, may_leave):
    assert (fitness.cannot_leave(record) is None) == may_leave
