# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An indicator is as described, and what would hit ourselves is refused before anything is sent."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, ServiceError
from unit.plugins.modules.playing import work

C2 = {"value": "203.0.113.77", "type": "IpAddress", "action": "Block", "title": "Command server", "description": "Drill"}


def keep(tenant, **options):
    return work(tenant, "indicator", app="commander", **{**C2, **options})


def writes(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["method"] != "GET"]


def test_it_is_made_once_and_changed_where_it_differs(tenant):
    assert keep(tenant, application="Feed")["changed"] and not keep(tenant)["changed"]
    result = keep(tenant, severity="High", expires="2099-01-01T00:00:00Z")
    assert result["drift"] == ["expirationTime", "severity"] and result["indicator"]["application"] == "Feed"
    assert not keep(tenant)["changed"] and len(writes(tenant)) == 2


def test_a_hash_in_another_case_is_the_same(tenant):
    file = {"type": "FileSha1", "action": "BlockAndRemediate"}
    assert keep(tenant, value="A" * 40, **file)["changed"]
    assert not keep(tenant, value="a" * 40, **file)["changed"]


def test_it_is_taken_away_once(tenant):
    keep(tenant)
    assert keep(tenant, state="absent")["changed"] and not keep(tenant, state="absent")["changed"]


def test_what_could_hit_ourselves_may_be_allowed_and_taken_away(tenant):
    odd = {"type": "Url", "value": "http://intranet/x"}
    assert keep(tenant, **odd, action="Allowed")["changed"] and keep(tenant, **odd, state="absent")["changed"]


def test_a_url_with_a_notice_may_come_to_show_none(tenant):
    url = {"type": "Url", "value": "http://evil.example/x"}
    assert keep(tenant, **url, educate_url="https://help.contoso.com")["changed"]
    assert keep(tenant, **url, action="Audit")["changed"] and not keep(tenant, **url, action="Audit")["changed"]


def test_what_is_watched_raises_an_alert(tenant):
    assert keep(tenant, action="Audit")["indicator"]["generateAlert"] is True


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"value": "10.1.2.3"}, "address of inside"),
        ({"value": "203.0.113.0/24"}, "is no IpAddress"),
        ({"action": "BlockAndRemediate"}, "is not for IpAddress"),
        ({"type": "FileSha256", "value": "abc"}, "is no FileSha256"),
        ({"type": "DomainName", "value": "contoso.com", "own_domains": ["mail.contoso.com"]}, "our own"),
        ({"type": "DomainName", "value": "a.contoso.com", "own_domains": ["Contoso.com"]}, "our own"),
        ({"type": "Url", "value": "https://www.contoso.com/x", "own_domains": ["contoso.com"]}, "our own"),
        ({"type": "Url", "value": "http://192.168.1.1/x"}, "address of inside"),
        ({"type": "DomainName", "value": "microsoftonline.com"}, "what sign-in or Defender itself is reached by"),
        ({"type": "Url", "value": "http://intranet/x"}, "neither a whole name nor an address"),
        ({"educate_url": "https://help.contoso.com"}, "shows no notice"),
        ({"action": "Audit", "generate_alert": False}, "Audit always"),
        ({"expires": "2001-01-01T00:00:00Z"}, "is over"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(tenant, options, reason):
    with pytest.raises(BadInput, match=reason):
        keep(tenant, **options)
    assert writes(tenant) == []


def test_what_an_app_of_the_smaller_role_may_not_touch_is_explained(tenant):
    with pytest.raises(ServiceError, match="403") as refused:
        work(tenant, "indicator", app="feed", **{**C2, "value": "198.51.100.23"})
    assert "grant Ti.ReadWrite.All" in refused.value.hint
