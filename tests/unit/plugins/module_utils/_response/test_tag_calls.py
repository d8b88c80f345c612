# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags are changed in the fewest calls, each change exactly once."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import machines
from ansible_collections.secops.defender.plugins.module_utils._response.tag_calls import changes, waves
from hypothesis import given
from hypothesis import strategies as st

MANY = [f"{number:040x}" for number in range(1200)]


def operations(drift, **options) -> list[str]:
    return sorted(call.operation.id for wave in waves(drift, **options) for call in wave)


@pytest.mark.parametrize(
    ("drift", "expected"),
    [
        ({"a": ([], ["x"])}, [machines.TAG]),
        ({"a": (["x"], [])}, [machines.TAG]),
        ({"a": ([], ["x", "y", "z"])}, [machines.UPDATE]),
        ({"a": ([], ["x"]), "b": ([], ["x"])}, [machines.TAG_MULTIPLE]),
        ({"a": ([], ["x"]), "b": (["x"], [])}, [machines.TAG, machines.TAG]),
        ({machine: (["old"], ["new"]) for machine in MANY[:500]}, [machines.TAG_MULTIPLE] * 2),
        ({machine: ([], ["new"]) for machine in MANY[:501]}, [machines.TAG, machines.TAG_MULTIPLE]),
        ({machine: ([], ["new"]) for machine in MANY}, [machines.TAG_MULTIPLE] * 3),
        # One of five hundred has thirty tags of its own to lose: it gets its whole list, the others share a call.
        (
            {**{machine: ([], ["new"]) for machine in MANY[:499]}, "odd": ([f"t{number}" for number in range(30)], ["new"])},
            [machines.TAG_MULTIPLE, machines.UPDATE],
        ),
        ({}, []),
    ],
    ids=lambda value: "",
)
def test_the_calls_are_as_few_as_can_be(drift, expected):
    assert operations(drift) == sorted(operation.id for operation in expected)


def test_whole_lists_can_be_done_without():
    assert operations({"a": (["old"], ["x", "y"])}, whole_lists=False) == [machines.TAG.id] * 3


def test_a_thousand_machines_with_a_tag_of_their_own_are_worked_out_at_once():
    drift = {machine: ([f"only-{machine}", "old"], ["new"]) for machine in MANY}
    assert len(operations(drift)) == len(MANY)


def test_no_machine_is_in_two_calls_of_a_wave():
    for wave in waves({machine: (["old"], ["new", machine[-1]]) for machine in MANY}):
        named = [machine_id for call in wave for machine_id in call.ids]
        assert len(named) == len(set(named))


TAGS = st.lists(st.sampled_from("vwxyz"), unique=True, max_size=4)


@given(st.dictionaries(st.sampled_from("abcde"), st.tuples(TAGS, TAGS), max_size=5))
def test_every_change_is_made_once_and_no_smaller_choice_would_do(drift):
    made = [
        (machine_id, change)
        for wave in waves(drift)
        for call in wave
        for machine_id in call.ids
        for change in (changes(*drift[machine_id]) if call.operation is machines.UPDATE else [(call.values["change"], call.values["tag"])])
    ]
    needed = [(machine_id, tuple(change)) for machine_id, pair in drift.items() for change in changes(*pair)]
    assert sorted(map(_flat, made)) == sorted(map(_flat, needed))
    assert len(operations(drift)) == _smallest(needed)


def _flat(pair) -> tuple[str, ...]:
    return (pair[0], *pair[1])


def _smallest(needed) -> int:
    """By trying: so many machines and changes touch all that is needed."""
    things = sorted({("machine", machine_id) for machine_id, _change in needed} | {("change", change) for _machine_id, change in needed})
    for size in itertools.count():
        for chosen in map(set, itertools.combinations(things, size)):
            if all(("machine", machine_id) in chosen or ("change", change) in chosen for machine_id, change in needed):
                return size
    raise AssertionError
