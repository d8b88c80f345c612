# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several tenants behind one door know nothing of each other."""

from __future__ import annotations

import pytest

SCOPE = "https://api.securitycenter.microsoft.com/.default"
PATIENCE = 30


class Neighbour:
    """A tenant, asked by the app that may do everything."""

    def __init__(self, simulator, tenant_id):
        self.simulator, self.id = simulator, tenant_id

    def sign_in(self):
        app = self.simulator.apps["commander"]
        form = {"grant_type": "client_credentials", "scope": SCOPE, "client_id": app["client_id"], "client_secret": app["client_secret"]}
        return self.simulator.session.post(f"{self.simulator.url}/{self.id}/oauth2/v2.0/token", data=form, timeout=PATIENCE)

    def ask(self, method, path, **body):
        headers = {"Authorization": f"Bearer {self.sign_in().json()['access_token']}"}
        return self.simulator.session.request(method, f"{self.simulator.url}/api/{path}", json=body or None, headers=headers, timeout=PATIENCE)

    def isolated(self, machine_id):
        return self.simulator.machine(machine_id, self.id)["isolated"]


@pytest.fixture
def street(simulator):
    """Three tenants."""
    simulator.settings(action_seconds=0)
    return [Neighbour(simulator, tenant_id) for tenant_id in simulator.tenants(3)]


def machine_of(tenant):
    return tenant.ask("GET", "machines?$top=1").json()["value"][0]["id"]


def test_there_is_one_tenant_unless_more_are_asked_for(simulator):
    assert simulator.tenants(1) == [simulator.tenant_id]
    assert Neighbour(simulator, "5a1f0e4c-0000-4000-8001-000000000001").sign_in().json()["error_codes"] == [90002]


def test_what_is_done_in_one_is_not_done_in_another(street):
    machine_id = machine_of(street[0])
    assert street[1].ask("POST", f"machines/{machine_id}/isolate", Comment="a test", IsolationType="Full").status_code == 201
    assert [tenant.isolated(machine_id) for tenant in street] == [False, True, False]


def test_a_record_names_its_own_tenant(street):
    assert [tenant.ask("GET", "alerts?$top=1").json()["value"][0]["aadTenantId"] for tenant in street] == [tenant.id for tenant in street]


def test_a_rate_is_spent_by_one_alone(street):
    machine_id = machine_of(street[0])
    path = f"machines/{machine_id}/collectInvestigationPackage"
    statuses = [street[1].ask("POST", path, Comment="a test").status_code for _call in range(101)]
    assert statuses[-1] == 429
    assert street[2].ask("POST", path, Comment="a test").status_code == 201


def test_a_fault_may_hit_one_alone_and_the_journal_says_whom(street):
    street[0].simulator.faults([{"match": {"tenant": street[2].id, "service": "entra"}, "kind": "status", "status": 503}])
    assert [tenant.sign_in().status_code for tenant in street] == [200, 200, 503]
    assert [row["tenant"] for row in street[0].simulator.journal(service="entra")] == [tenant.id for tenant in street]


def test_a_file_is_found_by_the_link_of_its_own_tenant(street):
    street[0].simulator.settings(rate_limits=False)
    machine_id = machine_of(street[0])
    action = street[2].ask("POST", f"machines/{machine_id}/collectInvestigationPackage", Comment="a test").json()["id"]
    link = street[2].ask("GET", f"machineactions/{action}/getPackageUri").json()["value"].strip('"')
    assert street[0].simulator.session.get(link, timeout=PATIENCE).content[:2] == b"PK"
