# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators are safe to send around, and come back as they were."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.secops.defender.plugins.filter.defang import defang
from ansible_collections.secops.defender.plugins.filter.refang import refang
from hypothesis import given
from hypothesis import strategies as st

WORD = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
HOST = st.lists(WORD, min_size=2, max_size=4).map(".".join) | st.ip_addresses(v=4).map(str)
SCHEMES, PORTS = st.sampled_from(["http", "https", "HTTPS", "ftp"]), st.sampled_from(["", ":8080"])
URL = st.builds("{}://{}{}/{}".format, SCHEMES, HOST, PORTS, st.from_regex(r"[a-z./?=:@]{0,12}", fullmatch=True))
MAIL = st.builds("{}@{}".format, WORD, HOST)
INDICATOR = HOST | URL | MAIL | st.ip_addresses(v=6).map(str)


@given(INDICATOR)
def test_it_comes_back_as_it_was(indicator):
    assert refang(defang(indicator)) == indicator
    assert defang(defang(indicator)) == defang(indicator)
    assert defang(indicator) != indicator


@pytest.mark.parametrize(
    "live, safe",
    [
        ("http://login.example.com/a.php?b=1.2", "hxxp://login[.]example[.]com/a.php?b=1.2"),
        ("HTTPS://EXAMPLE.COM", "HXXPS://EXAMPLE[.]COM"),
        ("ftp://192.0.2.7:21/a", "fxp://192[.]0[.]2[.]7:21/a"),
        ("example.com", "example[.]com"),
        ("2001:db8::7", "2001[:]db8[:][:]7"),
        ("billing@example.com", "billing[@]example[.]com"),
        ("https://go.example.com/?to=https://example.org", "hxxps://go[.]example[.]com/?to=https://example.org"),
        ("", ""),
    ],
)
def test_an_indicator_is_made_safe(live, safe):
    assert defang(live) == safe
    assert refang(safe) == live


@pytest.mark.parametrize(
    "reported, meant",
    [
        ("hxxps[:]//login(.)example{.}com[/]a", "https://login.example.com/a"),
        ("hxxp[://]example[dot]com", "http://example.com"),
        ("hXXp://example[ DOT ]com", "hTTp://example.com"),
        (" billing[at]example(dot)com\n", "billing@example.com"),
        ("hxxp-tools.example.com", "hxxp-tools.example.com"),
        ("192.0.2[.]7", "192.0.2.7"),
    ],
)
def test_the_spellings_of_reports_are_read(reported, meant):
    assert refang(reported) == meant


@pytest.mark.parametrize("turned", [defang, refang])
def test_what_is_no_text_is_refused(turned):
    with pytest.raises(AnsibleFilterError, match="use map for a list"):
        turned(["example.com"])
