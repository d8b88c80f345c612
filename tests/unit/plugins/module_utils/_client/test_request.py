# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values become a path, a query and a body, or are refused before anything is sent."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import library, machine_actions, machines, response_actions
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.request import Upload, build
from ansible_collections.secops.defender.plugins.module_utils._operation import WRITE, Field, Operation
from hypothesis import given
from hypothesis import strategies as st

TAG_MANY = Operation(
    id="test.tag_many",
    method="POST",
    path="/api/test",
    source="a test",
    roles=(),
    effect=WRITE,
    body_fields=(
        Field("tags", "Tags", type="list", required=True, choices=("red", "blue"), max_items=2),
        Field("times", "Times", type="int"),
        Field("password", "Password", secret=True, choices=("not-a-secret",)),
    ),
)
ISOLATION = {"machine_id": "a" * 40, "comment": "case 7", "isolation_type": "Full"}


def test_names_in_the_body_are_spelt_as_the_service_wants_them():
    request = build(response_actions.ISOLATE, ISOLATION)
    assert request.method == "POST"
    assert request.target == f"/api/machines/{'a' * 40}/isolate"
    assert request.body == {"Comment": "case 7", "IsolationType": "Full"}


def test_a_read_has_no_body():
    assert build(machines.GET, {"machine_id": "a"}).body is None


def test_what_is_not_given_is_not_sent():
    assert build(machines.FIND_BY_TAG, {"tag": "x", "starts_with": None}).query == {"tag": "x"}


def test_a_filter_survives_the_address():
    where = "computerDnsName eq 'o''brien & söhne+1' and riskScore ne 'a#b'"
    request = build(machines.LIST, {}, {"$filter": where})
    assert request.target.startswith("/api/machines?$filter=")
    assert parse_qs(urlsplit(request.target).query)["$filter"] == [where]
    assert "+" not in request.target, "a blank is %20 in OData"


def test_a_boolean_is_spelt_in_small_letters():
    assert build(machines.FIND_BY_TAG, {"tag": "x", "starts_with": True}).target == "/api/machines/findbytag?tag=x&useStartsWithFilter=true"


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-25T03:00:00Z",
        "2026-11-25T04:00:00.1234567+01:00",
        datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.timezone.utc),
    ],
)
def test_a_moment_stands_bare_and_in_utc(moment):
    request = build(machines.FIND_BY_IP, {"ip": "10.1.2.3", "timestamp": moment})
    assert unquote(request.path) == "/api/machines/findbyip(ip='10.1.2.3',timestamp=2026-11-25T03:00:00Z)"


def test_a_quote_cannot_end_a_literal_in_the_path():
    request = build(machines.FIND_BY_IP, {"ip": "1',timestamp=0)", "timestamp": "2026-11-25T03:00:00Z"})
    assert unquote(request.path).startswith("/api/machines/findbyip(ip='1'',timestamp=0)',")


@pytest.mark.parametrize("machine_id", ["..", ".", "a/b", "a\\b", "a\nb", "a\x00"])
def test_a_value_cannot_leave_its_place_in_the_path(machine_id):
    with pytest.raises(BadInput, match="cannot be part of an address"):
        build(machines.GET, {"machine_id": machine_id})


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_the_id_is_it_stays_one_piece_of_the_path_or_is_refused(machine_id):
    try:
        request = build(machines.GET, {"machine_id": machine_id})
    except BadInput:
        return
    parts = urlsplit("https://localhost" + request.target)
    assert (parts.query, parts.fragment) == ("", "")
    assert [unquote(piece) for piece in parts.path.split("/")] == ["", "api", "machines", machine_id]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({**ISOLATION, "comment": None}, "comment is missing"),
        ({**ISOLATION, "comment": "  "}, "comment is empty"),
        ({**ISOLATION, "machine_id": None}, "machine_id is missing"),
        ({**ISOLATION, "machine_id": 7}, "machine_id is 7, which is not of type str"),
        ({**ISOLATION, "isolation_type": "full"}, "isolation_type is 'full'"),
    ],
)
def test_a_value_that_does_not_fit_is_named(values, says):
    with pytest.raises(BadInput) as refused:
        build(response_actions.ISOLATE, values)
    assert says in refused.value.msg


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"tags": []}, "tags is empty"),
        ({"tags": "red"}, "tags is 'red', which is not of type list"),
        ({"tags": ["red", "green"]}, "tags is 'green'"),
        ({"tags": ["red", "blue", "red"]}, "tags holds 3 items, and a call takes at most 2"),
        ({"tags": ["red"], "times": True}, "times is True, which is not of type int"),
        ({"tags": ["red"], "password": "hunter"}, "password is a secret text"),
    ],
)
def test_lists_numbers_and_secrets_are_checked(values, says):
    with pytest.raises(BadInput) as refused:
        build(TAG_MANY, values)
    assert refused.value.msg == says


def test_the_choices_are_told():
    with pytest.raises(BadInput) as refused:
        build(response_actions.ISOLATE, {**ISOLATION, "isolation_type": "Half"})
    assert refused.value.hint == "Choose one of: Full, Selective, UnManagedDevice"


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-25", 7, "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(moment):
    with pytest.raises(BadInput, match="timestamp is"):
        build(machines.FIND_BY_IP, {"ip": "10.1.2.3", "timestamp": moment})


def test_a_name_that_the_operation_does_not_know_is_our_mistake():
    with pytest.raises(TypeError, match="machine_action.get takes no machine_id"):
        build(machine_actions.GET, {"machine_id": "a"})


def test_a_body_is_not_shown():
    assert "case 7" not in repr(build(response_actions.ISOLATE, ISOLATION))


SCRIPT = Upload("triage.ps1", b"not-a-secret\r\n")


def test_a_form_has_a_part_for_each_field_that_is_given():
    request = build(library.UPLOAD, {"file": SCRIPT, "description": "hello", "override": True})
    parts = {"file": ("triage.ps1", b"not-a-secret\r\n"), "Description": (None, "hello"), "OverrideIfExists": (None, "true")}
    assert request.content == {"files": parts}
    assert "not-a-secret" not in repr(request) + repr(SCRIPT)


def test_objects_in_a_list_go_out_as_they_are():
    commands = [{"type": "GetFile", "params": [{"key": "Path", "value": "C:\\x"}]}]
    request = build(response_actions.RUN_LIVE_RESPONSE, {"machine_id": "a", "commands": commands, "comment": "case 7"})
    assert request.content == {"json": {"Commands": commands, "Comment": "case 7"}}


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (None, "file is missing"),
        ("triage.ps1", "file is not of type file"),
        (Upload("", b""), "is not a name"),
        (Upload("..", b""), "is not a name"),
        (Upload("a/b.ps1", b""), "is not a name"),
        (Upload("a\nb", b""), "is not a name"),
        (Upload("a", b"x" * (20 * 1024 * 1024 + 1)), "file has 20971521 bytes, and a call takes at most 20971520"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(file, says):
    with pytest.raises(BadInput) as refused:
        build(library.UPLOAD, {"file": file})
    assert says in refused.value.msg
