# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is read to its end, each row once, or it is said that it was not."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadAnswer,
    BadInput,
    Incomplete,
    NoRoles,
    Unreachable,
)
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.operations import ALERTS, BY_IP, MACHINES

LIST = {"operation": MACHINES.id}
TWO_PAGES = 10_100


@pytest.fixture
def client(settings_of):
    return Client(settings_of(token_cache=False), clock=MovingClock(time.time()))


@pytest.fixture
def two_pages(simulator):
    simulator.load(f"large:{TWO_PAGES}")


def calls(simulator) -> int:
    return len(simulator.journal(operation=MACHINES.id))


def ids(listing) -> list[str]:
    return [row["id"] for row in listing]


@pytest.mark.parametrize(
    "ways",
    [{"next_link": True, "continuation": "$skip"}, {"next_link": True, "continuation": "$skiptoken"}, {"next_link": False}],
    ids=str,
)
def test_all_pages_are_read_with_the_fewest_calls(simulator, client, ways):
    simulator.load("large:25000")
    simulator.settings(**ways)
    listing = client.list(MACHINES)
    assert len(set(ids(listing))) == 25_000
    assert (listing.complete, listing.reason, listing.count, listing.duplicates) == (True, None, 25_000, 0)
    assert listing.calls == calls(simulator) == 3


@pytest.mark.parametrize("next_link", [True, False])
def test_a_full_page_may_be_the_last(simulator, client, next_link):
    simulator.load("large:10000")
    simulator.settings(next_link=next_link)
    listing = client.list(MACHINES)
    assert len(ids(listing)) == 10_000 and listing.complete
    assert calls(simulator) == 2, "whether next links are given at all can only be known by asking"


def test_a_service_that_gave_a_next_link_is_taken_at_its_word_when_it_gives_none(simulator, client):
    simulator.load("large:20000")
    listing = client.list(MACHINES)
    assert len(ids(listing)) == 20_000 and listing.complete
    assert calls(simulator) == 2


def test_nothing_is_asked_for_before_one_iterates(simulator, client):
    listing = client.list(MACHINES)
    assert (calls(simulator), listing.complete) == (0, False)


def test_rows_come_with_the_text_they_were_sent_as(client):
    for row, spelling in client.list(MACHINES).raw():
        assert json.loads(spelling) == row and "\n" not in spelling


def test_a_filter_and_an_expansion_are_sent_along(simulator, client):
    list(client.list(ALERTS, where="severity eq 'High'", expand=["evidence"]))
    assert simulator.journal(operation=ALERTS.id)[0]["query"] == {"$filter": "severity eq 'High'", "$expand": "evidence"}


def test_a_list_without_a_page_size_ends_with_its_only_page(simulator, client):
    page = {"value": [{"id": str(number)} for number in range(10_000)]}
    simulator.faults([{"match": {"operation": BY_IP.id}, "kind": "status", "status": 200, "body": page}])
    listing = client.list(BY_IP, ip="203.0.113.77", timestamp="2026-11-25T00:00:00Z")
    assert len(ids(listing)) == 10_000 and listing.complete
    assert len(simulator.journal(operation=BY_IP.id)) == 1


def test_where_no_page_states_a_size_a_small_page_may_be_followed_by_another(simulator, client):
    simulator.load("large:1000")
    simulator.settings(next_link=False)
    smaller = {"value": [dict(row) for row in client.list(MACHINES, limit=300)]}
    simulator.clear_journal()
    simulator.faults([{"match": LIST, "times": 1, "kind": "status", "status": 200, "body": smaller}])
    listing = client.list(replace(MACHINES, page_size_is_stated=False))
    assert len(ids(listing)) == 1_000 and listing.complete
    assert [row["query"].get("$skip") for row in simulator.journal(operation=MACHINES.id)] == [None, "300", "1000"]


# Limits


def test_a_limit_asks_for_no_more_and_says_that_there_is_more(simulator, client, two_pages):
    listing = client.list(MACHINES, limit=7)
    assert len(ids(listing)) == 7
    assert (listing.complete, listing.reason) == (False, "there may be more than the limit of 7")
    assert [row["query"] for row in simulator.journal(operation=MACHINES.id)] == [{"$top": "7"}]


def test_a_limit_above_all_there_is_gives_a_complete_list(client):
    listing = client.list(MACHINES, limit=1000)
    assert 0 < len(ids(listing)) < 1000 and listing.complete


def test_a_limit_above_a_page_reads_on(simulator, client, two_pages):
    listing = client.list(MACHINES, limit=10_050)
    assert len(ids(listing)) == 10_050 and not listing.complete
    assert calls(simulator) == 2


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_is_refused(client, limit):
    with pytest.raises(BadInput):
        client.list(MACHINES, limit=limit)


def test_what_cannot_be_expanded_is_refused_with_what_can(client):
    with pytest.raises(BadInput) as refused:
        client.list(ALERTS, expand=["evidence", "machines"])
    assert "machines" in refused.value.msg and "evidence" in refused.value.hint


