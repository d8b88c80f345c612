# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of files, addresses and domains is of its type."""

from __future__ import annotations

import pytest
from simulator.worlds.records import sha1
from unit.simulator.typed import wrong

TOLD = [
    ("file.get", "File", {"id": sha1("winupd32.exe")}),
    ("file.get", "File", {"id": sha1("powershell.exe")}),
    ("file.get_statistics", "FileStatistics", {"id": sha1("winupd32.exe")}),
    ("file.get_statistics", "FileStatistics", {"id": sha1("powershell.exe")}),
    ("ip.get_statistics", "IpStatistics", {"ip": "203.0.113.77"}),
    ("domain.get_statistics", "DomainStatistics", {"domain": "example.com"}),
]


@pytest.mark.parametrize(("operation", "type_", "values"), TOLD, ids=lambda value: value if isinstance(value, str) else "")
def test_facts_are_of_their_type(attacked, operation, type_, values):
    assert wrong(attacked.ask(operation, **values), type_) == []


@pytest.mark.parametrize(("name", "signer"), [("powershell.exe", "Microsoft Windows"), ("rundll32.exe", "Microsoft Windows"), ("winupd32.exe", None)])
def test_programs_of_windows_are_signed_and_everywhere_and_others_are_not(attacked, name, signer):
    facts, statistics = (attacked.ask(operation, id=sha1(name)) for operation in ("file.get", "file.get_statistics"))
    assert facts["signer"] == signer
    assert facts["globalPrevalence"] == statistics["globallyPrevalence"]
    assert (facts["globalPrevalence"] > 1_000_000) == bool(signer)


def test_related_lists_of_a_file_go_by_its_sha1(attacked):
    assert len(attacked.list("file.list_machines", id=sha1("winupd32.exe"))) == 2
    assert attacked.list("file.list_machines", id="0" * 64) == []


def test_what_is_malformed_is_refused(attacked):
    assert attacked.refused("file.get", id="cafe") == (400, "InvalidHashValue")
    assert attacked.refused("ip.get_statistics", ip="cafe") == (400, "InvalidIpAddress")
