# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any request goes the way of the others: judged before it is sent, repeated with care, and to no other host."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadAnswer,
    BadInput,
    Ended,
    NotFound,
    Refused,
    RoleMissing,
    ServiceError,
    Unreachable,
)
from ansible_collections.secops.defender.plugins.module_utils._module.secrets_in import hide
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

FIN_07 = machine_id("fin-07")
ISOLATE = {"method": "POST", "path": f"/api/machines/{FIN_07}/isolate", "body": {"Comment": "A drill", "IsolationType": "Full"}}
NEW_ALERT = "da638679130511223344_1364969609"


def ask(tenant, app: str = "commander", **options):
    return work(tenant, "api_request", app=app, **options)


def sent(tenant) -> list[tuple[str, str]]:
    return [(row["method"], row["path"]) for row in tenant.journal() if row["service"] != "entra"]


def test_what_is_known_is_said_and_shown_as_it_came(tenant):
    result = ask(tenant, path=f"/api/machines/{FIN_07}")
    assert result["operation"] == "machine.get" and result["status"] == 200 and not result["changed"]
    assert result["json"]["computerDnsName"] == "fin-07.contoso.com" and result["request_id"]


def test_all_pages_are_read(tenant):
    result = ask(tenant, path="/api/machines", query={"$top": 5}, paging=True)
    assert result["count"] == len({row["id"] for row in result["rows"]}) == 19 and result["complete"]
    assert len(sent(tenant)) == 4


def test_pages_go_on_from_where_the_task_says(tenant):
    every = [row["id"] for row in ask(tenant, path="/api/machines", paging=True)["rows"]]
    some = ask(tenant, path="/api/machines", query={"$skip": "7", "$top": "5"}, paging=True)["rows"]
    assert [row["id"] for row in some] == every[7:]


def test_a_query_is_encoded_and_a_limit_is_no_end(tenant):
    result = ask(tenant, path="/api/machines", query={"$filter": "computerDnsName eq 'fin-07.contoso.com'"}, paging=True)
    assert [row["id"] for row in result["rows"]] == [FIN_07]
    result = ask(tenant, path="/api/machines", query={"$top": "2"}, paging=True, limit=1)
    assert result["count"] == 1 and not result["complete"]


def test_rows_go_to_a_file_to_the_letter(tenant, tmp_path):
    result = ask(tenant, path="/api/machines", paging=True, dest=str(tmp_path / "machines.ndjson"))
    rows = [json.loads(line) for line in (tmp_path / "machines.ndjson").read_text().splitlines()]
    assert len(rows) == result["count"] and rows[0]["id"] and "rows" not in result
    with pytest.raises(BadInput, match="columns of this list are not known"):
        ask(tenant, path="/api/machines", paging=True, dest=str(tmp_path / "machines.csv"))


def test_in_check_mode_what_reads_is_sent_and_what_writes_is_not(tenant):
    tenant.lock()
    assert ask(tenant, dry=True, path="/api/machines", paging=True)["count"] > 0
    update = {"method": "PATCH", "path": f"/api/alerts/{NEW_ALERT}", "body": {"status": "InProgress"}, "unguarded": True}
    foretold = ask(tenant, dry=True, **update)
    assert foretold["changed"] and foretold["status"] is None
    assert tenant.violations() == []
    tenant.lock(False)
    assert ask(tenant, **update)["json"]["status"] == "InProgress"


@pytest.mark.parametrize("path", ["isolate", "ISOLATE", "isolate/", "%69solate", "/isolate", "%2569solate", "isolate%20"])
def test_what_a_guarded_module_does_is_refused_however_it_is_spelt(tenant, path):
    for root in ("/api/machines", "/api/v1.0/Machines"):
        with pytest.raises(Refused, match="machine_isolation"):
            ask(tenant, **{**ISOLATE, "path": f"{root}/{FIN_07}/{path}"})
    assert sent(tenant) == []


@pytest.mark.parametrize("path", ["/v1.0/$batch", "/beta/%24BATCH/"])
def test_a_batch_is_refused_as_nobody_looks_into_it(tenant, path):
    inner = {"id": "1", "method": "PATCH", "url": "/security/incidents/1126093", "body": {"status": "resolved"}}
    for effect in ("write", "read"):
        with pytest.raises(Refused, match="A batch may hold"):
            ask(tenant, service="graph", method="POST", path=path, body={"requests": [inner]}, effect=effect)
    assert sent(tenant) == []


def test_unguarded_it_is_sent_all_the_same(tenant):
    result = ask(tenant, **ISOLATE, unguarded=True)
    assert result["changed"] and result["json"]["type"] == "Isolate"
    assert tenant.machine(FIN_07)["actions_asked"] == {"Isolate": 1}


def test_what_is_known_to_write_is_never_taken_for_reading(tenant):
    with pytest.raises(BadInput, match="machine.isolate changes something"):
        ask(tenant, **ISOLATE, unguarded=True, effect="read")


def test_an_ended_operation_is_refused_with_its_date_and_what_to_do_instead(tenant):
    start = {"method": "POST", "path": f"/api/machines/{FIN_07}/startInvestigation", "body": {"Comment": "A drill"}}
    with pytest.raises(Ended, match="2026-09-01") as caught:
        ask(tenant, **start)
    assert "machine_scan with scan_type: full" in caught.value.sentence()
    assert sent(tenant) == []
    with pytest.raises(NotFound):
        ask(tenant, **start, past_end=True)


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/api/machines", "//elsewhere.example/api/machines", "/metadata/identity", "api/machines", "/api/../x", "/api/%2e%2e/x",
        "/api/a%2f..%2fx", "/api/machines?$top=1", "/api/machines#a", "/api/ma chines", "/api/machines\r\nHost: elsewhere.example", "/api/100%", "/v1.0/users",
        "/api/a/%252e%252e/x", "/api/machines%0d%0a", "/api/machines%2500",
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(tenant, path):
    with pytest.raises(BadInput, match="path is"):
        ask(tenant, path=path)
    assert sent(tenant) == []


