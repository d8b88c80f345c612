# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains are told with how common they are and where they were seen, and a list that may be cut off is called so."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from unit.plugins.modules.playing import work

DOMAIN = "invoices.contoso-billing.example"


def ask(tenant, *domains, **options):
    return work(tenant, "domain_info", app="commander", domain=list(domains), **options)


def test_a_domain_is_told_with_its_machines(tenant):
    result = ask(tenant, f"{DOMAIN.upper()}.", "example.com", related=["machines", "alerts"])
    seen, unseen = result["domains"]
    assert [machine["computerDnsName"] for machine in seen["machines"]] == ["fin-07.contoso.com"]
    assert seen["name"] == DOMAIN and len(seen["alerts"]) == 1 and unseen["machines"] == [] and result["complete"]


def test_a_list_as_long_as_it_can_be_is_not_called_complete(tenant):
    many = {"value": [{"id": f"{number:040x}"} for number in range(500)]}
    tenant.faults([{"match": {"operation": "domain.list_machines"}, "kind": "status", "status": 200, "body": many}])
    assert not ask(tenant, DOMAIN, related=["machines"])["complete"]


@pytest.mark.parametrize("word", ["", "https://example.com", "example.com/a", "a b.example", "com"])
def test_what_is_no_domain_is_refused_before_anything_is_asked(tenant, word):
    with pytest.raises(BadInput, match="is not a domain name"):
        ask(tenant, word)
    assert not tenant.journal(service="defender")
