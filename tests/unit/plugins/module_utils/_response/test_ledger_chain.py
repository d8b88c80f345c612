# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is done to the lines of a ledger after they were written is noticed, and the first wrong entry is named."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_chain import START, canonical, read_chain, seal, torn_piece

COUNT = 7
every_line = pytest.mark.parametrize("number", range(1, COUNT + 1))
every_line_but_the_last = pytest.mark.parametrize("number", range(1, COUNT))


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    head, lines = START, []
    for number in range(1, COUNT + 1):
        line, head = seal({"kind": "answer", "machine": f"ws-{number}", "note": "Grüße \ud83d\n"}, head)
        lines.append(line)
    return lines


def wrong(lines: list[bytes]) -> list[int]:
    return [fault.seq for fault in read_chain(b"".join(lines)).faults]


def test_what_nobody_touched_verifies(lines):
    chain = read_chain(b"".join(lines))
    assert (chain.faults, chain.torn, chain.loose) == ([], [], b"")
    assert [entry["seq"] for entry in chain.entries] == list(range(1, COUNT + 1))
    assert chain.head == (COUNT, chain.entries[-1]["hash"])


def test_an_empty_ledger_verifies():
    assert read_chain(b"").faults == []


@every_line
def test_a_changed_word_is_noticed_in_its_line(lines, number):
    spoilt = [*lines]
    spoilt[number - 1] = lines[number - 1].replace(b"ws-", b"dc-")
    assert wrong(spoilt) == [number]


def test_every_single_byte_counts(lines):
    for at in range(len(lines[3]) - 1):
        changed = bytes([lines[3][at] ^ 1])
        spoilt = lines[3][:at] + changed + lines[3][at + 1:]
        assert wrong([*lines[:3], spoilt, *lines[4:]])[0] == 4, at


@every_line
def test_blanks_that_change_no_value_are_noticed_too(lines, number):
    spoilt = [*lines]
    spoilt[number - 1] = lines[number - 1].replace(b'","', b'", "', 1)
    assert wrong(spoilt) == [number]


@every_line_but_the_last
def test_a_line_that_was_taken_out_is_missed(lines, number):
    assert wrong([*lines[:number - 1], *lines[number:]]) == [number]


@every_line_but_the_last
def test_lines_that_changed_places_are_noticed(lines, number):
    spoilt = [*lines[:number - 1], lines[number], lines[number - 1], *lines[number + 1:]]
    assert wrong(spoilt)[0] == number


@every_line
def test_a_line_that_stands_there_twice_is_noticed(lines, number):
    assert wrong([*lines[:number], *lines[number - 1:]]) == [number]


@every_line
def test_a_line_that_was_cut_is_noticed(lines, number):
    spoilt = [*lines]
    spoilt[number - 1] = lines[number - 1][:40] + b"\n"
    assert wrong(spoilt)[0] == number


@every_line
def test_a_foreign_line_is_noticed(lines, number):
    assert wrong([*lines[:number - 1], b'{"kind":"answer"}\n', *lines[number - 1:]]) == [number]


@every_line_but_the_last
def test_an_entry_written_anew_with_a_right_hash_is_noticed(lines, number):
    before = read_chain(b"".join(lines[:number - 1])).head
    forged, _head = seal({"kind": "answer", "machine": "dc-1"}, before)
    assert wrong([*lines[:number - 1], forged, *lines[number:]]) == [number]


def test_a_beginning_of_another_ledger_is_noticed(lines):
    other, head = seal({"kind": "plan"}, START._replace(hash="1" * 64))
    follower, _head = seal({"kind": "end"}, head)
    assert wrong([other, follower]) == [1]


def test_what_was_cut_off_at_the_end_is_missed_by_whoever_knows_the_head(lines):
    head = read_chain(b"".join(lines)).head
    chain = read_chain(b"".join(lines[:-1]))
    assert chain.faults == [] and not chain.holds(head.hash)
    assert read_chain(b"".join(lines)).holds(head.hash)


@pytest.mark.parametrize("length", [1, 20, 100, -2])
def test_a_torn_last_line_is_no_fault_but_is_told(lines, length):
    chain = read_chain(b"".join(lines[:-1]) + lines[-1][:length])
    assert chain.faults == [] and chain.head.seq == COUNT - 1
    assert [(torn.line, torn.vouched) for torn in chain.torn] == [(COUNT, False)]
    assert chain.loose == lines[-1][:length]


def test_a_last_line_that_lacks_only_its_end_is_whole(lines):
    chain = read_chain(b"".join(lines)[:-1])
    assert (chain.faults, chain.torn, chain.head.seq) == ([], [], COUNT)


def test_a_torn_line_that_the_next_writer_vouched_for_is_no_fault(lines):
    piece = lines[2][:50]
    vouching, head = seal(torn_piece(piece), read_chain(b"".join(lines[:2])).head)
    after, _head = seal({"kind": "answer"}, head)
    chain = read_chain(b"".join([*lines[:2], piece + b"\n", vouching, after]))
    assert chain.faults == [] and [torn.vouched for torn in chain.torn] == [True]


def test_nobody_vouches_for_another_piece(lines):
    vouching, _head = seal(torn_piece(lines[2][:50]), read_chain(b"".join(lines[:2])).head)
    assert wrong([*lines[:2], lines[2][:49] + b"\n", vouching]) == [3]


@pytest.mark.parametrize("text", ["[]", "7", '{"seq":true,"kind":"a","prev":"","hash":""}', '{"seq":1e999}', "[" * 100_000, "\0\0\0"])
def test_garbage_is_told_and_does_not_stop_the_reading(lines, text):
    assert wrong([lines[0], text.encode() + b"\n", *lines[1:]]) == [2]


def test_a_number_that_json_has_no_word_for_is_a_change(lines):
    assert wrong([lines[0], lines[1].replace(b'"ws-2"', b"NaN"), *lines[2:]]) == [2]


def test_the_spelling_is_one():
    assert canonical({"b": 1, "a": "ü"}) == b'{"a":"\\u00fc","b":1}'
    assert json.loads(seal({"kind": "plan"}, START)[0])["prev"] == "0" * 64
