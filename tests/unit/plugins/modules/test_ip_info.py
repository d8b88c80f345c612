# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses are told with how common they are; one that nobody saw counts zero."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from unit.plugins.modules.playing import work


def ask(tenant, *addresses, **options):
    return work(tenant, "ip_info", app="commander", ip=list(addresses), **options)


def test_an_address_is_told_with_its_alerts(tenant):
    seen, unseen = ask(tenant, "203.0.113.77", "2001:DB8::1", related=["alerts"])["ips"]
    assert seen["statistics"]["organizationPrevalence"] == len(seen["alerts"]) == 2
    assert (unseen["name"], unseen["statistics"]["organizationPrevalence"], unseen["alerts"]) == ("2001:db8::1", 0, [])


def test_how_far_to_look_back_is_sent(tenant):
    ask(tenant, "203.0.113.77", look_back_hours=24)
    assert "lookBackHours=24" in str(tenant.journal(service="defender")[0]["query"]).replace("': '", "=")


@pytest.mark.parametrize("hours", [0, 721])
def test_hours_out_of_range_are_refused(tenant, hours):
    with pytest.raises(BadInput, match="look_back_hours is"):
        ask(tenant, "203.0.113.77", look_back_hours=hours)


@pytest.mark.parametrize("word", ["", "example.com", "10.0.0.0/8", "203.0.113.77:443"])
def test_what_is_no_address_is_refused_before_anything_is_asked(tenant, word):
    with pytest.raises(BadInput, match="is not an IP address"):
        ask(tenant, word)
    assert not tenant.journal(service="defender")
