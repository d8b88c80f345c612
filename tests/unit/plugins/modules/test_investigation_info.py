# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The investigations of old are found by what they are known by."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound
from unit.plugins.modules.playing import work

ALERT_OF_63350 = "da639228963310000000_540020311"


def ids(tenant, **options):
    return [row["id"] for row in work(tenant, "investigation_info", **options)["investigations"]]


def asked(tenant) -> list[str]:
    return [row["operation"] for row in tenant.journal(service="defender")]


def test_all_are_read_and_none_is_younger_than_the_end_of_them(tenant):
    result = work(tenant, "investigation_info")
    assert result["count"] == 4 and result["complete"]
    assert all(row["startTime"] < "2026-09-01" for row in result["investigations"])


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"state": ["Benign", "PartiallyRemediated"]}, ["63127", "63350"]),
        ({"started_after": "2026-08-01T00:00:00Z"}, ["63350", "63401"]),
        ({"started_before": "2026-07-01T00:00:00Z"}, ["63004"]),
        ({"machine": ["fin-07"]}, ["63350"]),
        ({"machine": ["fin-07"], "state": ["Failed"]}, []),
    ],
)
def test_each_option_narrows(tenant, options, found):
    assert ids(tenant, **options) == found


def test_numbers_are_asked_for_in_one_call(tenant):
    assert ids(tenant, id=["63350", "63004", "63350"]) == ["63004", "63350"]
    assert asked(tenant) == ["investigation.list"]


def test_one_is_found_by_the_alert_that_triggered_it_and_shown_once(tenant):
    assert ids(tenant, id=[ALERT_OF_63350]) == ["63350"]
    assert ids(tenant, id=["63350", ALERT_OF_63350]) == ["63350"]


def test_what_is_not_there_is_named(tenant):
    with pytest.raises(NotFound, match="there is no investigation 1 and there is no investigation that the alert da1_1 has triggered"):
        ids(tenant, id=["1", "da1_1"])
    assert work(tenant, "investigation_info", id=["1", "63004"], allow_missing=True)["not_found"] == ["1"]


def test_an_empty_list_is_a_mistake(tenant):
    with pytest.raises(BadInput, match="machine is empty"):
        ids(tenant, machine=[])


def test_all_go_to_a_file(tenant, tmp_path):
    result = work(tenant, "investigation_info", dest=str(tmp_path / "all.csv"))
    assert result["count"] == 4 and (tmp_path / "all.csv").read_text().startswith("id,startTime,endTime,state")


def test_a_machine_that_may_be_missing_is_named(tenant):
    result = work(tenant, "investigation_info", machine=["fin-07", "nobody-1"], allow_missing=True)
    assert (result["count"], result["not_found"]) == (1, ["nobody-1"])
