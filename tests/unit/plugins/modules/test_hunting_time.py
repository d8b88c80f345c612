# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A time in which nothing could be found is refused or told: nothing found would look like an all-clear."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import errors
from unit.plugins.modules.playing import connection, run, work

pytest.importorskip("duckdb_kql")


def spelt(days):
    """A moment so many days from now."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"query": "DeviceInfo", "timespan": f"{spelt(1)}/P1D"}, "timespan is .* has not come yet"),
        ({"hunt": "shadow_copies_deleted", "parameters": {"since": spelt(1)}}, "since is .* has not come yet"),
        ({"hunt": "shadow_copies_deleted", "parameters": {"since": spelt(-1), "until": spelt(-2)}}, "since is not before until"),
        ({"hunt": "network_after", "parameters": {"machines": "fin-07", "moment": spelt(1)}}, "moment is .* has not come yet"),
    ],
)
def test_a_time_that_has_not_come_or_ends_before_it_begins_is_refused(tenant, options, says):
    with pytest.raises(errors.BadInput, match=says):
        work(tenant, "hunting_query", app="commander", **options)
    assert not tenant.journal()


def test_a_hunt_before_the_oldest_data_is_told(tenant):
    options = {**connection(tenant, "commander"), "hunt": "shadow_copies_deleted"}
    ended = run("hunting_query", {**options, "parameters": {"since": spelt(-45), "until": spelt(1)}})
    assert "since is longer ago, and the tables of Defender go back 30 days only" in str(ended.result["warnings"])
    assert "warnings" not in run("hunting_query", {**options, "parameters": {"since": spelt(-30)}}).result
