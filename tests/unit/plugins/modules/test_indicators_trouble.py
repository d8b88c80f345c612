# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever becomes of a call for many indicators, of each is said what became of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed
from ansible_collections.secops.defender.plugins.module_utils._response import indicator_wanted
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_plan import Step
from ansible_collections.secops.defender.plugins.module_utils._response.indicator_sending import Sender
from unit.plugins.modules.feeding import DELETE, IMPORT, Feed, hashes


@pytest.fixture
def feed(tenant):
    return Feed(tenant)


def test_what_the_service_refuses_is_reported_for_the_one(feed, monkeypatch):
    monkeypatch.setattr(indicator_wanted, "judge_value", lambda type_, value: None)
    with pytest.raises(PartlyFailed, match="the service refused it: 'no.dots.1' is not") as failed:
        feed([*hashes(3), {"value": "no.dots.1", "type": "IpAddress"}])
    assert failed.value.details["summary"] == {**failed.value.details["summary"], "created": 3, "failed": 1}


def test_a_call_that_is_refused_as_a_whole_is_halved(feed):
    feed.tenant.faults([{"match": {"operation": IMPORT}, "times": 3, "kind": "status", "status": 400, "code": "InvalidRequestBody"}])
    with pytest.raises(PartlyFailed) as failed:
        feed(hashes(4))
    counts = failed.value.details["summary"]
    assert (counts["created"], counts["failed"]) == (3, 1) and feed.calls(IMPORT) == 5


@pytest.mark.parametrize("kind", ["drop", "drop_after"])
def test_after_a_lost_answer_it_is_looked_before_it_is_repeated(feed, kind):
    feed.tenant.faults([{"match": {"operation": IMPORT}, "times": 1, "kind": kind}])
    assert feed(hashes(3))["summary"]["created"] == 3
    assert feed.calls(IMPORT) == (2 if kind == "drop" else 1)
    feed.tenant.faults([{"match": {"operation": DELETE}, "times": 1, "kind": kind}])
    assert feed([], exclusive=True)["summary"]["removed"] == 3 and len(feed.there()) == 2


def test_an_error_that_holds_for_all_stops_the_rest(feed):
    feed.tenant.faults([{"match": {"operation": IMPORT}, "kind": "status", "status": 429, "retry_after": 600}])
    with pytest.raises(PartlyFailed) as failed:
        feed(hashes(600))
    assert failed.value.details["summary"] == {**failed.value.details["summary"], "failed": 500, "not_sent": 100}
    assert "maybe for one of them" not in failed.value.msg


def test_what_an_answer_does_not_name_is_looked_up_and_said(feed):
    answer = {"value": [{"id": "1", "indicator": hashes(1)[0], "isFailed": False, "failureReason": None}]}
    feed.tenant.faults([{"match": {"operation": IMPORT}, "kind": "status", "status": 200, "body": answer}])
    with pytest.raises(PartlyFailed, match=r"indicators\[1\] \(0+2\): the answer of the service does not name it") as failed:
        feed(hashes(2))
    assert (failed.value.details["summary"]["created"], failed.value.details["summary"]["unknown"]) == (1, 1)
    assert feed.calls("indicator.list") == 4, "twice, each with a page that is empty as its end"


def test_an_own_that_someone_removed_meanwhile_does_not_stop_the_others(feed):
    feed(hashes(3))
    feed.tenant.faults([{"match": {"operation": DELETE}, "times": 1, "kind": "status", "status": 404, "code": "ResourceNotFound"}])
    assert feed([], exclusive=True)["summary"]["removed"] == 3


def test_a_value_that_the_service_spells_in_its_own_way_is_looked_up():
    record = {"indicatorType": "IpAddress", "indicatorValue": "2001:0db8:0000:0000:0000:0000:0000:0007", "action": "Block"}
    step = Step("IpAddress", record["indicatorValue"], "create", "the tenant did not have it", drift=record, record=record)
    answer = {"value": [{"id": "1", "indicator": "2001:db8::7", "isFailed": False, "failureReason": None}]}
    sender = Sender(SimpleNamespace(call=lambda *_asked, **_values: answer), lambda: {step.key: record})
    assert [one.word for one in sender.send([step], removals_first=False)] == ["done"]


@pytest.mark.parametrize("body", [{}, {"value": 5}, {"value": {"a": 1}}, {"value": [None, 5, {}, {"indicator": 5}]}, {"value": [{"isFailed": "no"}]}])
def test_an_odd_answer_to_an_import_leaves_it_unclear(feed, body):
    feed.tenant.faults([{"match": {"operation": IMPORT}, "kind": "status", "status": 200, "body": body}])
    with pytest.raises(PartlyFailed, match="does not name it") as failed:
        feed(hashes(1))
    assert failed.value.details["summary"]["unknown"] == 1
