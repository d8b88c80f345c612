# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators are found by what they are, and each app sees what it may."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound, RoleMissing
from unit.plugins.modules.playing import work


def read(tenant, app: str = "commander", **options):
    return work(tenant, "indicator_info", app=app, **options)


def values(result) -> list[str]:
    return [row["indicatorValue"] for row in result["indicators"]]


def test_all_are_read(tenant):
    result = read(tenant)
    assert sorted(values(result)) == ["198.51.100.23", "billing.example"] and result["complete"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"value": ["198.51.100.23"]}, ["198.51.100.23"]),
        ({"type": ["DomainName"]}, ["billing.example"]),
        ({"action": ["Block"], "severity": ["High"]}, ["198.51.100.23"]),
        ({"created_by": ["analyst@contoso.com"], "title": ["Command server"]}, ["198.51.100.23"]),
        ({"external_id": ["none"]}, []),
        ({"expires_before": "2099-01-01T00:00:00Z"}, ["billing.example"]),
    ],
)
def test_each_option_narrows(tenant, options, found):
    assert values(read(tenant, **options)) == found


def test_one_is_gone_the_second_it_expires(tenant):
    tenant.advance(3700)
    assert values(read(tenant, ahead=3700)) == ["198.51.100.23"]


def test_ids_are_looked_for_among_all_and_a_missing_one_is_named(tenant):
    (row,) = read(tenant, type=["IpAddress"])["indicators"]
    assert values(read(tenant, id=[row["id"]])) == ["198.51.100.23"]
    with pytest.raises(NotFound, match="none with the id 1"):
        read(tenant, id=["1"])


def test_with_the_smaller_role_an_app_sees_only_its_own(tenant):
    assert read(tenant, app="feed")["count"] == 0


def test_the_missing_role_is_named(tenant):
    with pytest.raises(RoleMissing, match="Ti.ReadWrite"):
        read(tenant, app="reader")


def test_all_go_to_a_file(tenant, tmp_path):
    result = read(tenant, dest=str(tmp_path / "indicators.ndjson"))
    assert result["count"] == 2 and len((tmp_path / "indicators.ndjson").read_text().splitlines()) == 2


def test_an_empty_list_is_a_mistake(tenant):
    with pytest.raises(BadInput, match="value is empty"):
        read(tenant, value=[])
