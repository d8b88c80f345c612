# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name that is spelt wrong is answered with the one that was meant, and nothing is done to that one."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import NotFound, Refused
from unit.plugins.modules.playing import work

ISOLATE = {"state": "isolated", "comment": "A drill"}


@pytest.fixture
def tenant(running_simulator):
    running_simulator.load("under_attack")
    return running_simulator


def said(tenant, *machines: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        work(tenant, "machine_isolation", machines=list(machines), **ISOLATE)
    return [refusal["reason"] for refusal in caught.value.details["refused"]]


@pytest.mark.parametrize("word", ["fin-7", "FIN-007", "fin-07.contso.com", "fin_07"])
def test_the_name_that_is_near_is_told_and_not_acted_on(tenant, word):
    assert [reason.rpartition("; ")[2] for reason in said(tenant, word)] == ["did you mean fin-07.contoso.com?"]
    assert [row for row in tenant.journal(service="defender") if row["method"] != "GET"] == []


def test_all_are_looked_for_in_one_call(tenant):
    assert all("did you mean" in reason for reason in said(tenant, "fin-7", "hr-3x", "sales-5"))
    assert len(tenant.journal(operation="machine.list")) == 2


@pytest.mark.parametrize("word", ["fi", "printer-of-nobody", "10.9.9.9", "0" * 40])
def test_what_is_like_no_name_is_told_as_before(tenant, word):
    assert "did you mean" not in said(tenant, word)[0]


def test_when_the_names_cannot_be_read_nothing_is_told_of_it(tenant):
    tenant.faults([{"match": {"operation": "machine.list"}, "kind": "status", "status": 400, "code": "BadRequest", "after": 1}])
    assert said(tenant, "fin-7") == ["no machine is known as fin-7, or the token may not see it"]


def test_reading_tells_it_too(tenant):
    with pytest.raises(NotFound, match="no machine is called fin-7; did you mean fin-07.contoso.com"):
        work(tenant, "machine_info", name=["fin-7"])
