# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer becomes an object, or the one error that it stands for."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation, machine_actions, machines, response_actions
from ansible_collections.secops.defender.plugins.module_utils._client import hints
from ansible_collections.secops.defender.plugins.module_utils._client.answers import Answer, failure, read, retry_after
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    AlreadyRunning,
    BadAnswer,
    NotFound,
    RoleMissing,
    ServiceError,
    Throttled,
    TokenExpired,
    TokenRejected,
)
from ansible_collections.secops.defender.plugins.module_utils._operation import NONE, WRITE, Operation
from requests.structures import CaseInsensitiveDict
from simulator import contract

NOW = 1_795_600_000.0
TARGET = "43f4cb08-8fac-4b65-9db1-745c2ae65f3a"


def answer(status: int, body=b"", **headers) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()}), content, "ours", NOW)


def an_error(status: int, code: str, message: str = "", **headers) -> Answer:
    return answer(status, {"error": {"code": code, "message": message, "target": TARGET}}, **headers)


def fine() -> None:
    """The token shows nothing wrong."""


def expired() -> None:
    raise TokenExpired("The token expired")


def lacking() -> None:
    raise RoleMissing("The token lacks Machine.Isolate")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ActiveRequestAlreadyExists", AlreadyRunning),
        (400, "InvalidInput", ServiceError),
        (401, "Unauthorized", TokenRejected),
        (403, "Forbidden", ServiceError),
        (403, "DisabledFeature", ServiceError),
        (404, "ResourceNotFound", NotFound),
        (404, "NotFound", NotFound),
        (429, "TooManyRequests", Throttled),
        (429, "429", Throttled),
        (500, "InternalServerError", ServiceError),
        (503, "", ServiceError),
    ],
)
def test_each_answer_has_its_error(status, code, kind):
    error = failure(response_actions.ISOLATE, an_error(status, code), fine)
    assert error.__class__ is kind
    assert (error.status, error.code, error.request_id) == (status, code or None, TARGET)


def test_the_service_is_quoted_with_what_was_asked():
    error = failure(machines.GET, an_error(404, "ResourceNotFound", "Machine 123 was not found"), fine)
    assert error.msg == "The service answered machine.get with 404 ResourceNotFound: Machine 123 was not found"


def test_every_code_of_the_common_list_has_a_hint():
    known = {code for codes in contract.area("errors")["codes"].values() for code in codes}
    assert set(hints.HINTS) == known


ROWS = [
    (operation, row["status"], row["code"])
    for operation in every_operation()
    for row in contract.endpoints()[operation.id]["errors"]
]


@pytest.mark.parametrize(("operation", "status", "code"), ROWS, ids=lambda value: str(getattr(value, "id", value)))
def test_every_error_on_a_page_of_the_service_comes_with_a_hint(operation, status, code):
    error = failure(operation, an_error(status, code, "as the page says"), fine)
    assert error.hint and error.hint in error.sentence() and TARGET in error.sentence()
    assert f"{status} {code}: as the page says" in error.sentence()


def test_a_hint_of_an_operation_is_about_a_code_of_its_own():
    common = {code for codes in contract.area("errors")["codes"].values() for code in codes} | set(hints.GRAPH_HINTS)
    for operation in every_operation():
        of_its_own = {row["code"] for row in contract.endpoints()[operation.id]["errors"]}
        assert {code for code, _hint in operation.hints} <= common | of_its_own, operation.id
    early = failure(machine_actions.GET_PACKAGE_LINK, an_error(404, "ResourceNotFound"), fine)
    assert "has succeeded" in early.hint


def test_an_error_that_nobody_knows_is_told_with_all_that_it_says():
    error = failure(response_actions.SCAN, an_error(418, "Teapot", "short and stout"), fine)
    assert error.sentence() == f"The service answered machine.run_antivirus_scan with 418 Teapot: short and stout. (request id {TARGET})"


def test_a_token_that_was_revoked_before_its_time_is_told_as_such():
    challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="eyJ9"'
    refused = failure(machines.GET, an_error(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge), fine)
    assert isinstance(refused, TokenRejected) and "continuous access evaluation" in refused.msg and "Conditional Access" in refused.hint
    assert failure(machines.GET, an_error(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge), expired).msg == "The token expired"


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(("judge", "kind"), [(expired, TokenExpired), (lacking, RoleMissing)])
def test_what_the_token_itself_shows_is_said_with_the_id_for_support(status, judge, kind):
    error = failure(response_actions.ISOLATE, an_error(status, "Forbidden"), judge)
    assert error.__class__ is kind
    assert (error.status, error.request_id) == (status, TARGET)


@pytest.mark.parametrize("code", ["DisabledFeature", "DisallowedOperation"])
def test_a_switched_off_feature_is_not_blamed_on_a_role(code):
    error = failure(response_actions.ISOLATE, an_error(403, code), lacking)
    assert error.__class__ is ServiceError and error.hint == hints.HINTS[code]


def test_a_404_without_the_words_of_the_service_is_a_wrong_address():
    error = failure(machines.LIST, answer(404, b"<html>nothing here</html>"), fine)
    assert error.__class__ is ServiceError and "api_url" in error.hint


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[1]", b'{"error":"x"}', b'{"error":{"code":7}}', b"[" * 100_000])
def test_an_error_in_any_form_is_still_an_error(body):
    error = failure(machines.GET, answer(502, body), fine)
    assert (type(error), error.status, error.code) == (ServiceError, 502, None)


def test_the_request_id_comes_from_the_headers_when_the_body_has_none():
    assert failure(machines.GET, answer(502, request_id="theirs"), fine).request_id == "theirs"
    assert failure(machines.GET, answer(502), fine).request_id == "ours"


def test_hostile_text_cannot_steer_a_terminal_or_fill_the_log():
    error = failure(machines.GET, an_error(400, "InvalidInput", "\x1b[2J\n" + "x" * 10_000), fine)
    assert "\x1b" not in error.msg and "\n" not in error.msg and len(error.msg) < 700


def test_a_good_answer_is_handed_on():
    assert read(machines.GET, answer(200, {"id": "a"})) == {"id": "a"}


def test_an_operation_without_a_reply_gives_an_empty_object():
    nothing = Operation(id="test.delete", method="DELETE", path="/api/x", source="a test", roles=(), effect=WRITE, reply=NONE, success=(204,))
    assert read(nothing, answer(204)) == {}


@pytest.mark.parametrize("body", [b"", b"<html>log in</html>", b"[]", b"7", b'{"id": "a'])
def test_what_is_no_object_is_not_taken_for_one(body):
    with pytest.raises(BadAnswer) as refused:
        read(machines.GET, answer(200, body, content_type="text/html", request_id="theirs"))
    assert refused.value.request_id == "theirs" and "api_url" in refused.value.hint


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("Wed, 25 Nov 2026 09:47:20 GMT", 40),
        ("Wed, 25 Nov 2020 09:47:20 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("9" * 400, 999_999_999),
    ],
)
def test_a_wish_to_wait_is_read_as_seconds_or_as_a_date(value, seconds):
    assert retry_after(CaseInsensitiveDict({"Retry-After": value}), NOW) == seconds


def test_the_wish_goes_with_the_error():
    assert failure(machines.GET, an_error(429, "TooManyRequests", retry_after="17"), fine).details == {"retry_after": 17}
