# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values become literals of their type, and parameters are constants that the query uses."""

from __future__ import annotations

import math

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.kql import DEEPEST, literal
from ansible_collections.secops.defender.plugins.module_utils._client.kql_binding import LONGEST, bind
from ansible_collections.secops.defender.plugins.module_utils._client.kql_words import Use, use_of


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ("fin-07", '"fin-07"'),
        ("", '""'),
        (7, "long(7)"),
        (-(2**63) + 1, "long(-9223372036854775807)"),
        (True, "bool(true)"),
        (0.5, "real(0.5)"),
        (1e300, "real(1e+300)"),
        ([], "dynamic([])"),
        (["a", 'b"c'], 'dynamic(["a", "b\\"c"])'),
        ({"a'b": [1, 2.5, None, False]}, "dynamic({\"a'b\": [1, 2.5, null, false]})"),
    ],
)
def test_a_value_becomes_a_literal_of_its_type(value, spelt):
    assert literal("it", value) == spelt


def nested(levels):
    value = []
    for _level in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "is nothing"),
        (object(), "of type object"),
        ([object()], "of type object"),
        (2**63, "more than 64 bits"),
        ([-(2**64)], "more than 64 bits"),
        (math.inf, "not finite"),
        ([math.nan], "not finite"),
        ("a\ud800", "half a character"),
        ({"\udfff": 1}, "half a character"),
        (nested(DEEPEST), "nests deeper"),
        (nested(5000), "nests deeper"),
    ],
)
def test_what_has_no_literal_is_refused_and_not_shown(value, says):
    with pytest.raises(BadInput, match=says) as refused:
        literal("parameters: it", value)
    assert refused.value.msg.startswith("parameters: it ")


@pytest.mark.parametrize(
    ("query", "use"),
    [
        ("T | where A == it", Use(as_value=True)),
        ("T | where A has it and B > ago(it)", Use(as_value=True)),
        ("T | where A between (it..it)", Use(as_value=True)),
        ("T | where A between (0..it)", Use(as_value=True)),
        ("T | where A between (1.5e3..it) or B > 2d", Use(as_value=True)),
        ("range it from 1 to 2 step 1 | where it == 2", Use(as_value=True, is_given=True)),
        ("T | where A == 'it' or B == @\"c:\\it\\\" or C == h'it' // it", Use()),
        ("T | where A == ```\nit``` or B == ~~~it~~~", Use()),
        ("T | where A == 'it''s' or B == \"a\\\"it\"", Use()),
        ("T | where A.it == 1 or A['it'] == 1 or 2it == 3", Use()),
        ('T | where A == "no end it', Use()),
        ("let it = 1; T", Use(is_given=True)),
        ("T | extend it = 1 | where it == 1", Use(as_value=True, is_given=True)),
        ("T | extend ['it'] = 1 | where A == it", Use(as_value=True, is_given=True)),
        ("datatable(it: string)[] | where it == 1", Use(as_value=True, is_given=True)),
        ('T | parse A with "x" it "y"', Use(is_given=True)),
        ("T | as it", Use(is_given=True)),
        ("T | where A == it()", Use(as_value=True, is_called=True)),
        ("T | where it == A and it =~ B", Use(as_value=True)),
    ],
)
def test_how_a_query_uses_a_name(query, use):
    assert use_of("it", query) == use


def test_parameters_stand_before_the_query_as_constants():
    assert bind("T | where A == it and B in (those)", {"it": "x\n", "those": [1]}) == (
        'let it = "x\\n";\nlet those = dynamic([1]);\nT | where A == it and B in (those)'
    )


def test_a_query_without_parameters_stays_as_it_is():
    assert bind("T\n| take 1 // one", {}) == "T\n| take 1 // one"


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("it", "T | where A == that", "does not use it"),
        ("it", "T | extend it = 1 | where A == it", "a meaning of its own"),
        ("it", "T | where it(A)", "calls it as a function"),
        ("where", "T | where A == where", "a word of the query language"),
        ("DeviceName", "T | where DeviceName == DeviceName", "is not a name"),
        ("a b", "T | where A == a b", "is not a name"),
        ("x; T | take 1; let y", "T", "is not a name"),
        ("", "T", "is not a name"),
        (7, "T | where A == 7", "is not a name"),
    ],
)
def test_a_name_that_would_mean_something_else_is_refused(name, query, says):
    with pytest.raises(BadInput, match=says):
        bind(query, {name: 1})


@pytest.mark.parametrize("value", [["0" * 64] * (LONGEST // 60), "é" * (LONGEST // 5), "\\" * (LONGEST // 3)])
def test_a_query_too_long_for_the_service_is_refused(value):
    with pytest.raises(BadInput, match="no more than"):
        bind("T | where A in (it)", {"it": value})
