# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options become a filter that says what the user means, and nothing that a value smuggles in."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._module.filters import (
    BEFORE,
    SINCE,
    Filter,
    narrowings,
    where,
)

FILTERS = (
    Filter("severity", "severity", choices=("Low", "High")),
    Filter("incident_id", "incidentId", elements="int"),
    Filter("created_after", "alertCreationTime", compare=SINCE),
    Filter("created_before", "alertCreationTime", compare=BEFORE),
    Filter("group", "rbacGroupName", sent=False),
)


def asked(own=None, **params):
    return where(narrowings(FILTERS, params), own)


def fits(row, **params):
    return all(entry.fits(row) for entry in narrowings(FILTERS, params))


def test_nothing_asked_for_means_no_filter():
    assert asked() is None


def test_one_value_is_one_clause():
    assert asked(severity=["High"]) == "severity eq 'High'"


def test_several_values_are_alternatives_within_all_that_is_asked_for():
    assert asked(severity=["Low", "High"], incident_id=[7]) == "(severity eq 'Low' or severity eq 'High') and incidentId eq 7"


def test_times_stand_bare_and_in_utc():
    assert asked(created_after="2026-11-25T04:00:00+01:00") == "alertCreationTime ge 2026-11-25T03:00:00Z"


def test_a_span_of_time_includes_its_start_only():
    span = {"created_after": "2026-11-25T03:00:00Z", "created_before": "2026-11-25T04:00:00Z"}
    assert fits({"alertCreationTime": "2026-11-25T03:00:00.0000000Z"}, **span)
    assert not fits({"alertCreationTime": "2026-11-25T04:00:00Z"}, **span)
    assert not fits({"alertCreationTime": None}, **span)


def test_a_value_cannot_end_its_quotes():
    assert asked(severity=["' or severity ne '"]) == "severity eq ''' or severity ne '''"


def test_an_own_filter_stands_alone_as_it_is():
    assert asked(own="a eq 'x' or b eq 'y'") == "a eq 'x' or b eq 'y'"


@pytest.mark.parametrize("gap", [" ", "\n", "\t"])
def test_an_own_filter_beside_options_is_bracketed_however_it_is_laid_out(gap):
    assert f"(a eq 'x'{gap}or b eq 'y')" in asked(own=f"a eq 'x'{gap}or b eq 'y'", severity=["High"])


def test_what_the_service_cannot_filter_by_is_not_sent_but_looked_at():
    assert asked(group=["Servers"]) is None
    assert fits({"rbacGroupName": "servers"}, group=["Servers"])
    assert not fits({"rbacGroupName": None}, group=["Servers"])


@pytest.mark.parametrize(
    ("params", "named"),
    [({"severity": []}, "severity is empty"), ({"created_after": "yesterday"}, "created_after: 'yesterday'"), ({"created_before": ""}, "created_before")],
)
def test_what_makes_no_sense_is_named(params, named):
    with pytest.raises(BadInput, match=named):
        narrowings(FILTERS, params)
