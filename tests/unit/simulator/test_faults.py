# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each thing that can go wrong, as a client meets it."""

from __future__ import annotations

import time
import typing as t

import pytest
import requests
from simulator.handle import Handle

NO_ANSWER = requests.ConnectionError


def get(simulator: Handle, path: str, token: str) -> requests.Response:
    return simulator.session.get(f"{simulator.url}{path}", headers={"Authorization": f"Bearer {token}"})


def isolate(simulator: Handle, token: str) -> requests.Response:
    machine = get(simulator, "/api/machines", token).json()["value"][0]["id"]
    return simulator.session.post(
        f"{simulator.url}/api/machines/{machine}/isolate",
        json={"Comment": "drill", "IsolationType": "Full"},
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.fixture
def token(simulator: Handle) -> str:
    return simulator.token()


def test_status_with_retry_after(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "status", "status": 429, "retry_after": 7, "times": 1}])
    answer = get(simulator, "/api/machines", token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"]["code"] == "TooManyRequests"
    assert get(simulator, "/api/machines", token).ok


@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateways_answer_with_a_page(simulator: Handle, token: str, status: int) -> None:
    simulator.faults([{"kind": "status", "status": status}])
    answer = get(simulator, "/api/machines", token)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")


def test_status_with_a_code_or_body_of_ones_own(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "status", "status": 403, "code": "DisabledFeature"}])
    assert get(simulator, "/api/machines", token).json()["error"]["code"] == "DisabledFeature"
    simulator.faults([{"kind": "status", "status": 500, "body": {"Message": "other"}}])
    assert get(simulator, "/api/machines", token).json() == {"Message": "other"}


def test_nothing_takes_effect_when_a_status_stands_in(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "status", "match": {"operation": "machine.isolate"}}])
    assert isolate(simulator, token).status_code == 500
    assert simulator.actions() == []


def test_login_host_refuses_by_number(simulator: Handle) -> None:
    simulator.faults([{"kind": "status", "match": {"service": "entra"}, "code": "AADSTS53003"}])
    url = f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    answer = simulator.session.post(url, data={})
    assert answer.status_code == 400
    assert (answer.json()["error"], answer.json()["error_codes"]) == ("access_denied", [53003])


def test_login_host_refuses_by_status(simulator: Handle) -> None:
    simulator.faults([{"kind": "status", "match": {"service": "entra"}, "status": 429, "retry_after": 3}])
    answer = simulator.session.post(f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token", data={})
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["error_codes"]) == (429, "3", [90055])


def test_dropped_before_it_takes_effect(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "drop", "match": {"operation": "machine.isolate"}}])
    with pytest.raises(NO_ANSWER):
        isolate(simulator, token)
    assert simulator.actions() == []
    assert simulator.journal(operation="machine.isolate")[0]["status"] is None


def test_dropped_after_it_took_effect(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "drop_after", "match": {"operation": "machine.isolate"}}])
    with pytest.raises(NO_ANSWER):
        isolate(simulator, token)
    assert len(simulator.actions()) == 1
    assert simulator.journal(operation="machine.isolate")[0]["fault"] == "drop_after"


def test_slow(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "slow", "seconds": 0.3}])
    began = time.monotonic()
    assert get(simulator, "/api/machines", token).ok
    assert time.monotonic() - began >= 0.3


def test_truncated(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "truncate"}])
    with pytest.raises((requests.exceptions.ChunkedEncodingError, NO_ANSWER)):
        get(simulator, "/api/machines", token)


def test_token_said_to_be_expired(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "expired_token", "times": 1, "match": {"service": "defender"}}])
    assert get(simulator, "/api/machines", token).status_code == 401
    assert get(simulator, "/api/machines", token).ok


def test_login_host_hands_out_an_expired_token(simulator: Handle) -> None:
    simulator.faults([{"kind": "expired_token", "match": {"service": "entra"}}])
    assert get(simulator, "/api/machines", simulator.token()).status_code == 401


def test_not_json(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "not_json"}])
    answer = get(simulator, "/api/machines", token)
    assert answer.ok
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_next_link_that_leads_elsewhere(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "lying_next_link"}])
    link = get(simulator, "/api/machines", token).json()["@odata.nextLink"]
    assert link.startswith("https://127.0.0.1:")
    assert simulator.url.startswith("https://localhost:")


def test_next_link_that_leads_in_a_circle(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "looping_next_link"}])
    path = "/api/machines?$filter=healthStatus eq 'Active'"
    first = get(simulator, path, token).json()
    again = simulator.session.get(first["@odata.nextLink"], headers={"Authorization": f"Bearer {token}"}).json()
    assert again == first


def test_rows_that_come_twice(simulator: Handle, token: str) -> None:
    simulator.faults([{"kind": "duplicate_rows"}])
    whole = get(simulator, "/api/machines", token).json()["value"]
    late = get(simulator, "/api/machines?$skip=4", token).json()["value"]
    assert [row["id"] for row in late] == [row["id"] for row in whole[1:]]


@pytest.mark.parametrize(
    ("when", "hit"),
    [
        ({"times": 2}, [1, 1, 0, 0, 0, 0]),
        ({"after": 2, "times": 1}, [0, 0, 1, 0, 0, 0]),
        ({"every": 3}, [0, 0, 1, 0, 0, 1]),
        ({"share": 0.0}, [0, 0, 0, 0, 0, 0]),
        ({"match": {"path": "alerts$"}}, [0, 0, 0, 0, 0, 0]),
        ({"match": {"method": "GET", "path": "^/api/mach"}}, [1, 1, 1, 1, 1, 1]),
    ],
)
def test_when_a_fault_hits(simulator: Handle, token: str, when: dict[str, t.Any], hit: list[int]) -> None:
    simulator.faults([{"kind": "status", **when}])
    answers = [get(simulator, "/api/machines", token).status_code for _call in hit]
    assert answers == [500 if one else 200 for one in hit]
    assert simulator.faults_seen()[0]["fired"] == sum(hit)


def test_share_is_the_same_in_every_run(simulator: Handle, token: str) -> None:
    runs = []
    for _run in range(2):
        simulator.faults([{"kind": "status", "share": 0.5}])
        runs.append([get(simulator, "/api/machines", token).status_code for _call in range(12)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "sabotage"},
        {"kind": "drop", "time": 1},
        {"kind": "drop", "times": "1"},
        {"kind": "drop", "match": {"verb": "GET"}},
        {"kind": "drop", "match": {"path": "("}},
        {"kind": "status", "code": "AADSTS1"},
        {"kind": "drop", "every": 0},
    ],
)
def test_fault_that_is_not_understood(simulator: Handle, fault: dict[str, t.Any]) -> None:
    with pytest.raises(ValueError, match="problem"):
        simulator.faults([fault])
