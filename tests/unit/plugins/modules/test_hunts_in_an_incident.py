# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hunts of the library find the incident that the company under attack has."""

from __future__ import annotations

import pytest
from simulator.worlds import records
from unit.plugins.modules.playing import work

pytest.importorskip("duckdb_kql")

PAGE = "http://invoices.contoso-billing.example/8841.ps1"
FOUND_BY = {
    "file_ran": ({"hashes": [records.sha1("winupd32.exe")]}, "DeviceName", "files-02.contoso.com"),
    "file_seen": ({"hashes": [records.sha256("invoice-8841.docm")]}, "DeviceName", "fin-07.contoso.com"),
    "domain_reached": ({"domains": ["contoso-billing.example"]}, "Host", "invoices.contoso-billing.example"),
    "url_reached": ({"urls": [PAGE]}, "Found", PAGE),
    "address_reached": ({"addresses": ["203.0.113.77"]}, "DeviceName", "fin-07.contoso.com"),
    "lateral_movement": ({"machines": ["fin-07"]}, "ToMachine", "hr-03.contoso.com"),
    "account_used": ({"accounts": ["lena"]}, "DeviceName", "fin-07.contoso.com"),
    "persistence": ({"machines": ["hr-03"]}, "ActionType", "ServiceInstalled"),
    "network_after": ({"machines": ["fin-07"], "moment": "2020-01-01T00:00:00Z"}, "RemoteIP", "203.0.113.77"),
    "mail_from": ({"senders": ["contoso-billing.example"]}, "RecipientEmailAddress", "lena@contoso.com"),
    "mail_with_url": ({"urls": [PAGE]}, "RecipientEmailAddress", "lena@contoso.com"),
    "mail_with_file": ({"hashes": [records.sha256("invoice-8841.docm")]}, "RecipientEmailAddress", "lena@contoso.com"),
    "url_clicked": ({"urls": [PAGE]}, "AccountUpn", "lena@contoso.com"),
    "first_machines": ({"hashes": [records.sha1("invoice-8841.docm")], "domains": ["contoso-billing.example"]}, "DeviceName", "fin-07.contoso.com"),
    "shadow_copies_deleted": ({}, "DeviceName", "files-02.contoso.com"),
    "mass_rename": ({"least": 3}, "DeviceName", "files-02.contoso.com"),
    "sweep_files": ({"hashes": [records.sha1("winupd32.exe"), "0" * 40]}, "Sign", records.sha1("winupd32.exe")),
    "sweep_addresses": ({"addresses": ["203.0.113.77", "192.0.2.1"]}, "Sign", "203.0.113.77"),
    "sweep_domains": ({"domains": ["contoso-billing.example", "example.org"]}, "Sign", "contoso-billing.example"),
    "sweep_urls": ({"urls": [PAGE, "https://example.org/a"]}, "Sign", PAGE),
}


@pytest.fixture(scope="module")
def attacked(running_simulator):
    """Its tables are filled once: asking changes nothing."""
    running_simulator.load("under_attack")
    return running_simulator


@pytest.mark.parametrize("hunt", FOUND_BY)
def test_a_hunt_finds_its_part_of_the_incident(attacked, hunt):
    parameters, column, wanted = FOUND_BY[hunt]
    rows = work(attacked, "hunting_query", app="commander", hunt=hunt, parameters=parameters)["rows"]
    assert wanted in {row[column] for row in rows}
    if column == "Sign":
        assert {row["Sign"] for row in rows} == {wanted}