# Trouble


def test_a_next_link_to_another_host_is_never_followed(simulator, client, two_pages):
    simulator.faults([{"match": LIST, "kind": "lying_next_link"}])
    listing = client.list(MACHINES)
    with pytest.raises(BadAnswer, match="another host"):
        list(listing)
    assert calls(simulator) == 1 and not listing.complete


@pytest.mark.parametrize(
    "link",
    [
        "https://localhost.example.com/api/machines?$skip=1",
        "https://user@other.example/api/machines?$skip=1",
        "http://{host}/api/machines?$skip=1",
        "//other.example/api/machines",
        "https://{name}:1/api/machines",
        "https://[/api/machines",
        ["https://{host}/api/machines"],
    ],
    ids=str,
)
def test_a_next_link_in_disguise_is_not_followed_either(simulator, client, link):
    host = simulator.url.partition("//")[2]
    text = json.dumps(link).replace("{host}", host).replace("{name}", host.partition(":")[0])
    simulator.faults([{"match": LIST, "kind": "status", "status": 200, "body": {"value": [], "@odata.nextLink": json.loads(text)}}])
    with pytest.raises(BadAnswer):
        list(client.list(MACHINES))
    assert calls(simulator) == 1


@pytest.mark.parametrize("host", ["https://api.securitycenter.microsoft.com", "https://eu.api.security.microsoft.com", ""])
def test_a_next_link_by_another_name_of_the_service_is_asked_of_our_own_host(simulator, client, host):
    page = {"value": [{"id": "first"}], "@odata.nextLink": f"{host}/api/machines?$skip=1"}
    simulator.faults([{"match": LIST, "times": 1, "kind": "status", "status": 200, "body": page}])
    listing = client.list(MACHINES)
    assert len(ids(listing)) > 1 and listing.complete
    assert simulator.journal(operation=MACHINES.id)[1]["query"] == {"$skip": "1"}


def test_pages_that_go_in_a_circle_are_left(simulator, client, two_pages):
    simulator.faults([{"match": LIST, "after": 1, "kind": "looping_next_link"}])
    listing = client.list(MACHINES)
    with pytest.raises(Incomplete):
        list(listing)
    assert not listing.complete and "circle" in listing.reason
    assert calls(simulator) == 2


def test_a_service_that_repeats_a_page_under_new_links_is_left(simulator, client):
    page = {"value": [{"id": "same"}], "@odata.nextLink": f"{simulator.url}/api/machines?$skip=1"}
    other = {**page, "@odata.nextLink": f"{simulator.url}/api/machines?$skip=2"}
    simulator.faults([{"match": LIST, "times": 1, "kind": "status", "status": 200, "body": body} for body in (page, other)])
    with pytest.raises(Incomplete):
        list(client.list(MACHINES))
    assert calls(simulator) == 2


def test_rows_that_come_again_are_left_out_and_counted(simulator, client, two_pages):
    simulator.faults([{"match": LIST, "after": 1, "kind": "duplicate_rows"}])
    listing = client.list(MACHINES)
    found = ids(listing)
    assert len(found) == len(set(found)) == TWO_PAGES
    assert listing.duplicates > 0 and listing.complete


@pytest.mark.parametrize(
    "trouble",
    [{"kind": "truncate"}, {"kind": "drop"}, {"kind": "status", "status": 502}, {"kind": "status", "status": 429, "retry_after": 7}, {"kind": "expired_token"}],
    ids=str,
)
def test_a_page_that_breaks_off_is_asked_for_again_and_no_row_comes_twice(simulator, client, two_pages, trouble):
    simulator.faults([{"match": LIST, "times": 1, **trouble}])
    listing = client.list(MACHINES)
    found = ids(listing)
    assert len(found) == len(set(found)) == TWO_PAGES
    assert (listing.complete, listing.duplicates, calls(simulator)) == (True, 0, 3)


def test_a_list_that_keeps_breaking_off_is_not_taken_for_whole(simulator, client, two_pages):
    simulator.faults([{"match": LIST, "after": 1, "kind": "drop"}])
    listing = client.list(MACHINES)
    rows = iter(listing)
    with pytest.raises(Unreachable):
        for _row in rows:
            pass
    assert (listing.complete, listing.count) == (False, 10_000)
    assert listing.reason == "it was not read to its end"


def test_a_list_left_early_does_not_count_as_whole(client):
    listing = client.list(MACHINES)
    next(iter(listing))
    assert not listing.complete and listing.count == 1


def test_a_second_iteration_asks_anew(simulator, client):
    listing = client.list(MACHINES)
    assert ids(listing) == ids(listing)
    assert calls(simulator) == 2 and listing.calls == 1


def test_a_role_that_is_missing_fails_the_list(settings_of):
    with pytest.raises(NoRoles):
        list(Client(settings_of("nobody", token_cache=False)).list(MACHINES))
