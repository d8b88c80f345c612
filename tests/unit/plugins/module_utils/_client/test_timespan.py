# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spans of time are read as ISO 8601 spells them."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import moments
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.timespan import begin_of

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("P7D", "2026-11-18T12:00:00Z"),
        ("P1W", "2026-11-18T12:00:00Z"),
        ("PT12H", "2026-11-25T00:00:00Z"),
        ("P1DT1H30M", "2026-11-24T10:30:00Z"),
        ("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
        ("2026-11-20T00:00:00Z/2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z"),
        ("2026-11-20T00:00:00Z/PT6H", "2026-11-20T00:00:00Z"),
        ("P1D/2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z"),
    ],
)
def test_a_span_says_when_it_begins(text, begin):
    assert moments.spell(begin_of(text, NOW)) == begin


@pytest.mark.parametrize("text", ["P999999Y", "P999999D/0001-01-01T00:00:00Z"])
def test_a_span_beyond_all_time_still_begins(text):
    assert begin_of(text, NOW).year < 1930


@pytest.mark.parametrize("text", ["", "7d", "P", "PT", "P1H", "P-1D", "P1D/P2D", "/", "P1D/", "2026-11-20", "2026-13-20T00:00:00Z", "P1D/P1D/P1D"])
def test_what_is_no_span_is_refused_with_how_to_write_one(text):
    with pytest.raises(BadInput, match="no span of time") as refused:
        begin_of(text, NOW)
    assert "P7D" in refused.value.hint


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput, match="ends before it begins"):
        begin_of("2026-11-21T00:00:00Z/2026-11-20T00:00:00Z", NOW)
