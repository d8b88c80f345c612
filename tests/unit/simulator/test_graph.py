# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door of Microsoft Graph: who gets in, what is refused and how."""

from __future__ import annotations

import typing as t
import uuid

import pytest
import requests
from simulator.handle import Handle

ALERTS, INCIDENTS = "/v1.0/security/alerts_v2", "/v1.0/security/incidents"
COMMENT = "microsoft.graph.security.alertComment"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
OURS = "0a7b2f5e-0000-4000-8000-00000000c0de"


class Caller:
    """One app with a token for Graph, unless for another scope."""

    def __init__(self, simulator: Handle, app: str = "graph_only", scope: str = GRAPH_SCOPE) -> None:
        self._simulator = simulator
        self.token = simulator.token(app, scope)

    def __call__(self, method: str, path: str, **rest: t.Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "client-request-id": OURS, **rest.pop("headers", {})}
        return self._simulator.session.request(method, f"{self._simulator.url}{path}", headers=headers, **rest)


def expect(answer: requests.Response, status: int, code: str) -> str:
    """The error is that one, in Graph's body; gives its message."""
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "innerError"}
    inner = error["innerError"]
    assert set(inner) == {"date", "request-id", "client-request-id"}
    assert uuid.UUID(inner["request-id"]) and inner["request-id"] == answer.headers["request-id"]
    return error["message"]


@pytest.fixture
def graph(simulator: Handle) -> Caller:
    return Caller(simulator)


def test_the_id_that_the_caller_gave_comes_back(graph: Caller) -> None:
    refused = graph("GET", f"{ALERTS}/nothing")
    assert refused.json()["error"]["innerError"]["client-request-id"] == refused.headers["client-request-id"] == OURS
    assert graph("GET", ALERTS).headers["client-request-id"] == OURS


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic bm86bm8="}])
def test_no_token_no_entry(simulator: Handle, header: dict[str, str]) -> None:
    answer = simulator.session.get(f"{simulator.url}{ALERTS}", headers=header)
    expect(answer, 401, "InvalidAuthenticationToken")
    assert answer.headers["client-request-id"] == answer.headers["request-id"], "nobody gave one"


@pytest.mark.parametrize("scope", ["https://api.securitycenter.microsoft.com/.default", "https://api.security.microsoft.com/.default"])
def test_a_token_for_another_service_is_refused(simulator: Handle, scope: str) -> None:
    expect(Caller(simulator, "commander", scope)("GET", ALERTS), 401, "InvalidAuthenticationToken")


def test_a_token_expires_by_the_simulators_clock(simulator: Handle, graph: Caller) -> None:
    simulator.advance(3610)
    expect(graph("GET", ALERTS), 401, "InvalidAuthenticationToken")


def test_a_missing_role_is_named_with_those_held(simulator: Handle) -> None:
    call = Caller(simulator, "reader")
    message = expect(call("PATCH", f"{ALERTS}/x", json={"status": "resolved"}), 403, "Forbidden")
    assert message == (
        "Missing application roles. API required roles: SecurityAlert.ReadWrite.All, "
        "application roles: SecurityAlert.Read.All,SecurityIncident.Read.All."
    )


def test_roles_of_the_other_service_do_not_count(simulator: Handle) -> None:
    message = expect(Caller(simulator, "feed")("GET", ALERTS), 403, "Forbidden")
    assert message.endswith("application roles: .")
    answer = Caller(simulator, "graph_only", "https://api.securitycenter.microsoft.com/.default")("GET", "/api/alerts")
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/v1.0/security/alert", "/beta/security/alerts_v2", "/v1.0/security/alerts", "/v1.0/security"])
def test_what_is_not_there_is_a_bad_request(graph: Caller, path: str) -> None:
    assert path.rpartition("/")[2] in expect(graph("GET", path), 400, "BadRequest")


def test_an_unknown_id_is_not_found(graph: Caller) -> None:
    for path in (f"{ALERTS}/x", f"{INCIDENTS}/1", f"{INCIDENTS}/1/alerts", f"{INCIDENTS}/x"):
        expect(graph("GET", path), 404, "NotFound")


def test_a_wrong_method(graph: Caller) -> None:
    answer = graph("DELETE", ALERTS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "query",
    [
        "$select=id", "$orderby=createdDateTime desc", "$top=1001", "$skip=501", "$top=x", "$search=x", "$expand=evidence", "top=5",
        "$filter=investigationState eq 'running'", "$filter=incidentId eq '1'", "$filter=severity eq high", "$filter=severity eq 'huge'",
        "$filter=createdDateTime gt '2026-01-01T00:00:00Z'", "$filter=status eq", "$count=maybe",
    ],
)  # fmt: skip
def test_a_query_that_is_not_understood(graph: Caller, query: str) -> None:
    expect(graph("GET", f"{ALERTS}?{query}"), 400, "BadRequest")


