# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as Ansible runs it: bad input, each with its own message and nothing sent, and the promised result."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.secops.defender.plugins.modules import machine_isolation
from unit.plugins.modules.playing import connection, run

GIVEN = {"state": "isolated", "machines": ["fin-07"], "comment": "Incident 1126093"}


def sent(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["method"] == "POST"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"client_secret": "not-a-secret-but-wrong"}, "the client secret is wrong (AADSTS7000215)"),
        ({"tenant_id": "5a1f0e4c-0000-4000-8000-00000000dead"}, "AADSTS90002"),
        ({"client_id": "c11e0000-0000-4000-8000-00000000dead"}, "AADSTS700016"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path"),
        ({"login_url": "https://localhost:9"}, "localhost"),
        ({"proxy": "http://127.0.0.1:9"}, "proxy"),
        ({"machines": ["no-such-machine"]}, "no machine is known as no-such-machine"),
        ({"machines": ["mkt-11"]}, "mkt-11 means 2 machines"),
        ({"machines": ["10.99.0.77"], "at": "2026-11-01T00:00:00Z"}, "no machine had the address 10.99.0.77"),
        ({"machines": ["10.99.0.77"], "at": "yesterday"}, "at: 'yesterday' is not a moment"),
        ({"machines": []}, "machines is empty"),
        ({"tag": "no-such-tag"}, "no machine is found by the tag no-such-tag"),
        ({"filter": "computerDnsName eq 'nobody-1'"}, "no machine is found by the filter"),
        ({"machines": ["dc-01"]}, "its value is High, which is protected"),
        ({"machines": ["fin-07", "hr-03"], "max_machines": 1}, "2 machines were found and max_machines is 1"),
        ({"machines": ["fin-07", "hr-03"], "confirm": 3}, "confirm says 3, but 2 machines were found"),
        ({"comment": ""}, "comment is empty"),
        ({"wait_timeout": 0}, "wait_timeout: 0"),
        ({"max_failures": -1}, "max_failures: -1"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_bad_input_has_its_own_message_and_nothing_is_sent(tenant, wrong, said):
    at = {"at": tenant_moment()} if "10.99.0.77" in wrong.get("machines", []) and wrong["at"].startswith("2026") else {}
    given = {name: value for name, value in GIVEN.items() if name != "machines" or not wrong.keys() & {"tag", "filter"}}
    ended = run("machine_isolation", {**connection(tenant), **given, **wrong, **at})
    assert ended.result["failed"]
    assert said in ended.result["msg"]
    assert not sent(tenant)


def tenant_moment() -> str:
    """An hour ago: within the 30 days in which addresses can be looked up."""
    import datetime

    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("app", "said"),
    [("reader", "Machine.Isolate"), ("nobody", "no application roles"), ("expired", "AADSTS7000222"), ("disabled", "AADSTS7000112")],
)
def test_identity_that_may_not_isolate_is_told_so_before_the_first_call(tenant, app, said):
    ended = run("machine_isolation", {**connection(tenant, app), **GIVEN})
    assert ended.result["failed"] and said in ended.result["msg"]
    assert not tenant.journal(service="defender")


def test_token_of_another_api_and_expired_token_are_told_apart(tenant):
    other = tenant.token(scope="https://api.security.microsoft.com/.default")
    wrong = run("machine_isolation", {**connection(tenant, None), **GIVEN, "access_token": other})
    assert wrong.result["error"]["kind"] == "WrongAudience"

    tenant.settings(token_lifetime=1)
    brief = tenant.token()
    late = run("machine_isolation", {**connection(tenant, None), **GIVEN, "access_token": brief}, first="import time; time.sleep(1.5)")
    assert late.result["error"]["kind"] == "TokenExpired"
    assert not tenant.journal(service="defender")


def test_result_holds_what_the_documentation_promises(tenant):
    tenant.settings(action_seconds=0.2)
    promised = set(yaml.safe_load(machine_isolation.RETURN))
    options = {**connection(tenant), **GIVEN, "poll_interval": 1}
    done = run("machine_isolation", options).result
    assert set(done) - {"invocation", "changed"} <= promised
    assert done["machines"][0]["outcome"] == "succeeded"
    described = yaml.safe_load(machine_isolation.RETURN)["machines"]["contains"]
    assert set(done["machines"][0]) == set(described)
    assert set(done["machines"][0]["before"]) == set(described["before"]["contains"])

    refused = run("machine_isolation", {**options, "machines": ["fin-07", "dc-01"]}).result
    assert set(refused) - {"invocation", "failed", "changed"} <= promised
    assert refused["refused"] and "plan" in refused


def test_check_mode_of_the_module_sends_nothing(tenant):
    tenant.lock()
    foretold = run("machine_isolation", {**connection(tenant), **GIVEN}, check_mode=True).result
    assert foretold["changed"] and foretold["machines"][0]["outcome"] == "planned"
    assert not tenant.violations()
