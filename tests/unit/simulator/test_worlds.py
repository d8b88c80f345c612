# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds show what the contract describes: every field, no other, of the right type."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator.clock import Clock
from simulator.live_response import commands_of, run
from simulator.worlds import UnknownWorld, large, world
from simulator.worlds.records import machine_id
from unit.simulator.typed import wrong

NAMES = ("five_machines", "under_attack", "large:300")


@pytest.fixture(params=NAMES)
def shown(request):
    return world(request.param, Clock())


def test_machines_are_of_their_type(shown):
    assert [fault for row in shown.machines for fault in wrong(row, "Machine")] == []


def test_alerts_are_of_their_type(shown):
    assert [fault for row in shown.alerts for fault in wrong(row, "Alert")] == []


def test_actions_are_of_their_type(shown):
    machine_id_ = next(iter(shown.machines))["id"]
    shown.start(machine_id_, "Isolate", requestor="app", comment="c", scope="Full").cancel(shown.clock.now(), "app", "c")
    shown.start(machine_id_, "StopAndQuarantineFile", requestor="app", comment="c", sha1="0" * 40)
    commands = commands_of([{"type": "RunScript", "params": [{"key": "ScriptName", "value": "triage.ps1"}]}])
    run(commands, shown.library, {}, begins=0, ends=0)
    shown.start(machine_id_, "LiveResponse", requestor="app", comment="c", commands=commands)
    now = shown.clock.now()
    for action in shown.actions.newest_first():
        assert wrong(action.single(now), "MachineAction") == []
        assert wrong(action.listed(now), "MachineAction", listed=True) == []


def test_ids_are_unique_and_lead_back(shown):
    for rows in (shown.machines, shown.alerts):
        assert len({row["id"] for row in rows}) == len(rows)
        assert all(rows.get(row["id"])["id"] == row["id"] for row in rows)
        assert rows.get("0" * 40) is None


def test_every_alert_is_of_a_machine_of_the_world(shown):
    names = {row["id"]: row["computerDnsName"] for row in shown.machines}
    assert all(names[row["machineId"]] == row["computerDnsName"] for row in shown.alerts)


def test_encoded_rows_are_the_rows(shown):
    for rows in (shown.machines, shown.alerts):
        held = list(rows)
        assert [json.loads(text) for text in rows.encode(held)] == [dict(row) for row in held]
        assert [json.loads(text)["id"] for text in rows.encode(held, frozenset({"evidence"}))] == [row["id"] for row in held]


def test_the_world_under_attack_holds_what_makes_it_hard():
    attacked = world("under_attack", Clock())
    rows = {row["id"]: row for row in attacked.machines}
    names = Counter(row["computerDnsName"] for row in rows.values())
    assert names["mkt-11.contoso.com"] == names["dev-04.contoso.com"] == 2
    assert rows[machine_id("dev-04 before")]["mergedIntoMachineId"] == machine_id("dev-04")
    assert rows[machine_id("dc-01")]["deviceValue"] == "High"
    assert rows[machine_id("printer-2f")]["onboardingStatus"] == "CanBeOnboarded"
    assert rows[machine_id("old-kiosk")]["healthStatus"] == "Inactive"
    assert rows[machine_id("app-01")]["osPlatform"] == "Linux"
    assert attacked.truth(machine_id("sales-05"))["isolated"]
    assert not attacked.truth(machine_id("reception-1"))["isolated"]


def test_hostile_text_stands_in_name_title_command_line_and_tags():
    attacked = world("under_attack", Clock())
    machine = attacked.machines.get(machine_id("hostile"))
    alert = attacked.alerts.find("machineId", machine["id"])[0]
    for text in (machine["computerDnsName"], alert["title"], alert["evidence"][0]["processCommandLine"]):
        assert "{{ lookup('pipe','id') }}" in text and "\x1b" in text and "<" in text and "=" in text
    assert machine["machineTags"][0] == "{{ 7 * 7 }}"


def test_worlds_are_the_same_each_time_for_the_same_clock():
    for name in NAMES:
        first, second = (world(name, Clock(lambda: 1_795_600_000.0)) for _time in range(2))
        assert list(map(dict, first.machines)) == list(map(dict, second.machines))
        assert list(map(dict, first.alerts)) == list(map(dict, second.alerts))
        assert (first.findings, first.disallowed) == (second.findings, second.disallowed)
        assert [one.shown() for one in first.library.values()] == [one.shown() for one in second.library.values()]


def test_files_of_the_library_are_of_their_type(shown):
    shown_files = [one.shown() for one in shown.library.values()]
    assert [fault for one in shown_files for fault in wrong({"parametersDescription": None, **one}, "LibraryFile")] == []


def test_an_unknown_world_is_refused():
    for name in ("", "nowhere", "large", "large:0", "large:200001", "large:x", "large:-1"):
        with pytest.raises(UnknownWorld):
            world(name, Clock())


@settings(deadline=None)  # the time it takes depends on what else runs
@given(st.integers(0, large.MOST - 1))
def test_a_machine_of_a_large_world_is_found_by_each_of_its_keys(number):
    machines = world("large:200000", Clock()).machines
    row = next(machines.slice(number, number + 1))
    for name in ("id", "computerDnsName", "lastIpAddress"):
        assert [dict(found) for found in machines.find(name, row[name])] == [dict(row)]


@pytest.mark.parametrize(
    "name, value",
    [("id", "zz"), ("id", ""), ("computerDnsName", "ws-.contoso.com"), ("lastIpAddress", "10.0.0"), ("lastIpAddress", "10.0.0.999")],
)
def test_what_is_not_in_a_large_world_is_not_found(name, value):
    assert world("large:100", Clock()).machines.find(name, value) == []