@pytest.mark.parametrize("query", ["$top=51", "$select=id", "$orderby=createdDateTime", "$expand=comments", "$filter=displayName eq 'x'"])
def test_a_query_of_incidents_that_is_not_understood(graph: Caller, query: str) -> None:
    expect(graph("GET", f"{INCIDENTS}?{query}"), 400, "BadRequest")


@pytest.mark.parametrize(
    "body",
    [
        {"status": "New"}, {"status": "closed"}, {"Status": "new"}, {"comment": "x"}, {"classification": "TruePositive"}, {"determination": "compromisedUser"},
        {"assignedTo": 5}, {"customDetails": "x"}, ["status"],
    ],
)  # fmt: skip
def test_a_body_that_is_not_understood(simulator: Handle, graph: Caller, body: t.Any) -> None:
    id_ = graph("GET", ALERTS).json()["value"][0]["id"]
    expect(graph("PATCH", f"{ALERTS}/{id_}", json=body), 400, "BadRequest")


@pytest.mark.parametrize("reasons", ["sameActor", "sameActor,lateralMovementPath", "sameActor, eventCasualSequence"])
def test_reasons_may_be_several_in_one_text(graph: Caller, reasons: str) -> None:
    alert = graph("GET", ALERTS).json()["value"][0]
    body = {"alertIds": [alert["id"]], "newCorrelationReasons": reasons}
    assert graph("POST", f"{ALERTS}/moveAlerts", json=body).ok


@pytest.mark.parametrize("reasons", ["SameActor", "sameActor;sameAsset", "because", ""])
def test_reasons_that_are_not_known(graph: Caller, reasons: str) -> None:
    body = {"alertIds": ["x"], "newCorrelationReasons": reasons}
    expect(graph("POST", f"{ALERTS}/moveAlerts", json=body), 400, "BadRequest")


@pytest.mark.parametrize("body", [{"comment": "x"}, {"@odata.type": "#microsoft.graph.security.alertComment", "comment": "x"}, {"@odata.type": COMMENT}])
def test_a_comment_says_what_it_is(graph: Caller, body: dict[str, str]) -> None:
    expect(graph("POST", f"{ALERTS}/x/comments", json=body), 400, "BadRequest")


def test_too_many_calls_in_a_minute(simulator: Handle, graph: Caller) -> None:
    assert {graph("GET", ALERTS).status_code for _call in range(150)} == {200}
    refused = graph("GET", ALERTS)
    expect(refused, 429, "TooManyRequests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert graph("GET", INCIDENTS).ok, "each operation is counted for itself"


def test_nothing_is_written_while_locked(simulator: Handle, graph: Caller) -> None:
    id_ = graph("GET", ALERTS).json()["value"][0]["id"]
    simulator.lock()
    expect(graph("PATCH", f"{ALERTS}/{id_}", json={"status": "resolved"}), 423, "DisallowedOperation")
    violations = simulator.lock(False)["violations"]
    assert [one["operation"] for one in violations] == ["graph_alert.update"]
    simulator.load("empty")  # else this test would fail for what it tried


def test_the_journal_tells_what_was_asked(simulator: Handle, graph: Caller) -> None:
    simulator.clear_journal()
    graph("GET", f"{INCIDENTS}?$top=2")
    (row,) = simulator.journal(service="graph")
    assert (row["operation"], row["status"], row["query"]) == ("graph_incident.list", 200, {"$top": "2"})
    assert row["app_id"] == simulator.apps["graph_only"]["client_id"]
    assert graph.token not in str(simulator.journal())


@pytest.mark.parametrize(("status", "code"), [(400, "BadRequest"), (401, "InvalidAuthenticationToken"), (403, "Forbidden"), (500, "UnknownError")])
def test_a_fault_speaks_as_graph_does(simulator: Handle, graph: Caller, status: int, code: str) -> None:
    simulator.faults([{"kind": "status", "status": status, "times": 1, "match": {"service": "graph"}}])
    assert simulator.session.get(f"{simulator.url}/api/machines").status_code == 401, "it is another service"
    expect(graph("GET", ALERTS), status, code)
    assert graph("GET", ALERTS).ok


def test_a_fault_may_name_its_code(simulator: Handle, graph: Caller) -> None:
    fault = {"kind": "status", "status": 504, "code": "UnknownError", "retry_after": 7, "match": {"operation": "graph_alert.list"}}
    simulator.faults([fault])
    refused = graph("GET", ALERTS)
    expect(refused, 504, "UnknownError")
    assert refused.headers["Retry-After"] == "7"


def test_an_expired_token_can_be_had(simulator: Handle, graph: Caller) -> None:
    simulator.faults([{"kind": "expired_token", "match": {"service": "graph"}}])
    expect(graph("GET", ALERTS), 401, "InvalidAuthenticationToken")
