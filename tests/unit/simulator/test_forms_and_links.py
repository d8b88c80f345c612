# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Over the wire: files come in as forms, and go out behind links that need no sign-in."""

from __future__ import annotations

import io
import json
import typing as t
import zipfile
from urllib.parse import urlsplit

import pytest
import requests
from simulator.handle import Handle


class Caller:
    """The app that holds every role of the response actions."""

    def __init__(self, simulator: Handle, app: str = "commander") -> None:
        self.simulator = simulator
        self.headers = {"Authorization": f"Bearer {simulator.token(app)}"}

    def __call__(self, method: str, path: str, **rest: t.Any) -> requests.Response:
        return self.simulator.session.request(method, f"{self.simulator.url}/api/{path}", headers=self.headers, timeout=30, **rest)


@pytest.fixture
def commander(simulator: Handle) -> Caller:
    return Caller(simulator)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_file_is_uploaded_as_a_form(simulator, commander):
    binary = bytes(range(256)) + b"\r\n--not the boundary\r\n"
    answer = commander("POST", "libraryfiles", files={"file": ("tool.bin", binary)}, data={"Description": "a tool", "OverrideIfExists": "true"})
    assert answer.status_code == 200 and answer.json()["description"] == "a tool"
    assert commander("GET", "libraryfiles").json()["value"] == simulator.library()
    assert answer.json() in simulator.library()
    again = commander("POST", "libraryfiles", files={"File": ("tool.bin", binary)})
    assert code(again) == (400, "BadRequest"), "it is there already"
    assert commander("DELETE", "libraryfiles/tool.bin").status_code == 204
    assert len(simulator.library()) == 3


@pytest.mark.parametrize(
    "sent",
    [
        {"files": {"other": ("x.ps1", b"x")}},
        {"files": {"file": ("x.ps1", b"x")}, "data": {"Colour": "red"}},
        {"files": {"file": ("x.ps1", b"x")}, "data": {"OverrideIfExists": "perhaps"}},
        {"files": {"file": ("x.ps1", b"x"), "Description": ("y.txt", b"y")}},
    ],
)
def test_form_with_other_parts_is_refused(commander, sent):
    assert code(commander("POST", "libraryfiles", **sent)) == (400, "InvalidRequestBody")


def test_form_without_its_file_is_refused(commander):
    assert code(commander("POST", "libraryfiles", files={"Description": (None, "x")})) == (400, "MissingRequiredParameter")


def test_upload_is_not_taken_as_json(commander):
    assert code(commander("POST", "libraryfiles", json={"file": "x"})) == (415, "BadRequest")


def test_form_that_breaks_off_is_refused(commander):
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    commander.headers.update(headers)
    assert code(commander("POST", "libraryfiles", data=b'--b\r\nContent-Disposition: form-data; name="file"')) == (400, "InvalidRequestBody")


def package_link(commander: Caller) -> str:
    machine = commander("GET", "machines").json()["value"][0]["id"]
    action = commander("POST", f"machines/{machine}/collectInvestigationPackage", json={"Comment": "drill"}).json()
    commander.simulator.advance(10)
    return json.loads(commander("GET", f"machineactions/{action['id']}/getPackageUri").json()["value"])


def test_link_leads_to_the_file_without_a_sign_in(simulator, commander):
    link = package_link(commander)
    assert urlsplit(link).netloc != urlsplit(simulator.url).netloc, "storage is another host"
    answer = simulator.session.get(link, timeout=30)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None


def test_storage_refuses_the_token_of_the_api(simulator, commander):
    answer = simulator.session.get(package_link(commander), headers=commander.headers, timeout=30)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, "InvalidAuthenticationInfo")
    assert b"<Code>InvalidAuthenticationInfo</Code>" in answer.content


@pytest.mark.parametrize("part", ["sig", "se", "packages"])
def test_link_that_was_changed_leads_nowhere(simulator, commander, part):
    answer = simulator.session.get(package_link(commander).replace(part, "x" + part), timeout=30)
    assert answer.status_code == 403


def test_link_expires(simulator, commander):
    link = package_link(commander)
    simulator.advance(3600)
    assert simulator.session.get(link, timeout=30).status_code == 403


def test_nothing_is_written_through_a_link(simulator, commander):
    assert simulator.session.put(package_link(commander), data=b"x", timeout=30).status_code == 405


def test_journal_tells_of_the_download_and_not_the_signature(simulator, commander):
    link = package_link(commander)
    simulator.session.get(link, timeout=30)
    (row,) = simulator.journal(service="storage")
    assert (row["status"], row["query"]["sig"], row["operation"]) == (200, "(removed)", None)


def test_storage_has_faults_too(simulator, commander):
    link = package_link(commander)
    simulator.faults([{"kind": "status", "status": 503, "code": "ServerBusy", "match": {"service": "storage"}, "times": 1}])
    assert simulator.session.get(link, timeout=30).headers["x-ms-error-code"] == "ServerBusy"
    assert simulator.session.get(link, timeout=30).status_code == 200


def test_package_link_is_to_be_had_twice_a_minute(simulator, commander):
    machine = commander("GET", "machines").json()["value"][0]["id"]
    action = commander("POST", f"machines/{machine}/collectInvestigationPackage", json={"Comment": "drill"}).json()
    answers = [commander("GET", f"machineactions/{action['id']}/getPackageUri") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]


@pytest.mark.parametrize("body", [{"Commands": [], "Comment": "c"}, {"Comment": "c"}])
def test_session_without_commands_is_refused(commander, body):
    machine = commander("GET", "machines").json()["value"][0]["id"]
    assert code(commander("POST", f"machines/{machine}/runliveresponse", json=body)) == (400, "MissingRequiredParameter")


def test_offboarding_wants_a_comment(commander):
    machine = commander("GET", "machines").json()["value"][0]["id"]
    assert code(commander("POST", f"machines/{machine}/offboard", json={})) == (400, "MissingRequiredParameter")


def test_live_response_is_switched_off_by_a_setting(simulator, commander):
    simulator.settings(live_response=False)
    machine = commander("GET", "machines").json()["value"][0]["id"]
    commands = [{"type": "RunScript", "params": [{"key": "ScriptName", "value": "autoruns.ps1"}]}]
    answer = commander("POST", f"machines/{machine}/runliveresponse", json={"Commands": commands, "Comment": "c"})
    assert code(answer) == (403, "DisabledFeature")


def test_tags_are_texts(commander):
    machine = commander("GET", "machines").json()["value"][0]["id"]
    assert code(commander("PATCH", f"machines/{machine}", json={"machineTags": [{"a": 1}]})) == (400, "InvalidRequestBody")


def test_500_machines_are_scanned_and_collected_from(simulator, commander):
    simulator.load("large:500")
    simulator.settings(rate_limits=False)
    rows = commander("GET", "machines").json()["value"]
    for row in rows:
        for path, body in (("runAntiVirusScan", {"ScanType": "Full"}), ("collectInvestigationPackage", {})):
            assert commander("POST", f"machines/{row['id']}/{path}", json={"Comment": "sweep", **body}).status_code == 201
    simulator.advance(10)
    actions = commander("GET", "machineactions").json()["value"]
    assert [action["status"] for action in actions] == ["Succeeded"] * 1000
    found = commander("GET", "alerts").json()["value"][500:]
    assert {alert["threatName"] for alert in found} == {"Trojan:Win32/Updater.A"}
