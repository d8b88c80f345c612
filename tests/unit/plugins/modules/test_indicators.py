# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of indicators is kept as handed in: few calls, only its own, and each that fails by its name."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from ansible_collections.secops.defender.plugins.module_utils._response import indicator_room
from unit.plugins.modules.feeding import ANALYSTS, DAY, DELETE, HOUR, IMPORT, Feed, hashes, named
from unit.plugins.modules.playing import connection, run, work


@pytest.fixture
def feed(tenant):
    return Feed(tenant)


def test_five_thousand_take_ten_calls_and_nothing_the_second_time(feed):
    wanted = hashes(5000)
    assert feed(wanted)["summary"]["created"] == 5000
    assert feed.calls(IMPORT) == 10
    second = feed(wanted, exclusive=True)
    assert not second["changed"] and second["summary"]["unchanged"] == 5000 and second["indicators"] == []
    assert feed.calls(IMPORT) == 10 and feed.calls(DELETE) == 0


def test_one_bad_value_among_five_thousand_fails_alone_and_is_named(feed):
    wanted = hashes(5000)
    wanted[1234] = "10.1.2.3"
    with pytest.raises(PartlyFailed, match=r"indicators\[1234\].*10.1.2.3 is an address of inside") as failed:
        feed(wanted)
    assert failed.value.details["summary"]["created"] == 4999 and feed.calls(IMPORT) == 10
    assert [item["value"] for item in failed.value.details["failed_items"]] == ["10.1.2.3"]


def test_check_mode_foretells_exactly_what_differs(feed):
    feed(hashes(20))
    changed = [{"value": value, "severity": "High"} for value in hashes(2, first=5)]
    wanted = [*hashes(4), *changed, *hashes(2, first=100)]
    foretold = feed(wanted, exclusive=True, max_removals=14, dry=True)
    assert foretold["summary"] == {**foretold["summary"], "created": 2, "updated": 2, "removed": 14, "unchanged": 4}
    assert foretold["diff"]["after"][f"FileSha256 {5:064x}"] == {"severity": "High"}
    done = feed(wanted, exclusive=True, max_removals=14)
    assert done["diff"] == foretold["diff"] and named(done, "done") == named(foretold, "planned")
    assert not feed(wanted, exclusive=True)["changed"]


def test_others_are_not_touched(feed):
    feed(hashes(3), owner="feed-y")
    with pytest.raises(PartlyFailed, match=f"{ANALYSTS}|of the set feed-y"):
        feed([ANALYSTS, *hashes(1)], exclusive=True)
    assert feed.there()[ANALYSTS]["title"] == "Command server" and len(feed.there()) == 5
    left = feed([ANALYSTS, *hashes(1)], exclusive=True, conflicts="leave")
    assert not left["changed"] and left["summary"]["left"] == 2


def test_what_is_taken_over_is_of_the_set_from_then_on(feed):
    assert feed([ANALYSTS], conflicts="take_over")["summary"]["updated"] == 1
    assert not feed([ANALYSTS])["changed"]
    assert feed.there()[ANALYSTS]["description"] == "Incident 1126001 [owner:feed-x]"
    assert feed([], exclusive=True)["summary"]["removed"] == 1


def test_half_of_a_set_does_not_go_by_mistake(feed):
    feed(hashes(30))
    with pytest.raises(Refused, match="30 of the 30"):
        feed([], exclusive=True)
    assert feed.calls(DELETE) == 0
    assert feed([], exclusive=True, max_removals=30)["changed"] and feed.calls(DELETE) == 1


def test_an_empty_file_does_not_give_a_set_up_by_mistake(feed, tmp_path):
    feed(hashes(3))
    (tmp_path / "feed.csv").write_text("value\n", encoding="utf-8")
    with pytest.raises(BadInput, match="holds no entry"):
        feed.keep(src=str(tmp_path / "feed.csv"), exclusive=True)
    assert feed.calls(DELETE) == 0
    assert feed.keep(src=str(tmp_path / "feed.csv"), exclusive=True, max_removals=3)["summary"]["removed"] == 3


@pytest.mark.parametrize("option", ["expires_in_days", "watch_hours"])
def test_a_time_beyond_the_calendar_is_refused(feed, option):
    with pytest.raises(BadInput, match=f"{option} is 99999999"):
        feed(hashes(1), **{option: 99_999_999})


def test_nobody_has_an_indicator_watched_for_ever_by_editing_its_mark(feed):
    feed(hashes(1), watch_hours=24)
    mark = "[owner:feed-x; watched from 9999-12-31T23:59:59Z]"
    work(feed.tenant, "indicator", app="commander", type="FileSha256", value=hashes(1)[0], action="Audit", title="Feed X", description=mark)
    feed(hashes(1), watch_hours=24)
    feed.later(26 * HOUR)
    feed(hashes(1), watch_hours=24)
    assert feed.there()[hashes(1)[0]]["action"] == "Block"


