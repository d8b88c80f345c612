# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library is listed whole or by name, and a name that is not there fails the task."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound
from unit.plugins.modules.playing import work


def read(tenant, **options):
    return work(tenant, "library_file_info", app="commander", **options)


def test_all_files_are_listed(tenant):
    result = read(tenant)
    assert [row["fileName"] for row in result["library_files"]] == ["autoruns.ps1", "triage.ps1", "triage.sh"]
    assert (result["count"], result["complete"]) == (3, True)


def test_files_come_in_the_order_in_which_they_were_asked_for(tenant):
    assert [row["fileName"] for row in read(tenant, name=["triage.sh", " autoruns.ps1 "])["library_files"]] == ["triage.sh", "autoruns.ps1"]
    assert len(tenant.journal(service="defender")) == 1


def test_a_file_that_is_not_there_fails_the_task_unless_it_may_be_missing(tenant):
    with pytest.raises(NotFound, match="no file is called nothing.ps1"):
        read(tenant, name=["triage.ps1", "nothing.ps1"])
    result = read(tenant, name=["triage.ps1", "nothing.ps1"], allow_missing=True)
    assert (result["count"], result["not_found"]) == (1, ["nothing.ps1"])


def test_an_empty_list_is_a_mistake(tenant):
    with pytest.raises(BadInput, match="name is empty"):
        read(tenant, name=[])
