# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A filter says what was meant, whatever the values hold."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import alerts, machines
from ansible_collections.secops.defender.plugins.module_utils._client import odata
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from hypothesis import given
from hypothesis import strategies as st
from odata_query import ast
from odata_query.grammar import ODataLexer, ODataParser

MOMENT = datetime.datetime(2026, 11, 25, 4, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def parsed(clause: str):
    return ODataParser().parse(ODataLexer().tokenize(clause))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_is_read_back_as_it_was_whatever_it_holds(text):
    assert parsed(odata.eq("computerDnsName", text)).right == ast.String(text)


def test_a_value_cannot_add_a_clause():
    clause = parsed(odata.eq("computerDnsName", "x' or 'a' eq 'a"))
    assert isinstance(clause.comparator, ast.Eq) and clause.left == ast.Identifier("computerDnsName")


@pytest.mark.parametrize(
    ("value", "spelling"),
    [("o'brien", "'o''brien'"), (True, "true"), (False, "false"), (7, "7"), (MOMENT, "2026-11-25T03:00:00Z")],
)
def test_each_type_has_its_spelling(value, spelling):
    assert odata.literal(value) == spelling


def test_there_is_no_spelling_for_a_list():
    with pytest.raises(TypeError):
        odata.literal(["a"])


def test_comparisons_use_the_words_of_the_service():
    written = [compare("lastSeen", MOMENT) for compare in (odata.eq, odata.ne, odata.ge, odata.gt, odata.le, odata.lt)]
    assert written == [f"lastSeen {word} 2026-11-25T03:00:00Z" for word in ("eq", "ne", "ge", "gt", "le", "lt")]


def test_the_start_of_a_text_can_be_asked_for():
    assert odata.startswith("computerDnsName", "o'") == "startswith(computerDnsName,'o''')"


def test_a_filter_of_the_user_stays_whole_beside_others():
    assert odata.all_of("a eq 1 or b eq 2", odata.eq("c", 3)) == "(a eq 1 or b eq 2) and c eq 3"


def test_one_clause_stays_as_it_is_and_none_give_nothing():
    assert odata.all_of(None, odata.eq("a", 1), "") == "a eq 1"
    assert odata.any_of() == ""


def test_many_ids_make_one_filter():
    assert odata.any_of(*(odata.eq("id", name) for name in "ab")) == "id eq 'a' or id eq 'b'"


def test_a_property_that_cannot_be_filtered_by_is_refused_with_those_that_can():
    odata.check_filterable(alerts.LIST, "severity")
    with pytest.raises(BadInput) as refused:
        odata.check_filterable(machines.LIST, "firstSeen")
    assert "firstSeen" in refused.value.msg and "lastSeen" in refused.value.hint
