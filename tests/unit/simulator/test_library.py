# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library takes, lists and gives up files as the service's pages say."""

from __future__ import annotations

import hashlib

import pytest
from simulator.forms import FormFile
from unit.simulator.tenant import APP_ID, Tenant

SCRIPT = b"Write-Output 'hello'\n"


def upload(tenant: Tenant, name: str = "hello.ps1", content: bytes = SCRIPT, **fields: object) -> dict:
    return tenant.ask("library_file.upload", body={"file": FormFile(name, content), **fields})


def refused(tenant: Tenant, name: str = "hello.ps1", content: bytes = SCRIPT, **fields: object) -> tuple[int, str]:
    return tenant.refused("library_file.upload", body={"file": FormFile(name, content), **fields})


def names(tenant: Tenant) -> list[str]:
    return [row["fileName"] for row in tenant.list("library_file.list")]


def test_worlds_begin_with_a_few_scripts(quiet):
    assert names(quiet) == ["autoruns.ps1", "triage.ps1", "triage.sh"]


def test_file_is_kept_with_its_hash(quiet):
    row = upload(quiet, Description="says hello", ParametersDescription="whom", HasParameters=True)
    assert row["sha256"] == hashlib.sha256(SCRIPT).hexdigest()
    assert (row["description"], row["hasParameters"], row["parametersDescription"], row["createdBy"]) == ("says hello", True, "whom", APP_ID)
    assert row in quiet.list("library_file.list")


def test_file_without_parameters_has_no_words_on_them(quiet):
    row = upload(quiet)
    assert row["hasParameters"] is False and "parametersDescription" not in row and row["description"] is None


def test_name_that_is_there_is_refused_unless_it_is_to_be_replaced(quiet):
    first = upload(quiet)
    quiet.wait(60)
    assert refused(quiet, content=b"other") == (400, "BadRequest")
    second = upload(quiet, content=b"other", OverrideIfExists=True)
    assert second["creationTime"] == first["creationTime"] == first["lastUpdatedTime"] < second["lastUpdatedTime"]
    assert names(quiet).count("hello.ps1") == 1


def test_file_of_20_megabytes_is_taken_and_not_a_byte_more(quiet):
    most = 20 * 1024 * 1024
    upload(quiet, content=b"x" * most)
    assert refused(quiet, "larger.bin", content=b"x" * (most + 1)) == (400, "BadRequest")


@pytest.mark.parametrize("name", ["", "../x.ps1", "a b.ps1", "x\n", "é.ps1", "a/b"])
def test_odd_names_are_refused(quiet, name):
    assert refused(quiet, name) == (400, "BadRequest")


def test_file_is_deleted_by_name(quiet):
    reply = quiet.reply("library_file.delete", fileName="triage.sh")
    assert (reply.status, reply.body) == (204, None)
    assert names(quiet) == ["autoruns.ps1", "triage.ps1"]
    assert quiet.refused("library_file.delete", fileName="triage.sh") == (404, "ResourceNotFound")
