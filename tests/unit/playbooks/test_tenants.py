# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many tenants in one run: what goes wrong for one is no matter for the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rehearsal
from unit.playbooks.conftest import Rehearsal

ISOLATE = Path(__file__).parent / "files" / "isolate_in_tenants.yml"
NAMES = ("contoso", "fabrikam", "tailspin", "wingtip")


@pytest.fixture
def tenants(simulator, tmp_path):
    """Four tenants under attack, and their app, which has a secret of its own in the last."""
    simulator.load("under_attack")
    simulator.settings(action_seconds=1)
    variables = rehearsal.connection(simulator, tmp_path)
    del variables["defender_tenant_id"]
    secret = variables.pop("defender_client_secret")
    rehearsal.lock_away({}, tmp_path)
    hosts = {name: {"defender_tenant_id": id_, "defender_client_secret": secret} for name, id_ in zip(NAMES, simulator.tenants(len(NAMES)))}
    return Tenants(Rehearsal(simulator, tmp_path), {"tenants": {"vars": {**variables, "ansible_connection": "local"}, "hosts": hosts}})


class Tenants:
    def __init__(self, held, inventory):
        self.held, self.inventory = held, inventory
        self.hosts = inventory["tenants"]["hosts"]
        self.report = held.folder / "report.json"

    def play(self, playbook, *options, **variables):
        path = self.held.folder / "tenants.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(self.inventory), encoding="utf-8")
        return self.held.play(playbook, {"tenants_dest": str(self.report), **variables}, "-i", str(path), *options)

    def outcomes(self):
        return {row["host"]: (row["outcome"], row["reason"]) for row in json.loads(self.report.read_text(encoding="utf-8"))}

    def asked(self, name, **wanted):
        return self.held.tenant.journal(tenant=self.hosts[name]["defender_tenant_id"], **wanted)


def test_one_whose_secret_is_wrong_is_named_and_the_others_are_done(tenants):
    tenants.hosts["fabrikam"]["defender_client_secret"] = "not-a-secret-and-wrong"
    status, log = tenants.play("verify_tenants.yml")
    assert status == 2, log
    outcomes = tenants.outcomes()
    assert {name: outcome for name, (outcome, _reason) in outcomes.items()} == {"contoso": "done", "fabrikam": "failed", "tailspin": "done", "wingtip": "done"}
    assert "AADSTS7000215" in outcomes["fabrikam"][1]
    assert "It went wrong for 1 of 4 tenants: fabrikam" in log
    assert "not-a-secret" not in log
    assert [bool(tenants.asked(name, operation="machine.list")) for name in NAMES] == [True, False, True, True]


def test_one_that_is_limited_to_is_the_only_one_asked(tenants):
    status, log = tenants.play("verify_tenants.yml", "--limit", "tailspin")
    assert status == 0, log
    assert list(tenants.outcomes()) == ["tailspin"]
    assert [bool(tenants.asked(name)) for name in NAMES] == [False, False, True, False]


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda hosts: hosts["tailspin"].pop("defender_tenant_id"), "It is missing for tailspin"),
    (lambda hosts: hosts["tailspin"].update(hosts["contoso"]), "contoso and tailspin"),
])
def test_hosts_that_are_no_tenant_of_their_own_stop_the_run_before_anything_is_asked(tenants, spoil, said):
    spoil(tenants.hosts)
    status, log = tenants.play("verify_tenants.yml")
    assert status == 2
    assert said in " ".join(log.split())
    assert tenants.held.tenant.journal() == []


def test_tokens_budgets_caps_and_ledgers_are_each_tenants_own(tenants):
    # The second has lost its service, the third has more machines in the incident than may be isolated.
    tenants.held.tenant.faults([{"match": {"tenant": tenants.hosts["fabrikam"]["defender_tenant_id"], "service": "defender"}, "kind": "status", "status": 403}])
    tenants.hosts["tailspin"]["contain_max_machines"] = 1
    status, log = tenants.play(str(ISOLATE))
    assert status == 2, log
    outcomes = tenants.outcomes()
    assert outcomes["contoso"] == outcomes["wingtip"] == ("done", None)
    assert "contain_confirm" in outcomes["tailspin"][1]
    isolated = {name: len(tenants.asked(name, operation="machine.isolate")) for name in NAMES}
    assert isolated == {"contoso": 2, "fabrikam": 0, "tailspin": 0, "wingtip": 2}
    folder = tenants.held.folder
    acted = {tenants.hosts[name]["defender_tenant_id"] for name in ("contoso", "wingtip")}
    assert {path.name.partition("_")[0] for path in (folder / "ledgers").glob("*.ndjson")} == acted
    # The same budget for two would be one file, and a token of another tenant would have spared a sign-in.
    assert len(list((folder / "rates").rglob("machine.list.*.rate"))) == len(NAMES)
    assert [len(tenants.asked(name, service="entra", method="POST")) for name in NAMES] == [1, 1, 1, 1]
