# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every hunt of the library is sound: bounded, in order, of tables and columns that there are, and bound to values of their kind."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.kql_words import use_of
from ansible_collections.secops.defender.plugins.module_utils._response.hunt_values import KINDS
from ansible_collections.secops.defender.plugins.module_utils._response.hunts import HUNTS
from simulator.contract import hunting_tables

NOW = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.timezone.utc)
SHA1, SHA256 = "a1" * 20, "B2" * 32
FIT = {
    "moment": "2026-11-25T03:00:00Z",
    "whole": 5,
    "texts": ["lena", 'x" or true //'],
    "hashes": [SHA1, SHA256, "c3" * 16],
    "sha256s": [SHA256],
    "addresses": ["203.0.113.77", "2001:db8::7"],
    "domains": ["login.example.com"],
    "urls": ["https://login.example.com/a?b=c"],
    "senders": ["billing@example.com", "example.com"],
    "machines": ["fin-07", "fin-07.contoso.com", SHA1],
}
every_hunt = pytest.mark.parametrize("hunt", HUNTS.values(), ids=lambda hunt: hunt.name)


@pytest.fixture(scope="module")
def database():
    pytest.importorskip("duckdb_kql")
    from simulator.hunting.database import Database

    return Database({})


def fit(hunt):
    return {parameter.name: FIT[parameter.kind] for parameter in hunt.parameters}


def least(hunt):
    """No more than must be given."""
    return {name: value for name, value in fit(hunt).items() if name in hunt.one_of[:1] or any(name == one.name and one.required for one in hunt.parameters)}


@every_hunt
@pytest.mark.parametrize("given", [fit, least])
def test_a_hunt_is_understood_and_answers_with_its_columns(hunt, given, database):
    from simulator.hunting.database import Limits

    answer = database.ask(hunt.bind(given(hunt)), now=NOW, limits=Limits(), endpoint_only=hunt.for_any_service)
    assert tuple(answer.columns) == hunt.columns


@every_hunt
def test_a_hunt_names_the_tables_that_it_reads(hunt):
    read = {table for table in hunting_tables() if use_of(table, hunt.query).as_value}
    assert read == set(hunt.tables)
    assert hunt.for_any_service == all(hunting_tables()[table]["endpoint"] for table in hunt.tables)


@every_hunt
def test_a_hunt_is_bounded_in_time_wherever_it_reads_and_its_rows_have_an_order(hunt):
    reads = sum(len(re.findall(rf"\b{table}\b", hunt.query)) for table in hunt.tables)
    assert len(re.findall(r"\| where Timestamp (?:between|>)", hunt.query)) >= reads
    assert re.search(r"\n\| order by \w+ (?:asc|desc)\n(?:\| project [\w, \n]+)?$", hunt.query)


@every_hunt
def test_a_hunt_explains_itself_in_a_line(hunt):
    assert re.fullmatch(r"[A-Z][^\n]{10,170}[a-z]", hunt.purpose)
    assert hunt.name == next(name for name, known in HUNTS.items() if known is hunt)
    assert all(parameter.about.endswith(".") and parameter.kind in KINDS for parameter in hunt.parameters)


def test_hashes_and_names_are_brought_into_one_spelling():
    bound = HUNTS["file_ran"].bind({"hashes": [SHA256, SHA256.lower(), SHA1.upper()]})
    assert bound.startswith(f'let hashes = dynamic(["{SHA256.lower()}", "{SHA1}"]);\nlet since = ago(30d);\nlet until = now();\n')


def test_an_address_of_ipv4_within_ipv6_is_looked_for_as_what_it_is():
    bound = HUNTS["address_reached"].bind({"addresses": ["::ffff:203.0.113.77", "2001:DB8::0007"]})
    assert bound.startswith('let addresses = dynamic(["203.0.113.77", "2001:db8::7"]);\n')


def test_one_value_may_be_given_alone_and_a_number_as_a_text():
    bound = HUNTS["processes_around"].bind({"machines": "fin-07", "moment": "2026-11-25T03:00:00.1234567Z", "minutes": "5"})
    assert bound.startswith('let machines = dynamic(["fin-07"]);\nlet moment = datetime(2026-11-25T03:00:00.123456Z);\nlet minutes = long(5);\n')


@pytest.mark.parametrize(
    ("hunt", "given", "says"),
    [
        ("file_ran", {}, "needs hashes"),
        ("file_ran", {"hashes": None}, "needs hashes"),
        ("file_ran", {"hashes": [SHA1], "host": "x"}, "takes no host"),
        ("file_ran", {"hashes": []}, "is empty"),
        ("file_ran", {"hashes": ["cafe"]}, "'cafe' is no SHA-1"),
        ("file_ran", {"hashes": [7]}, "not a list of texts"),
        ("file_ran", {"hashes": [SHA1], "since": "yesterday"}, "since: .* is not a moment"),
        ("mail_with_file", {"hashes": [SHA1]}, "no SHA-256"),
        ("address_reached", {"addresses": ["203.0.113.0/24"]}, "not an IP address"),
        ("address_reached", {"addresses": ["fe80::1%eth0"]}, "names an interface"),
        ("domain_reached", {"domains": ["https://example.com"]}, "is no domain"),
        ("url_reached", {"urls": ["example.com"]}, "no whole address"),
        ("mail_from", {"senders": ["a b"]}, "neither an address of mail"),
        ("lateral_movement", {"machines": ['x" or true']}, "neither an id nor a name"),
        ("account_used", {"accounts": [" "]}, "an empty text"),
        ("processes_around", {"machines": "fin-07", "moment": "2026-11-25T03:00:00Z", "minutes": 0}, "whole number from 1"),
        ("processes_around", {"machines": "fin-07", "moment": "2026-11-25T03:00:00Z", "minutes": True}, "whole number from 1"),
        ("first_machines", {"since": "2026-11-20T00:00:00Z"}, "at least one of hashes, addresses and domains"),
    ],
)
def test_a_value_that_would_be_found_nowhere_is_refused(hunt, given, says):
    with pytest.raises(BadInput, match=says):
        HUNTS[hunt].bind(given)


OPENED = ("https://login.example.com/invoice.php?id=7", "HTTPS://LOGIN.example.com/INVOICE", "https://login.example.com.example.org/inv", "login.example.com")


@pytest.mark.parametrize("hunt", ["url_reached", "sweep_urls"])
def test_a_page_is_found_by_the_beginning_of_its_address_also_where_that_ends_within_a_word(hunt):
    pytest.importorskip("duckdb_kql")
    from simulator.hunting.database import Database, Limits

    before = NOW - datetime.timedelta(hours=1)
    there = Database({"DeviceNetworkEvents": [{"Timestamp": before, "RemoteUrl": url, "DeviceId": url} for url in OPENED]})
    found = there.ask(HUNTS[hunt].bind({"urls": ["https://login.example.com/inv"]}), now=NOW, limits=Limits()).rows
    assert {json.loads(row)["DeviceId"] for row in found} == set(OPENED[:2])
