# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report names is sorted, and nothing of ours is looked for."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._response.iocs import handed_in, sorted_out

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.timezone.utc)
EMPTY_FILE = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SHA1, MD5, SHA256 = "B" * 40, "c" * 32, "d" * 64


def of(values=(), src=None, own_domains=(), never=()):
    return sorted_out(handed_in(values, src, NOW), own_domains=own_domains, never=never, now=NOW)


def test_each_goes_where_hunts_look_for_it():
    found = of([SHA1, MD5, SHA256, "203[.]0.113.77", "2001:db8:0::1", "Evil[.]Example", "hxxps://evil.example/A?b=C"])
    assert found == {
        "files": [SHA1.lower(), MD5, SHA256], "ips": ["203.0.113.77", "2001:db8::1"], "domains": ["evil.example"],
        "urls": ["https://evil.example/A?b=C"], "refused": [],
    }


def test_two_spellings_are_one():
    found = of(["evil.example", "EVIL[.]example", "evil.example.", SHA1, SHA1.lower()])
    assert (found["domains"], found["files"]) == (["evil.example"], [SHA1.lower()])


@pytest.mark.parametrize("ours", ["10.0.0.1", "mail.contoso.com", "https://www.contoso.com/a", EMPTY_FILE, "198.51.100.7", "no sign"])
def test_nothing_of_ours_is_looked_for(ours):
    found = of([ours], own_domains=["contoso.com"], never=["198.51.100.0/24"])
    assert [entry["place"] for entry in found["refused"]] == ["values[0]"]
    assert not any(found[kind] for kind in ("files", "ips", "domains", "urls"))


def test_a_file_of_lines_is_read(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("# of the morning\nevil[.]example  # the first\n\n203.0.113.77\nno sign\n", encoding="utf-8")
    found = of([MD5], src=str(path))
    assert (found["files"], found["domains"], found["ips"]) == ([MD5], ["evil.example"], ["203.0.113.77"])
    assert found["refused"][0]["place"] == "report.txt line 5"


def test_a_file_of_indicators_is_read_whatever_it_wants_done(tmp_path):
    path = tmp_path / "feed.csv"
    lines = ("value,type,action,expires", "evil.example,,Block,2001-01-01T00:00:00Z", f"{SHA1},CertificateThumbprint,Block,", f"{SHA256},,Warn,")
    path.write_text("\n".join(lines), encoding="utf-8")
    found = of(src=str(path))
    assert (found["domains"], found["files"]) == (["evil.example"], [SHA256])
    assert "certificates" in found["refused"][0]["reason"]


@pytest.mark.parametrize("name", ["nothing.txt", "nothing.csv", "report.pdf"])
def test_a_file_that_cannot_be_read_is_said(tmp_path, name):
    with pytest.raises(BadInput, match="src"):
        of(src=str(tmp_path / name))
