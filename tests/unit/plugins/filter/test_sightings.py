# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The slices of a sweep are one picture, and what was known before is not told as news."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.defender.plugins.filter.sightings import sightings

FIN, HR = "f" * 40, "a" * 40
DAY_1, DAY_2, DAY_3 = (f"2026-11-2{day}T03:00:00.1234567Z" for day in (1, 2, 3))
SIGNS = ["evil.example", "203.0.113.77", "b" * 40]


def row(sign, machine, first, last, events=1, **also):
    name = {FIN: "fin-07", HR: "hr-03"}.get(machine)
    return {
        "Sign": sign, "DeviceId": machine, "DeviceName": name, "FirstSeen": first, "LastSeen": last, "Events": events, "Actions": [], "Programs": [], **also,
    }


ROWS = [
    row("evil.example", FIN, DAY_2, DAY_3, 3, Programs=["winword.exe", None]),
    row("evil.example", FIN, DAY_1, DAY_1, 1, Programs=["winword.exe", "cmd.exe"]),
    row("203.0.113.77", FIN, DAY_2, DAY_2),
    row("evil.example", HR, DAY_3, DAY_3),
]


def test_slices_of_one_sign_on_one_machine_are_one_hit():
    first = sightings(ROWS, SIGNS)["hits"][0]
    assert (first["sign"], first["device_name"], first["first_seen"], first["last_seen"], first["events"]) == ("evil.example", "fin-07", DAY_1, DAY_3, 4)
    assert first["programs"] == ["winword.exe", "cmd.exe"]


def test_it_is_told_by_sign_and_by_machine_and_what_was_never_seen():
    found = sightings(ROWS, SIGNS)
    assert [(entry["sign"], entry["machines"]) for entry in found["signs"]] == [("evil.example", ["fin-07", "hr-03"]), ("203.0.113.77", ["fin-07"])]
    by_machine = [(entry["device_name"], entry["signs"]) for entry in found["machines"]]
    assert by_machine == [("fin-07", ["evil.example", "203.0.113.77"]), ("hr-03", ["evil.example"])]
    assert found["never_seen"] == ["b" * 40]


def test_what_was_known_is_no_news_unless_it_was_seen_again():
    first = sightings(ROWS[1:3], SIGNS)
    assert {hit["news"] for hit in first["hits"]} == {"new"}
    second = sightings(ROWS, SIGNS, known=first["known"])
    assert {(hit["sign"], hit["device_name"]): hit["news"] for hit in second["hits"]} == {
        ("evil.example", "fin-07"): "again", ("203.0.113.77", "fin-07"): "known", ("evil.example", "hr-03"): "new",
    }
    assert {hit["news"] for hit in sightings(ROWS, SIGNS, known=second["known"])["hits"]} == {"known"}


def test_what_is_known_stays_so_though_a_sweep_does_not_see_it():
    known = sightings(ROWS, SIGNS)["known"]
    later = sightings([], SIGNS, known=known)
    assert later["known"] == known
    assert later["never_seen"] == ["b" * 40]


def test_a_sign_that_is_looked_for_no_more_is_forgotten():
    known = sightings(ROWS, SIGNS)["known"]
    assert {entry["sign"] for entry in sightings([], SIGNS[1:], known=known)["known"]} == {"203.0.113.77"}


@pytest.mark.parametrize("rows", [[{"Sign": "a"}], [None], [row("a", FIN, DAY_1, DAY_1, "many")], [row(None, FIN, DAY_1, DAY_1)]])
def test_rows_of_another_query_are_refused(rows):
    with pytest.raises(AnsibleFilterError, match="takes the rows of"):
        sightings(rows, SIGNS)


@pytest.mark.parametrize("entry", [{}, None, {"sign": "a", "device_id": "fin-07", "last_seen": DAY_1}, {"sign": "a", "device_id": FIN, "last_seen": "then"}])
def test_a_state_that_no_sweep_has_left_is_refused(entry):
    with pytest.raises(AnsibleFilterError, match="known is not"):
        sightings(ROWS, SIGNS, known=[entry])
