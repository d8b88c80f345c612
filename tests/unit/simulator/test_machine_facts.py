# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a machine are of their types, fit together, and are the same in every run."""

from __future__ import annotations

import pytest
from simulator.contract import endpoints, types
from simulator.worlds.records import machine_id
from unit.simulator.tenant import Tenant
from unit.simulator.typed import wrong

FACTS = ("list_logon_users", "list_software", "list_vulnerabilities", "list_recommendations", "list_missing_kbs")
SPARSE = {"accountSid", "mostPrevalentMachineId", "leastPrevalentMachineId", "logOnMachinesCount"}
"""Not in the sample of get-machine-log-on-users.md."""

each_fact = pytest.mark.parametrize("fact", [f"machine.{name}" for name in FACTS])


def facts(tenant: Tenant, fact: str, key: str = "fin-07") -> list[dict]:
    return tenant.list(f"machine.{fact.removeprefix('machine.')}", id=machine_id(key))


@each_fact
def test_facts_are_of_their_type(attacked, fact):
    type_ = endpoints()[fact]["returns"]
    rows = [row for machine in attacked.world.machines for row in attacked.list(fact, id=machine["id"])]
    assert rows
    absent = dict.fromkeys(SPARSE & set(types()[type_]["fields"])) if type_ == "User" else {}
    assert [fault for row in rows for fault in wrong({**absent, **row}, type_)] == []
    if type_ == "User":
        assert not SPARSE.intersection(*rows)


@each_fact
def test_facts_are_the_same_in_every_run(fact):
    first, second = (facts(Tenant("under_attack"), fact) for _run in range(2))
    assert first == second


@each_fact
def test_facts_of_machines_of_a_large_world_differ(fact):
    tenant = Tenant("large:400")
    ids = [row["id"] for row in tenant.world.machines]
    sizes = {len(tenant.list(fact, id=one)) for one in ids[:40]}
    assert len(sizes) > 1 or fact == "machine.list_logon_users"
    assert all(row["exposedMachines"] <= 400 for row in tenant.list("machine.list_vulnerabilities", id=ids[0]))


@each_fact
def test_unknown_machine_is_not_found(quiet, fact):
    assert quiet.refused(fact, id="nobody") == (404, "ResourceNotFound")


@each_fact
def test_nothing_is_known_of_an_unmanaged_machine(attacked, fact):
    assert facts(attacked, fact, "printer-2f") == []


@each_fact
def test_facts_cannot_be_filtered(quiet, fact):
    assert quiet.refused(fact, id="sales-01.contoso.com", query={"$filter": "id eq 'x'"}) == (400, "ODataError")


def test_weaknesses_advice_and_updates_follow_from_the_software(attacked):
    software = {row["id"]: row for row in facts(attacked, "list_software")}
    weak = facts(attacked, "list_vulnerabilities")
    assert sum(row["weaknesses"] for row in software.values()) >= len(weak) > 0
    advised = {row["id"] for row in facts(attacked, "list_recommendations") if row["remediationType"] == "Update"}
    assert advised == {f"va-_-{id_}" for id_, row in software.items() if row["weaknesses"]}


def test_linux_misses_no_updates_of_windows(attacked):
    assert facts(attacked, "list_missing_kbs", "app-01") == []
    assert {row["id"] for row in facts(attacked, "list_software", "app-01")} >= {"canonical-_-ubuntu_linux", "openbsd-_-openssh"}


def test_users_that_alerts_have_seen_have_logged_on(attacked):
    users = {row["accountName"]: row for row in facts(attacked, "list_logon_users", "hr-03")}
    assert users["svc-backup"]["isOnlyNetworkUser"] and len(users) == 2
