# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators are taken, listed and given up as the service's pages say."""

from __future__ import annotations

import datetime as dt

import pytest
from simulator.clock import stamp
from unit.simulator.tenant import Tenant

HASH = "a" * 64


def indicator(**facts: object) -> dict:
    return {"indicatorValue": HASH, "indicatorType": "FileSha256", "action": "Block", "title": "Tool", "description": "Drill", **facts}


def submit(tenant: Tenant, **facts: object) -> dict:
    return tenant.ask("indicator.submit", body=indicator(**facts))


def numbered(count: int, first: int = 0) -> list[dict]:
    return [indicator(indicatorValue=f"{number:064x}") for number in range(first, first + count)]


def test_the_same_value_in_another_case_is_the_same_indicator(quiet):
    first = submit(quiet)
    second = submit(quiet, indicatorValue=HASH.upper(), severity="High")
    assert first["id"] == second["id"] and len(quiet.list("indicator.list")) == 1


def test_the_application_stays_as_it_was_made(quiet):
    submit(quiet, application="first")
    assert submit(quiet, application="second")["application"] == "first"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"indicatorValue": "abc"}, "InvalidHashValue"),
        ({"indicatorType": "IpAddress", "indicatorValue": "10.0.0.0/8"}, "InvalidIpAddress"),
        ({"indicatorType": "IpAddress", "indicatorValue": "2001:db8::1"}, "InvalidIpAddress"),
        ({"indicatorType": "DomainName", "indicatorValue": "*.evil.example"}, "InvalidDomainName"),
        ({"indicatorType": "Url", "indicatorValue": "evil.example"}, "InvalidUrl"),
        ({"indicatorType": "DomainName", "indicatorValue": "evil.example", "action": "BlockAndRemediate"}, "InvalidInput"),
        ({"action": "Audit"}, "InvalidInput"),
        ({"action": "Alert"}, "InvalidInput"),
        ({"title": " "}, "InvalidInput"),
        ({"educateUrl": "https://help.contoso.com"}, "InvalidInput"),
    ],
)
def test_what_is_not_legal_is_refused(quiet, facts, code):
    assert quiet.refused("indicator.submit", body=indicator(**facts)) == (400, code)


@pytest.mark.parametrize(
    "facts", [{"severity": "Worst"}, {"generateAlert": "yes"}, {"rbacGroupNames": "a,b"}, {"expirationTime": "tomorrow"}, {"indicatorValue": 5}, {"id": "1"}],
)
def test_an_import_with_a_fact_of_the_wrong_kind_is_refused_as_a_whole(quiet, facts):
    sent = [*numbered(1), indicator(**facts)]
    assert quiet.refused("indicator.import", body={"Indicators": sent}) == (400, "InvalidRequestBody")
    assert quiet.list("indicator.list") == []


def test_one_that_is_wrong_fails_alone(quiet):
    sent = [*numbered(3), indicator(indicatorValue="abc")]
    results = quiet.list("indicator.import", body={"Indicators": sent})
    assert [result["isFailed"] for result in results] == [False, False, False, True]
    assert results[3]["indicator"] == "abc" and "not a valid hash" in results[3]["failureReason"]


def test_a_call_takes_500(quiet):
    assert quiet.refused("indicator.import", body={"Indicators": numbered(501)}) == (400, "MaximumBatchSizeExceeded")
    assert quiet.refused("indicator.import", body={"Indicators": [{"IndicatorValue": "x"}]}) == (400, "InvalidRequestBody")


def test_a_tenant_takes_15000(quiet):
    for first in range(0, 15_000, 500):
        quiet.list("indicator.import", body={"Indicators": numbered(500, first)})
    assert quiet.refused("indicator.submit", body=indicator(indicatorValue=f"{15_000:064x}")) == (400, "InvalidInput")
    assert submit(quiet, indicatorValue=f"{14_999:064x}", severity="Low")["severity"] == "Low"


def test_an_indicator_is_gone_the_second_it_expires(quiet):
    submit(quiet, expirationTime=stamp(quiet.world.clock.now() + dt.timedelta(seconds=30)))
    quiet.wait(29)
    assert len(quiet.list("indicator.list")) == 1
    quiet.wait(2)
    assert quiet.list("indicator.list") == []


def test_the_smaller_role_reaches_only_what_the_app_made(quiet):
    first = submit(quiet)
    quiet.app.client_id, quiet.app.roles = "another", ("Ti.ReadWrite",)
    assert quiet.list("indicator.list") == []
    assert quiet.refused("indicator.delete", id=first["id"]) == (404, "ResourceNotFound")
    assert quiet.refused("indicator.submit", body=indicator()) == (403, "Forbidden")


def test_batch_delete_takes_all_or_none(quiet):
    quiet.list("indicator.import", body={"Indicators": numbered(3)})
    ids = [row["id"] for row in quiet.list("indicator.list")]
    assert quiet.refused("indicator.batch_delete", body={"IndicatorIds": [*ids, "1"]}) == (404, "ResourceNotFound")
    assert quiet.refused("indicator.batch_delete", body={"IndicatorIds": ["x"]}) == (400, "InvalidInput")
    assert quiet.refused("indicator.batch_delete", body={"IndicatorIds": ids * 200}) == (400, "MaximumBatchSizeExceeded")
    assert quiet.reply("indicator.batch_delete", body={"IndicatorIds": ids[:2]}).status == 204
    assert quiet.reply("indicator.delete", id=ids[2]).status == 204
    assert quiet.list("indicator.list") == []
