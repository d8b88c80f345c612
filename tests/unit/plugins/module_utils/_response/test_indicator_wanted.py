# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An entry that would hit ourselves, or that cannot be understood, is refused by itself and with its reason."""

from __future__ import annotations

import datetime as dt

import pytest
from ansible_collections.secops.defender.plugins.module_utils._response import indicator_values
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_entries import from_task
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_wanted import Rules, describe

NOW = dt.datetime(2026, 11, 25, 12, 30, tzinfo=dt.timezone.utc)
RULES = Rules(
    now=NOW, defaults={"title": "T", "action": "Block"}, actions={"CertificateThumbprint": "BlockAndRemediate"}, own_domains=("contoso.com",),
    never=("198.51.100.0/24", "partner.example", "A" * 64),
)


def judged(*entries, rules=RULES):
    return describe(from_task([entry if isinstance(entry, dict) else {"value": entry} for entry in entries]), rules)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("10.0.0.1", "address of inside"),
        ("::ffff:10.0.0.1", "address of inside"),
        ("http://127.0.0.1/x", "address of inside"),
        ("fe80::1", "address of inside"),
        ("203.0.113.0/24", "no hash, address, domain or URL"),
        ("*.evil.example", "no hash"),
        ("com", "no hash"),
        ("a" * 40, "FileSha1 or a CertificateThumbprint"),
        ({"value": "a" * 40, "type": "FileSha256"}, "is no FileSha256"),
        ("mail.contoso.com", "our own"),
        ("https://www.contoso.com./x", "our own"),
        ("198.51.100.7", "never"),
        ("sub.partner.example", "never"),
        ("http://partner.example/x", "never"),
        ("a" * 64, "never"),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "empty file"),
        ("d41d8cd98f00b204e9800998ecf8427e", "empty file"),
        ({"value": "3B1EFD3A66EA28B16697394703A72CA340A05BD5", "type": "CertificateThumbprint"}, "root certificate"),
        ({"value": "203.0.113.7", "action": "BlockAndRemediate"}, "not for IpAddress"),
        ({"value": "203.0.113.7", "action": "Audit", "generate_alert": False}, "always raises"),
        ({"value": "203.0.113.7", "educate_url": "https://help.contoso.com"}, "shows no notice"),
        ({"value": "203.0.113.7", "expires": "tomorrow"}, "expires"),
        ({"value": " "}, "value: there is none"),
        ("http://[::1/x", "is no Url"),
        ("https://contoso.com\\@evil.example/x", "is no Url"),
        ("https://con%74oso.com/x", "neither a whole name nor an address"),
        ("http://0x0a000001/x", "neither a whole name nor an address"),
        ("http://167772161/x", "neither a whole name nor an address"),
        ("https://b\u00fccher.example/x", "xn-- form"),
        ("b\u00fccher.example", "xn-- form"),
        ("login.microsoftonline.com", "what sign-in or Defender itself is reached by"),
        ("microsoft.com", "what sign-in or Defender itself is reached by"),
        ("eu.api.security.microsoft.com", "what sign-in or Defender itself is reached by"),
    ],
)
def test_it_is_refused_with_its_reason(entry, reason):
    described = judged(entry)
    assert not described.wanted and reason in described.refused[0].reason and described.refused[0].place == "indicators[0]"


def test_a_root_that_the_whole_world_trusts_is_refused():
    root = sorted(indicator_values.public_roots())[0]
    assert "root certificate" in judged({"value": root, "type": "CertificateThumbprint"}).refused[0].reason


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        ("evil[.]example", "DomainName"), ("Evil.example.", "DomainName"), ("hxxps://evil.example/a", "Url"), ("203[.]0.113.7", "IpAddress"),
        ("2001:db8::7", "IpAddress"), ("b" * 64, "FileSha256"), ("B" * 32, "FileMd5"),
    ],
)
def test_what_can_be_one_thing_only_needs_no_type(value, type_):
    assert [wanted.type for wanted in judged(value).wanted.values()] == [type_]


def test_a_url_at_a_host_of_the_service_may_be_blocked():
    assert judged("https://login.microsoftonline.com/common/oauth2/deviceauth").wanted


def test_what_is_allowed_may_be_our_own():
    assert judged({"value": "mail.contoso.com", "action": "Allowed"}).wanted


def test_doubles_are_folded_and_the_later_end_counts():
    described = judged({"value": "evil.example", "expires": "2027-01-01T00:00:00Z"}, {"value": "EVIL[.]example", "expires": "2028-01-01T00:00:00Z"})
    assert described.doubles == 1 and [wanted.ends.year for wanted in described.wanted.values()] == [2028]


def test_a_contradiction_names_both_places_and_neither_is_taken():
    described = judged("evil.example", {"value": "Evil.example", "action": "Allowed"}, "other.example")
    assert [wanted.value for wanted in described.wanted.values()] == ["other.example"]
    assert "indicators[0] and indicators[1] contradict each other in action" in described.refused[0].reason
    assert ("DomainName", "evil.example") in described.held


def test_a_bad_double_does_not_take_the_good_one_with_it():
    described = judged("203.0.113.7", {"value": "203.0.113.7", "action": "BlockAndRemediate"})
    assert len(described.wanted) == len(described.refused) == 1


def test_what_has_ended_is_skipped():
    described = judged({"value": "evil.example", "expires": "2001-01-01T00:00:00Z"})
    assert not described.wanted and "ended" in described.skips[0].reason


def test_a_certificate_cannot_be_watched_first():
    rules = Rules(now=NOW, defaults={"title": "T", "action": "BlockAndRemediate"}, watch_first=True)
    assert "cannot be watched" in judged({"value": "a" * 40, "type": "CertificateThumbprint"}, rules=rules).refused[0].reason