def test_a_role_is_missed_before_anything_is_sent(tenant):
    with pytest.raises(RoleMissing, match="Machine.Isolate"):
        ask(tenant, app="reader", **ISOLATE, unguarded=True)
    with pytest.raises(RoleMissing, match="SecurityRecommendation.Read.All"):
        ask(tenant, app="reader", path="/api/recommendations", roles=["SecurityRecommendation.Read.All"])
    assert sent(tenant) == []


def test_what_is_not_known_is_sent_and_its_error_is_told(tenant):
    with pytest.raises(NotFound):
        ask(tenant, path="/api/nothing/of/the/kind")
    result = ask(tenant, path="/api/nothing/of/the/kind", status=[200, 404])
    assert (result["status"], result["json"]["error"]["code"], result["operation"]) == (404, "NotFound", None)


def test_a_write_whose_answer_was_lost_is_not_sent_again_and_a_read_is(tenant):
    lost = {"match": {"path": "/api/nothing"}, "kind": "drop_after", "times": 1}
    tenant.faults([lost])
    with pytest.raises(Unreachable):
        ask(tenant, method="POST", path="/api/nothing", body={})
    assert len(sent(tenant)) == 1
    tenant.faults([lost])
    with pytest.raises(NotFound):
        ask(tenant, method="POST", path="/api/nothing", body={}, effect="read")
    assert len(sent(tenant)) == 3


def test_a_write_that_was_throttled_is_sent_again(tenant):
    tenant.faults([{"match": {"path": "/api/nothing"}, "kind": "status", "status": 429, "retry_after": 1, "times": 1}])
    with pytest.raises(NotFound):
        ask(tenant, method="DELETE", path="/api/nothing")
    assert len(sent(tenant)) == 2


def test_a_write_that_was_not_taken_has_changed_nothing(tenant):
    assert not ask(tenant, method="DELETE", path="/api/nothing", status=[204, 404])["changed"]


def test_a_secret_link_is_refused_before_it_is_made(tenant):
    link = {"path": "/api/machineactions/00000000-0000-4000-8000-000000000000/getPackageUri"}
    with pytest.raises(Refused, match="a link that is a secret"):
        ask(tenant, **link)
    assert sent(tenant) == []
    with pytest.raises(NotFound):
        ask(tenant, **link, return_secrets=True)


def test_what_looks_like_a_secret_is_hidden_in_any_answer(tenant):
    body = {"value": "https://not-a-secret.blob.core.windows.net/a?sv=1&sig=not-a-secret", "nested": [{"secretText": "not-a-secret"}], "plain": "sig"}
    tenant.faults([{"match": {"path": "/api/exports"}, "kind": "status", "status": 200, "body": body}])
    result = ask(tenant, path="/api/exports")
    assert result["json"] == {"value": "********", "nested": [{"secretText": "********"}], "plain": "sig"}
    assert ask(tenant, path="/api/exports", return_secrets=True)["json"] == body


@pytest.mark.parametrize(
    "value",
    [
        "https://not-a-secret.blob.core.windows.net/a?sv=1&SIG=not-a-secret", "?sv=1&sig=not-a-secret", "Bearer eyJub3RhIjoxfQ.bm90LWEtc2VjcmV0.bm90LWE",
        "-----BEGIN RSA PRIVATE KEY-----\nnot a secret", "Endpoint=sb://a.example/;SharedAccessKey=not-a-secret", "AccountName=a;AccountKey=not-a-secret",
    ],
)
def test_a_secret_is_known_by_its_looks_whatever_its_field_is_called(value):
    found: set[str] = set()
    assert hide({"fact": [value, "a plain text"]}, found) == {"fact": ["********", "a plain text"]} and found == {"fact"}


def test_an_answer_that_is_no_json_is_told_apart(tenant):
    tenant.faults([{"match": {"path": "/api/report"}, "kind": "not_json"}])
    with pytest.raises(BadAnswer):
        ask(tenant, path="/api/report", method="POST", effect="write")


def test_graph_is_asked_with_the_token_for_graph(tenant):
    with pytest.raises(ServiceError, match="api_request with 400"):
        ask(tenant, service="graph", path="/v1.0/security/secureScores")
    assert {row["service"] for row in tenant.journal()} == {"entra", "graph"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"body": {"a": 1}}, "body is given with method GET"),
        ({"method": "POST", "body": "text"}, "neither a dictionary nor a list"),
        ({"method": "POST", "body": {"a": float("nan")}}, "Out of range float"),
        ({"method": "POST", "paging": True}, "paging is true with method POST"),
        ({"effect": "write", "paging": True}, "paging is true with method GET and effect write"),
        ({"limit": 1}, "are for lists"),
        ({"limit": 0, "paging": True}, "limit is 0"),
        ({"query": {"a": [1]}}, "query: a is a list"),
        ({"query": {"a\ud800": 1}}, "half a character"),
        ({"roles": [[]]}, "roles:"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tenant, options, words):
    with pytest.raises(BadInput, match=words):
        ask(tenant, path="/api/machines", **options)
    assert sent(tenant) == []
