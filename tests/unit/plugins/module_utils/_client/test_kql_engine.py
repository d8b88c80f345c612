# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a value holds, the engine reads it as that value, and the query means what it meant."""

from __future__ import annotations

import datetime
import json

import pytest
from ansible_collections.secops.defender.plugins.filter.kql_quote import quoted
from ansible_collections.secops.defender.plugins.module_utils._client.kql_binding import bind
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("duckdb_kql")

NOW = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.timezone.utc)
NAMES = ("winupd32.exe", 'x" or 1 == 1 //', "C:\\Temp\\", "")
SIGNS = st.sampled_from(list("\"'\\`~|;@/*(){}[]%_\n\r\t\u2028\x00\x1b\x85\u202eabhHu09 é\U0001f600"))
HOSTILE = st.text(SIGNS) | st.text(st.characters(exclude_categories=["Cs"]))
ATTACKS = (
    '" | take 1 //',
    '"; DeviceInfo; let x = "',
    "\\",
    '\\" or true //',
    "``` ~~~ @\"h'",
    "\n| union DeviceInfo\n",
    "\u0000\u0022 or true",
    "') or ('1' == '1",
    "{{ lookup('pipe', 'id') }}",
    ("ab\"'\\|;\n" * 1500)[:10_000],
)


@pytest.fixture(scope="module")
def ask():
    """Rows that a query finds in a table of four."""
    from simulator.hunting.database import Database, Limits

    database = Database({"DeviceProcessEvents": [{"Timestamp": NOW, "FileName": name} for name in NAMES]})
    return lambda query: [json.loads(row) for row in database.ask(query, now=NOW, limits=Limits()).rows]


def attacked(test):
    for attack in ATTACKS:
        test = example(attack)(test)
    return test


@settings(max_examples=60, deadline=None)
@attacked
@given(HOSTILE)
def test_a_text_is_itself_and_finds_its_equal_and_nothing_else(ask, text):
    assert ask(bind("print Is = it", {"it": text})) == [{"Is": text}]
    found = ask(bind("DeviceProcessEvents | where FileName == it or FileName in (those) | project FileName", {"it": text, "those": [text, text + "x"]}))
    assert found == [{"FileName": name} for name in NAMES if name == text]


@settings(max_examples=30, deadline=None)
@attacked
@given(HOSTILE)
def test_what_the_filter_quotes_is_itself(ask, text):
    assert ask(f"print Is = {quoted(text)}, More = 1") == [{"Is": text, "More": 1}]


WHOLE = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)
# The engine may spell a number in another way, so that only what fits is compared.
SIMPLE = st.booleans() | st.integers(min_value=-(2**31), max_value=2**31 - 1) | HOSTILE
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4), max_leaves=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, max_size=4) | st.dictionaries(HOSTILE, VALUES, max_size=4))
def test_lists_and_dictionaries_arrive_as_they_are(ask, value):
    assert ask(bind("print Is = it", {"it": value})) == [{"Is": value}]


@settings(max_examples=30, deadline=None)
@given(WHOLE, st.booleans(), st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_and_truths_keep_type_and_value(ask, number, truth, real):
    [row] = ask(bind("print One = a, Two = b, Three = c", {"a": number, "b": truth, "c": real}))
    assert (row["One"], row["Two"]) == (number, truth) and row["Three"] == pytest.approx(real)
