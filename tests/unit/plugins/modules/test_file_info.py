# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are told with how common they are and where they were seen, whichever hash names them."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer, BadInput, NotFound, RoleMissing
from simulator.worlds import records
from unit.plugins.modules.playing import work

DOCUMENT = records.sha1("invoice-8841.docm")


def ask(tenant, *hashes, **options):
    return work(tenant, "file_info", app="commander", hash=list(hashes), **options)


def test_a_file_is_told_with_its_prevalence(tenant):
    [entry] = ask(tenant, DOCUMENT)["files"]
    assert entry["profile"]["sha256"] == records.sha256("invoice-8841.docm")
    assert entry["statistics"]["topFileNames"] == ["invoice-8841.docm"]
    assert (entry["alerts"], entry["machines"]) == (None, None)


def test_either_hash_leads_to_the_machines(tenant):
    for name in (DOCUMENT, records.sha256("invoice-8841.docm").upper()):
        [entry] = ask(tenant, name, related=["machines", "alerts"])["files"]
        assert [machine["computerDnsName"] for machine in entry["machines"]] == ["fin-07.contoso.com"]
        assert len(entry["alerts"]) == 1


def test_a_file_nobody_knows_is_missed_or_listed(tenant):
    with pytest.raises(NotFound) as missed:
        ask(tenant, DOCUMENT, "0" * 40)
    assert missed.value.details["not_found"] == ["0" * 40]
    assert ask(tenant, DOCUMENT, "0" * 40, allow_missing=True)["count"] == 1


@pytest.mark.parametrize("name", ["", "cafe", "g" * 40, "0" * 32])
def test_what_is_no_hash_is_refused_before_anything_is_asked(tenant, name):
    with pytest.raises(BadInput, match="neither a SHA-1 nor a SHA-256"):
        ask(tenant, name)
    assert not tenant.journal(service="defender")


def test_the_role_is_missed_before_anything_is_sent(tenant):
    with pytest.raises(RoleMissing, match="File.Read.All"):
        work(tenant, "file_info", hash=[DOCUMENT])
    assert not tenant.journal(service="defender")


def test_a_file_whose_hash_is_not_told_is_no_answer(tenant):
    tenant.faults([{"match": {"operation": "file.get"}, "kind": "status", "status": 200, "body": {"sha256": "0" * 64}}])
    with pytest.raises(BadAnswer, match="sha1 is not there"):
        ask(tenant, DOCUMENT, related=["alerts"])
