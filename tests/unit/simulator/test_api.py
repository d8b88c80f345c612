# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door of the API: who gets in, what is refused and how."""

from __future__ import annotations

import typing as t
import uuid

import pytest
import requests
from simulator.handle import Handle


class Caller:
    """One app with a token, calling the API."""

    def __init__(self, simulator: Handle, app: str = "responder", **token: str) -> None:
        self._simulator = simulator
        self.token = simulator.token(app, **token)

    def __call__(self, method: str, path: str, **rest: t.Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **rest.pop("headers", {})}
        return self._simulator.session.request(method, f"{self._simulator.url}{path}", headers=headers, **rest)


def expect(answer: requests.Response, status: int, code: str) -> str:
    """The error is that one, in the service's body; gives its message."""
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "target"}
    assert uuid.UUID(error["target"])
    return error["message"]


@pytest.fixture
def responder(simulator: Handle) -> Caller:
    return Caller(simulator)


def first_machine(call: Caller) -> str:
    return call("GET", "/api/machines").json()["value"][0]["id"]


def test_list_is_answered(responder: Caller) -> None:
    body = responder("GET", "/api/machines").json()
    assert len(body["value"]) == 5


def test_version_may_stand_in_the_path(responder: Caller) -> None:
    assert responder("GET", "/api/v1.0/machines").json()["value"] == responder("GET", "/api/machines").json()["value"]


def test_action_is_carried_out(simulator: Handle, responder: Caller) -> None:
    machine = first_machine(responder)
    body = {"Comment": "drill", "IsolationType": "Full"}
    assert responder("POST", f"/api/machines/{machine}/isolate", json=body).status_code == 201
    simulator.advance(60)
    assert simulator.machine(machine)["isolated"]
    assert [action["type"] for action in simulator.actions()] == ["Isolate"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic bm86bm8="}])
def test_no_token_no_entry(simulator: Handle, header: dict[str, str]) -> None:
    expect(simulator.session.get(f"{simulator.url}/api/machines", headers=header), 401, "Unauthorized")


def test_token_with_a_changed_claim_is_refused(responder: Caller) -> None:
    head, payload, signature = responder.token.split(".")
    responder.token = f"{head}.{payload[:-2]}AA.{signature}"
    expect(responder("GET", "/api/machines"), 401, "Unauthorized")


def test_token_expires_by_the_simulators_clock(simulator: Handle, responder: Caller) -> None:
    simulator.advance(3590)
    assert responder("GET", "/api/machines").ok
    simulator.advance(20)
    expect(responder("GET", "/api/machines"), 401, "Unauthorized")


def test_token_for_graph_is_refused(simulator: Handle) -> None:
    call = Caller(simulator, scope="https://graph.microsoft.com/.default")
    expect(call("GET", "/api/machines"), 401, "Unauthorized")


@pytest.mark.parametrize("closing", ["", "/"])
def test_audience_may_end_with_one_slash(simulator: Handle, closing: str) -> None:
    call = Caller(simulator, scope=f"https://api.securitycenter.microsoft.com{closing}/.default")
    assert call("GET", "/api/machines").ok


def test_token_for_xdr_has_no_role_here(simulator: Handle) -> None:
    call = Caller(simulator, scope="https://api.security.microsoft.com/.default")
    message = expect(call("GET", "/api/machines"), 403, "Forbidden")
    assert message == (
        "Missing application roles. API required roles: Machine.Read.All,Machine.ReadWrite.All, application roles: ."
    )


def test_missing_role_is_named_with_those_held(simulator: Handle) -> None:
    call = Caller(simulator, "reader")
    body = {"Comment": "drill", "IsolationType": "Full"}
    message = expect(call("POST", f"/api/machines/{first_machine(call)}/isolate", json=body), 403, "Forbidden")
    assert message == (
        "Missing application roles. API required roles: Machine.Isolate, "
        "application roles: Alert.Read.All,Machine.Read.All."
    )
    assert simulator.actions() == []


def test_unknown_path(responder: Caller) -> None:
    for path in ("/api/machine", "/api/machines/", "/api/v2.0/machines", "/api/machines/findbyip(ip=1)", "/api"):
        expect(responder("GET", path), 404, "NotFound")


def test_wrong_method(responder: Caller) -> None:
    answer = responder("DELETE", "/api/machines")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_values_of_the_path_are_unquoted(responder: Caller) -> None:
    assert "a/b" in expect(responder("GET", "/api/machines/a%2Fb"), 404, "ResourceNotFound")


def test_quotes_in_the_path_may_be_percent_encoded(responder: Caller) -> None:
    machine = responder("GET", "/api/machines").json()["value"][0]
    arguments = f"ip=%27{machine['lastIpAddress']}%27,timestamp={machine['lastSeen']}"
    found = responder("GET", f"/api/machines/findbyip({arguments})").json()["value"]
    assert [one["id"] for one in found] == [machine["id"]]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/machines?top=5", "BadRequest"),
        ("/api/machines?$select=id", "ODataError"),
        ("/api/machines?$top=1&$top=2", "ODataError"),
        ("/api/machines/x?$expand=alerts", "ODataError"),
        ("/api/machines/x?verbose=1", "BadRequest"),
        ("/api/machines/findbytag", "MissingRequiredParameter"),
        ("/api/machines/findbytag?tag=x&useStartsWithFilter=maybe", "BadRequest"),
    ],
)
def test_query_that_is_not_understood(responder: Caller, path: str, code: str) -> None:
    expect(responder("GET", path), 400, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"comment": "drill", "IsolationType": "Full"}, "InvalidRequestBody"),
        ({"Comment": "drill", "IsolationType": "Whole"}, "InvalidRequestBody"),
        ({"Comment": 5, "IsolationType": "Full"}, "InvalidRequestBody"),
        ({"Comment": "drill", "IsolationType": "Full", "Force": True}, "InvalidRequestBody"),
        (["Comment"], "InvalidRequestBody"),
        ({"IsolationType": "Full"}, "MissingRequiredParameter"),
        ({"Comment": "", "IsolationType": "Full"}, "MissingRequiredParameter"),
    ],
)
def test_body_that_is_not_understood(simulator: Handle, responder: Caller, body: t.Any, code: str) -> None:
    expect(responder("POST", f"/api/machines/{first_machine(responder)}/isolate", json=body), 400, code)
    assert simulator.actions() == []