def test_nothing_is_removed_while_the_feed_is_not_understood(feed):
    feed(hashes(3))
    with pytest.raises(PartlyFailed) as failed:
        feed([*hashes(2), "no value at all"], exclusive=True)
    assert failed.value.details["summary"]["removed"] == 0 and f"{3:064x}" in feed.there()
    assert feed([*hashes(2), "no value at all"], exclusive=True, max_failures=1)["summary"]["removed"] == 1


def test_a_tenant_that_would_be_too_full_is_refused_and_removals_make_room(feed, monkeypatch):
    feed(hashes(3))
    monkeypatch.setattr(indicator_room.indicators, "MOST", 6)
    with pytest.raises(Refused, match="1 more than the 6"):
        feed(hashes(5))
    feed([*hashes(2), *hashes(1, first=50)], exclusive=True)
    order = [row["operation"] for row in feed.tenant.journal(service="defender") if row["operation"] in (IMPORT, DELETE)]
    assert order == [IMPORT, IMPORT, DELETE]
    feed([*hashes(2), *hashes(2, first=60)], exclusive=True)
    order = [row["operation"] for row in feed.tenant.journal(service="defender") if row["operation"] in (IMPORT, DELETE)]
    assert order[3:] == [DELETE, IMPORT]


def test_an_end_is_moved_on_only_when_it_comes_near(feed):
    feed(hashes(1), expires_in_days=30)
    first = feed.there()[hashes(1)[0]]["expirationTime"]
    feed.later(15 * DAY)
    assert not feed(hashes(1), expires_in_days=30)["changed"]
    feed.later(10 * DAY)
    assert feed(hashes(1), expires_in_days=30)["changed"]
    assert feed.there()[hashes(1)[0]]["expirationTime"] > first


def test_new_ones_are_watched_before_they_block(feed):
    value = hashes(1)[0]
    assert feed([value], watch_hours=24)["indicators"][0]["reason"].endswith("then Block")
    assert (feed.there()[value]["action"], feed.there()[value]["generateAlert"]) == ("Audit", True)
    feed.later(20 * HOUR)
    waiting = feed([value], watch_hours=24)
    assert not waiting["changed"] and waiting["summary"]["waiting"] == 1
    feed.later(6 * HOUR)
    assert feed([value], watch_hours=24)["changed"]
    assert feed.there()[value]["action"] == "Block" and feed.there()[value]["description"] == "[owner:feed-x]"
    assert not feed([value], watch_hours=24)["changed"]


def test_removing_needs_the_larger_role_before_anything_is_sent(feed):
    with pytest.raises(RoleMissing):
        feed.keep(app="reader", indicators=[], exclusive=True)


def test_an_app_that_sees_only_its_own_is_told_what_it_does_not_know(tenant):
    options = {"owner": "feed-x", "action": "Block", "title": "Feed X", "values": [ANALYSTS]}
    ended = run("indicators", {**connection(tenant, "feed"), **options})
    assert "sees its own indicators alone" in str(ended.result["warnings"])
    assert "made by someone else" in ended.result["msg"] and ended.result["summary"]["failed"] == 1


def test_a_file_of_entries_is_read_and_a_bad_row_named(feed, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("value,type,severity,groups\n203.0.113.5,,High,a;b\nhxxp://evil[.]example/A,,,\n0.0.0.0/8,IpAddress,,\n1,2\n", encoding="utf-8")
    with pytest.raises(PartlyFailed, match=r"feed.csv line 4.*feed.csv line 5: it has 2 cells") as failed:
        feed.keep(src=str(path))
    assert failed.value.details["summary"]["created"] == 2
    assert feed.there()["203.0.113.5"]["rbacGroupNames"] == ["a", "b"]
    path.write_text("value,colour\n203.0.113.5,red\n", encoding="utf-8")
    with pytest.raises(BadInput, match="'colour'"):
        feed.keep(src=str(path))


def test_a_stix_bundle_brings_titles_severities_and_ends(feed, tmp_path):
    thing = {"type": "indicator", "id": "indicator--1", "name": "C2", "confidence": 90, "valid_until": "2099-01-01T00:00:00Z", "pattern_type": "stix"}
    things = [
        {**thing, "pattern": "[ipv4-addr:value = '203.0.113.9' OR domain-name:value = 'evil.example']"},
        {**thing, "id": "indicator--2", "revoked": True, "pattern": "[ipv4-addr:value = '203.0.113.10']"},
        {**thing, "id": "indicator--3", "pattern": "[ipv4-addr:value != '203.0.113.10']"},
    ]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "objects": things}), encoding="utf-8")
    done = feed.keep(src=str(path), title=None)
    assert done["summary"] == {**done["summary"], "created": 2, "skipped": 2}
    row = feed.there()["evil.example"]
    assert (row["title"], row["severity"], row["expirationTime"]) == ("C2", "High", "2099-01-01T00:00:00Z")
    assert row["description"] == "(indicator--1) [owner:feed-x]"


def test_plain_values_are_of_the_type_that_the_task_says(feed):
    assert feed.keep(values=["a" * 40, "b" * 40], type="FileSha1")["summary"]["created"] == 2
    assert {row["indicatorType"] for value, row in feed.there().items() if len(value) == 40} == {"FileSha1"}
