# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library holds the file as described, and a file that is the same is not sent again."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, RoleMissing, ServiceError
from ansible_collections.secops.defender.plugins.module_utils._module.library import MOST_BYTES
from unit.plugins.modules.playing import connection, run, work

SCRIPT = "Get-Process | Sort-Object CPU\n"


def keep(tenant, **options):
    return work(tenant, "library_file", app="commander", **options)


def writes(tenant) -> list[dict]:
    return [row for row in tenant.journal(service="defender") if row["method"] != "GET"]


def in_library(tenant) -> dict[str, dict]:
    return {row["fileName"]: row for row in tenant.library()}


def test_a_new_file_is_uploaded_and_the_same_is_not_sent_again(tenant):
    result = keep(tenant, name="cpu.ps1", content=SCRIPT, description="Who is busy")
    assert result["changed"] and result["library_file"]["sha256"] == hashlib.sha256(SCRIPT.encode()).hexdigest()
    assert in_library(tenant)["cpu.ps1"]["description"] == "Who is busy"
    again = keep(tenant, name="cpu.ps1", content=SCRIPT, description=" Who is busy ")
    assert not again["changed"] and len(writes(tenant)) == 1


def test_a_file_is_read_from_disk_and_keeps_its_name(tenant, tmp_path):
    path = tmp_path / "note.bin"
    path.write_bytes(bytes(range(256)))
    assert keep(tenant, src=str(path))["library_file"]["fileName"] == "note.bin"
    assert not keep(tenant, name="note.bin", src=str(path))["changed"]


def test_other_content_replaces_the_file_and_keeps_what_is_said_of_it(tenant):
    result = keep(tenant, name="triage.ps1", content=SCRIPT)
    assert result["drift"] == ["sha256"]
    assert (result["library_file"]["parametersDescription"], result["library_file"]["hasParameters"]) == ("Name of the file", True)


def test_a_description_alone_is_changed_too(tenant):
    keep(tenant, name="cpu.ps1", content=SCRIPT)
    assert keep(tenant, name="cpu.ps1", content=SCRIPT, parameters_description="A number")["drift"] == ["hasParameters", "parametersDescription"]
    assert keep(tenant, name="cpu.ps1", content=SCRIPT, parameters_description="")["changed"]
    assert not keep(tenant, name="cpu.ps1", content=SCRIPT, parameters_description="")["changed"]


def test_a_file_is_taken_away_once(tenant):
    assert keep(tenant, name="autoruns.ps1", state="absent")["changed"]
    assert "autoruns.ps1" not in in_library(tenant)
    assert not keep(tenant, name="autoruns.ps1", state="absent")["changed"]


@pytest.mark.parametrize(
    "options",
    [{"name": "cpu.ps1", "content": SCRIPT}, {"name": "triage.ps1", "content": SCRIPT, "description": "x"}, {"name": "triage.ps1", "state": "absent"}],
    ids=["new", "changed", "removed"],
)
def test_check_mode_tells_what_the_run_does(tenant, options):
    tenant.lock()
    foretold = work(tenant, "library_file", app="commander", dry=True, **options)
    tenant.lock(False)
    done = keep(tenant, **options)
    assert foretold["changed"] and (foretold["diff"], foretold["drift"]) == (done["diff"], done["drift"])
    assert "would be" in foretold["msg"] and "would be" not in done["msg"]


@pytest.mark.parametrize("name", ["../up.ps1", "a b.ps1", "übung.ps1", ".."])
def test_a_name_that_the_library_does_not_take_is_refused(tenant, name):
    with pytest.raises(BadInput, match="is not a name for a file of the library"):
        keep(tenant, name=name, content=SCRIPT)
    assert not tenant.journal(service="defender")


def test_a_file_that_is_too_large_or_missing_is_refused_before_anything_is_asked(tenant, tmp_path):
    large = tmp_path / "large.bin"
    with large.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    for src, said in ((str(large), "the library takes at most 20971520"), (str(tmp_path / "gone.ps1"), "cannot be read: No such file")):
        with pytest.raises(BadInput, match=said):
            keep(tenant, src=src)
    assert not tenant.journal(service="defender")


def test_without_the_role_nothing_is_asked(tenant):
    with pytest.raises(RoleMissing, match="Library.Manage"):
        work(tenant, "library_file", name="cpu.ps1", content=SCRIPT)
    assert not tenant.journal(service="defender")


def test_an_upload_whose_answer_is_lost_is_looked_up(tenant):
    tenant.faults([{"match": {"operation": "library_file.upload"}, "times": 1, "kind": "drop_after"}])
    assert keep(tenant, name="cpu.ps1", content=SCRIPT)["changed"]
    tenant.faults([{"match": {"operation": "library_file.delete"}, "times": 1, "kind": "drop_after"}])
    assert keep(tenant, name="cpu.ps1", state="absent")["changed"]
    assert len(writes(tenant)) == 2


def test_a_file_that_comes_out_otherwise_is_a_failure(tenant):
    other = {"fileName": "cpu.ps1", "sha256": "0" * 64, "hasParameters": False}
    tenant.faults([{"match": {"operation": "library_file.upload"}, "times": 1, "kind": "status", "status": 200, "body": other}])
    with pytest.raises(ServiceError, match="shows another sha256"):
        keep(tenant, name="cpu.ps1", content=SCRIPT)


def test_a_file_that_someone_else_took_away_meanwhile_is_no_failure(tenant):
    fault = {"match": {"operation": "library_file.delete"}, "times": 1, "kind": "status", "status": 404, "code": "ResourceNotFound"}
    tenant.faults([fault])
    assert not keep(tenant, name="triage.ps1", state="absent")["changed"]


def test_the_content_is_not_shown(tenant):
    text = "not a secret, but nobody's business in a log"
    ended = run("library_file", {**connection(tenant, "commander"), "name": "a.txt", "content": text})
    assert ended.result["changed"] and text not in ended.text
