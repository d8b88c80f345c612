# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is related to machines is read for a few of them, one call each, and what fails is told."""

from __future__ import annotations

import json

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from unit.plugins.modules.playing import work

ALL = ["users", "alerts", "software", "vulnerabilities", "recommendations", "missing_kbs"]


def read(tenant, app="commander", **options):
    return work(tenant, "machine_info", app=app, **options)


def asked(tenant) -> list[str]:
    return sorted(row["operation"] for row in tenant.journal(service="defender"))


def test_everything_about_a_machine_costs_one_call_each(tenant):
    machine = read(tenant, name=["fin-07"], related=ALL)["machines"][0]
    assert list(machine["related"]) == ALL
    assert {alert["machineId"] for alert in machine["related"]["alerts"]} == {machine["id"]}
    assert "lena" in {user["accountName"] for user in machine["related"]["users"]}
    assert len(asked(tenant)) == 1 + len(ALL)


def test_nothing_more_is_read_than_is_asked_for(tenant):
    result = read(tenant, name=["fin-07", "hr-03"], related=["software", "software"])
    assert [list(machine["related"]) for machine in result["machines"]] == [["software"]] * 2
    assert asked(tenant) == ["machine.list", "machine.list_software", "machine.list_software"]
    assert (result["complete"], result["related_failed"]) == (True, [])


def test_the_estate_is_refused_after_one_page(tenant):
    with pytest.raises(Refused, match="more than 3 machines"):
        read(tenant, related=["users"], related_max=3)
    assert asked(tenant) == ["machine.list"]
    assert read(tenant, related=["users"], related_max=3, limit=3)["count"] == 3


def test_the_role_of_each_kind_is_asked_for_before_the_first_call(tenant):
    with pytest.raises(RoleMissing, match="Vulnerability.Read.All"):
        read(tenant, app="reader", name=["fin-07"], related=["vulnerabilities"])
    assert not asked(tenant)
    assert read(tenant, app="reader", name=["fin-07"], related=["alerts"])["machines"][0]["related"]["alerts"]


def test_what_cannot_be_read_fails_the_task_with_all_that_could(tenant):
    fault = {"match": {"operation": "machine.list_software"}, "every": 1, "kind": "status", "status": 403, "code": "Forbidden"}
    tenant.faults([fault])
    with pytest.raises(PartlyFailed, match="1 of 2 lists could not be read; first the software of fin-07.contoso.com") as failed:
        read(tenant, name=["fin-07"], related=["users", "software"])
    assert failed.value.details["machines"][0]["related"]["users"]


def test_a_part_will_do_when_it_is_said_to(tenant):
    fault = {"match": {"operation": "machine.list_software"}, "every": 1, "kind": "status", "status": 404, "code": "ResourceNotFound"}
    tenant.faults([fault])
    result = read(tenant, name=["fin-07"], related=["users", "software"], allow_incomplete=True)
    assert result["machines"][0]["related"]["software"] is None
    assert not result["complete"]
    assert [(entry["name"], entry["kind"], entry["error"]["status"]) for entry in result["related_failed"]] == [("fin-07.contoso.com", "software", 404)]


def test_it_goes_to_disk_with_the_machine(tenant, tmp_path):
    read(tenant, name=["fin-07"], related=["missing_kbs"], dest=str(tmp_path / "one.ndjson"))
    assert json.loads((tmp_path / "one.ndjson").read_text(encoding="utf-8"))["related"]["missing_kbs"] is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"related": []}, "related is empty"), ({"related": ["users"], "related_max": 0}, "related_max: 0"), ({"related": ["users"], "dest": "a.csv"}, "a table")],
    ids=lambda value: "",
)
def test_what_does_not_go_together_is_refused(tenant, wrong, said):
    with pytest.raises(BadInput, match=said):
        read(tenant, **wrong)
    assert not asked(tenant)
