# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages are collected, fetched and proved; what is wrong is said before anything is sent, and nothing is fetched twice."""

from __future__ import annotations

import hashlib
import threading
import time
import zipfile
from pathlib import Path

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from ansible_collections.secops.defender.plugins.modules import machine_evidence
from simulator.worlds.records import machine_id
from unit.plugins.modules.acting import Asking, entry
from unit.plugins.modules.playing import connection, run, work

LINK = "machine_action.get_package_uri"


@pytest.fixture
def collect(tenant, tmp_path):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_evidence", dest=str(tmp_path / "evidence"))


def links(collect) -> int:
    return len(collect.tenant.journal(operation=LINK))


def test_package_is_fetched_and_proved(collect, tmp_path):
    result = collect("fin-07", "app-01")
    assert result["changed"] and result["msg"] == "collected: of 2 machine(s) 2 done"
    for machine in result["machines"]:
        package = machine["package"]
        path = Path(package["path"])
        assert path == tmp_path / "evidence" / f"{machine['id']}_{machine['action_id']}.zip"
        assert (package["bytes"], package["sha256"]) == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
    assert links(collect) == 2
    assert len(collect.tenant.journal(service="storage")) == 2


def test_a_second_run_collects_another_package_beside_the_first(collect, tmp_path):
    first, second = collect("fin-07"), collect("fin-07")
    assert second["changed"] and entry(first, "fin-07")["package"]["path"] != entry(second, "fin-07")["package"]["path"]
    assert len(list((tmp_path / "evidence").glob("*.zip"))) == 2


def test_machine_that_is_named_as_protected_is_left_in_peace_and_no_other(collect):
    assert collect("dc-01", wait=False)["summary"]["pending"] == 1
    with pytest.raises(Refused, match="protected tag finance"):
        collect("fin-07", protected_tags=["finance"])


def test_collection_under_way_is_joined(collect):
    collect.tenant.settings(action_seconds=1)
    asked = collect("fin-07", wait=False)
    joined = entry(collect("fin-07"), "fin-07")
    assert (joined["joined"], joined["outcome"], joined["action_id"]) == (True, "succeeded", asked["action_ids"][0])
    assert collect.sent() == 1 and joined["package"]["bytes"]


def test_collection_that_someone_else_asks_for_meanwhile_is_joined(collect):
    collect.tenant.settings(action_seconds=3)
    # Our request is held up on its way, and the other one, though asked later, arrives first.
    collect.tenant.faults([{"match": {"operation": "machine.collect_investigation_package"}, "times": 1, "kind": "slow", "seconds": 1.5}])
    url = f"{collect.tenant.url}/api/machines/{machine_id('fin-07')}/collectInvestigationPackage"
    bearer = {"Authorization": f"Bearer {collect.tenant.token('commander')}"}
    someone_else = threading.Timer(0.7, collect.tenant.session.post, (url,), {"json": {"Comment": "mine"}, "headers": bearer, "timeout": 30})
    someone_else.start()
    machine = entry(collect("fin-07"), "fin-07")
    someone_else.join()
    assert machine["joined"] and machine["package"]["bytes"]
    assert collect.truth("fin-07")["actions_asked"] == {"CollectInvestigationPackage": 1}


def test_packages_are_fetched_by_a_later_job(collect):
    asked = collect("fin-07", "hr-03", wait=False, dest=None)
    assert len(asked["action_ids"]) == 2 and links(collect) == 0
    fetched = collect.again(asked)
    assert fetched["summary"]["succeeded"] == 2 and not fetched["changed"]
    assert all(machine["package"]["sha256"] for machine in fetched["machines"])
    assert collect.sent() == 2


def test_package_that_lies_here_is_not_fetched_again(collect):
    first = collect("fin-07")
    asked = [entry(first, "fin-07")["action_id"]]
    again = collect(action_ids=asked, comment=None)
    assert entry(again, "fin-07")["package"] == entry(first, "fin-07")["package"]
    assert links(collect) == 1


def test_packages_may_stay_with_the_service(collect, tmp_path):
    result = collect("fin-07", download=False, dest=None)
    assert entry(result, "fin-07")["outcome"] == "succeeded" and entry(result, "fin-07")["package"] is None
    assert links(collect) == 0