def test_body_that_is_not_json(responder: Caller) -> None:
    path = f"/api/machines/{first_machine(responder)}/isolate"
    json = {"Content-Type": "application/json"}
    expect(responder("POST", path, data=b"{", headers=json), 400, "InvalidRequestBody")
    expect(responder("POST", path, data={"Comment": "drill"}), 415, "BadRequest")


def test_body_of_a_read_is_refused(responder: Caller) -> None:
    expect(responder("GET", "/api/machines", json={}), 400, "InvalidRequestBody")


def test_too_many_calls_in_a_minute(simulator: Handle, responder: Caller) -> None:
    answers = [responder("GET", "/api/machines/x").status_code for _call in range(100)]
    assert set(answers) == {404}
    refused = responder("GET", "/api/machines/x")
    expect(refused, 429, "TooManyRequests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert responder("GET", "/api/machines").ok, "each operation is counted for itself"
    simulator.advance(int(refused.headers["Retry-After"]))
    assert responder("GET", "/api/machines/x").status_code == 404


def test_rate_limits_can_be_off(simulator: Handle, responder: Caller) -> None:
    simulator.settings(rate_limits=False)
    assert {responder("GET", "/api/machines/x").status_code for _call in range(101)} == {404}


def test_nothing_is_written_while_locked(simulator: Handle, responder: Caller) -> None:
    simulator.lock()
    machine = first_machine(responder)
    path = f"/api/machines/{machine}/isolate"
    expect(responder("POST", path, json={"Comment": "drill", "IsolationType": "Full"}), 423, "DisallowedOperation")
    expect(responder("DELETE", "/api/investigations/1"), 423, "DisallowedOperation")
    assert simulator.actions() == []
    violations = simulator.lock(False)["violations"]
    assert [(one["operation"], one["path"]) for one in violations] == [("machine.isolate", path), (None, "/api/investigations/1")]
    assert responder("POST", path, json={"Comment": "drill", "IsolationType": "Full"}).ok
    simulator.load("empty")  # else this test would fail for what it tried


def test_journal_tells_what_was_asked(simulator: Handle, responder: Caller) -> None:
    machine = first_machine(responder)
    simulator.clear_journal()
    body = {"Comment": "drill", "IsolationType": "Full"}
    responder("POST", f"/api/machines/{machine}/isolate", json=body)
    responder("GET", "/api/machines?$top=2")
    written, read = simulator.journal()
    assert (written["operation"], written["status"], written["body"]) == ("machine.isolate", 201, body)
    assert (written["n"], written["service"]) == (1, "defender")
    assert written["app_id"] == simulator.apps["responder"]["client_id"]
    assert (read["operation"], read["method"], read["query"]) == ("machine.list", "GET", {"$top": "2"})
    assert responder.token not in str(simulator.journal())


@pytest.mark.parametrize(
    ("path", "changed", "code"),
    [
        ("indicators", {"indicatorValue": ""}, "InvalidInput"),
        ("indicators", {"expirationTime": "tomorrow"}, "InvalidRequestBody"),
        ("indicators", {"expirationTime": "2027-01-31"}, "InvalidRequestBody"),
        ("indicators/BatchDelete", None, "MaximumBatchSizeExceeded"),
    ],
)
def test_facts_of_an_indicator_are_of_their_kind(simulator: Handle, path: str, changed: dict[str, str] | None, code: str) -> None:
    good = {"indicatorValue": "evil.example", "indicatorType": "DomainName", "action": "Block", "title": "Tool", "description": "Drill"}
    body = {"IndicatorIds": []} if changed is None else {**good, **changed}
    expect(Caller(simulator, "commander")("POST", f"/api/{path}", json=body), 400, code)


@pytest.mark.parametrize("hours", ["721", "-1", "1.5", "many"])
def test_a_number_beyond_what_the_contract_knows_is_refused(simulator: Handle, hours: str) -> None:
    expect(Caller(simulator, "commander")("GET", f"/api/ips/203.0.113.77/stats?lookBackHours={hours}"), 400, "BadRequest")