def test_machine_that_is_not_there_holds_up_no_package(collect):
    with pytest.raises(PartlyFailed) as failed:
        collect("fin-07", "laptop-19", "lab-02", wait_timeout=2)
    report = failed.value.details
    assert entry(report, "fin-07")["package"]["bytes"]
    assert [entry(report, name)["outcome"] for name in ("laptop-19", "lab-02")] == ["pending", "failed"]
    assert report["action_ids"] == [entry(report, "laptop-19")["action_id"]]


def test_hundred_actions_are_taken_up_with_few_reads(collect):
    collect.tenant.load("large:300")
    collect.tenant.settings(action_seconds=0.2, rate_limits=False)
    asked = collect(filter="onboardingStatus eq 'Onboarded'", confirm=300, wait=False, dest=None, refused="skip")
    collect.tenant.clear_journal()
    result = collect.again(asked, download=False, dest=None, wait_timeout=60, max_failures=300)
    assert result["summary"]["total"] == len(asked["action_ids"]) > 100
    assert len(collect.tenant.journal(service="defender")) <= 300 / 40 + 3


def test_every_package_of_many_machines_costs_one_link(collect, tmp_path):
    collect.tenant.load("large:60")
    collect.tenant.settings(action_seconds=0.2, rate_limits=False)
    result = collect(filter="onboardingStatus eq 'Onboarded'", confirm=60, max_failures=60, allow_pending=True, wait_timeout=3, refused="skip")
    assert result["summary"]["succeeded"] == len(list((tmp_path / "evidence").glob("*.zip"))) == links(collect) > 30


def test_case_keeps_which_file_was_fetched_from_which_machine(collect, tmp_path):
    case = {"case": "1126093", "ledger": str(tmp_path / "ledgers")}
    asked = collect("fin-07", wait=False, **case)
    fetched = entry(collect.again(asked, **case), "fin-07")
    told = work(collect.tenant, "case_ledger_info", app="commander", entries=True, **case)
    [files] = [row["files"] for row in told["entries"] if row.get("files")]
    assert files == [fetched["package"]] and not told["action_ids"]


def test_time_that_the_fetching_takes_is_foretold(collect, tmp_path):
    budget = {"rate_budget": True, "rate_budget_path": str(tmp_path / "rates"), "dry": True}
    names = ("fin-07", "hr-03", "files-02", "dev-04", "app-01")
    foretold = collect(*names, **budget)
    assert foretold["summary"]["planned"] == 5 and foretold["predicted_seconds"] >= 120, "two links a minute"
    assert collect(*names, download=False, **budget)["predicted_seconds"] < 60


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dest": None}, "dest is missing"),
        ({"dest": "/no/such/folder"}, "no folder /no/such"),
        ({"dest": "/etc/hostname"}, "not a folder"),
        ({"max_file_size": 0}, "max_file_size: 0"),
        ({"comment": " "}, "comment is empty"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(collect, wrong, said):
    with pytest.raises(BadInput, match=said):
        collect("fin-07", **wrong)
    assert not collect.tenant.journal(service="defender")


def test_role_is_missed_before_anything_is_sent(collect):
    with pytest.raises(RoleMissing, match=r"Machine\.CollectForensics"):
        work(collect.tenant, "machine_evidence", machines=["fin-07"], comment="drill", dest="evidence")
    assert not collect.tenant.journal(service="defender")


def test_result_holds_what_the_documentation_promises(tenant, tmp_path):
    tenant.settings(action_seconds=0.2)
    promised = yaml.safe_load(machine_evidence.RETURN)
    options = {**connection(tenant, "commander"), "machines": ["fin-07"], "comment": "drill", "dest": str(tmp_path / "out"), "poll_interval": 1}
    done = run("machine_evidence", options).result
    assert set(done) - {"invocation", "changed"} <= set(promised)
    [machine] = done["machines"]
    assert set(machine) == set(promised["machines"]["contains"])
    assert set(machine["package"]) == set(promised["machines"]["contains"]["package"]["contains"])


def test_check_mode_of_the_module_sends_nothing_and_makes_nothing(tenant, tmp_path):
    tenant.lock()
    options = {**connection(tenant, "commander"), "machines": ["fin-07"], "comment": "drill", "dest": str(tmp_path / "out")}
    began = time.monotonic()
    foretold = run("machine_evidence", options, check_mode=True).result
    assert foretold["changed"] and foretold["machines"][0]["outcome"] == "planned" and foretold["machines"][0]["package"] is None
    assert not tenant.violations() and not (tmp_path / "out").exists() and time.monotonic() - began < 30
