# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans: asked for anew each time, joined when under way, and what they found."""

from __future__ import annotations

import time

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._module.spec import CONNECTION
from ansible_collections.secops.defender.plugins.modules.machine_scan import SHAPE
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import connection, work


class Hurried:
    """A clock whose sleeps are over at once; it only tells that they have passed."""

    ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture
def scan(tenant):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_scan")


def test_whoever_asks_again_gets_another_scan(scan):
    first = scan("fin-07")
    assert first["changed"] and entry(first, "fin-07")["outcome"] == "succeeded"
    assert entry(first, "fin-07")["defender_av_status"] == "Updated"
    assert scan("fin-07")["changed"]
    assert scan.truth("fin-07")["actions_asked"] == {"RunAntiVirusScan": 2}


def test_scan_under_way_is_joined_and_taken_up_by_another_job(scan):
    scan.tenant.settings(action_seconds=1)
    asked = scan("fin-07", wait=False)
    assert asked["changed"] and entry(asked, "fin-07")["outcome"] == "pending"
    joined = scan("fin-07")
    assert (joined["changed"], entry(joined, "fin-07")["joined"], entry(joined, "fin-07")["outcome"]) == (False, True, "succeeded")
    assert entry(scan.again(asked), "fin-07")["outcome"] == "succeeded"
    assert scan.sent() == 1


def test_full_scan_serves_who_wants_a_quick_one_and_not_the_other_way_round(scan):
    scan("laptop-19", scan_type="full", wait=False)
    assert entry(scan("laptop-19", wait=False), "laptop-19")["joined"]
    scan("old-kiosk", wait=False)
    with pytest.raises(Refused, match=r"RunAntiVirusScan \(Quick\) is under way") as refused:
        scan("old-kiosk", scan_type="full", wait=False)
    assert refusals(refused.value)["old-kiosk"][0] == "conflict"
    assert scan.sent() == 2


def test_scan_that_found_something_says_so_with_one_call_for_all(scan):
    result = scan("fin-07", "hr-03", "dev-04", report_alerts=True)
    [alert] = entry(result, "fin-07")["new_alerts"]
    assert alert["title"] == "'TrojanDownloader:O97M/Invoice.A' malware was detected" and alert["severity"] == "Medium"
    assert "1 alert(s) were raised" in entry(result, "fin-07")["reason"]
    assert entry(result, "hr-03")["new_alerts"] == []
    assert entry(result, "dev-04")["new_alerts"] == []  # what is there, only a full scan comes upon
    assert len(scan.tenant.journal(operation="alert.list")) == 1

    deep = scan("dev-04", scan_type="full", report_alerts=True)
    assert len(entry(deep, "dev-04")["new_alerts"]) == 1


def test_what_was_found_is_told_to_the_job_that_takes_up_the_wait(scan):
    asked = scan("files-02", wait=False, report_alerts=True)
    assert "new_alerts" not in entry(asked, "files-02")
    assert len(entry(scan.again(asked, report_alerts=True), "files-02")["new_alerts"]) == 1


def test_alerts_are_read_only_when_they_are_wanted(scan):
    assert "new_alerts" not in entry(scan("fin-07"), "fin-07")
    assert not scan.tenant.journal(operation="alert.list")


def test_scans_are_reported_although_the_alerts_cannot_be_read(scan):
    scan.tenant.faults([{"match": {"operation": "alert.list"}, "kind": "status", "status": 403, "code": "DisabledFeature"}])
    result = entry(scan("fin-07", report_alerts=True), "fin-07")
    assert (result["outcome"], result["new_alerts"]) == ("succeeded", None)


def test_hostile_title_of_an_alert_comes_out_as_text(scan):
    result = scan("hr-03", report_alerts=True)
    assert "\x1b" not in str(result)


@pytest.mark.parametrize(("name", "outcome"), [("lab-02", "failed"), ("build-01", "timed_out")])
def test_scan_that_ends_badly_fails_the_task_and_says_where(scan, name, outcome):
    with pytest.raises(PartlyFailed, match=name) as failed:
        scan("fin-07", name)
    assert entry(failed.value.details, name)["outcome"] == outcome
    assert failed.value.details["summary"]["succeeded"] == 1


def test_machine_that_is_not_there_is_pending_until_the_service_gives_up(scan):
    with pytest.raises(PartlyFailed, match="laptop-19"):
        scan("laptop-19", wait_timeout=1)
    waited = scan("laptop-19", wait_timeout=1, allow_pending=True)
    assert entry(waited, "laptop-19")["joined"]
    assert scan.sent() == 1


def test_check_mode_foretells_and_writes_nothing(scan):
    scan.tenant.lock()
    foretold = scan("fin-07", "hr-03", dry=True, spread_minutes=60, report_alerts=True)
    assert foretold["changed"] and foretold["summary"]["planned"] == 2
    assert not scan.tenant.violations() and not scan.sent()


def test_machines_that_cannot_be_scanned_are_refused_all_at_once_before_anything_is_sent(scan):
    with pytest.raises(Refused) as refused:
        scan("fin-07", "cnc-mill", "printer-2f", "mkt-11", "nobody", "files-02", protected_names=["files-*"])
    rules = {name: rule for name, (rule, _reason) in refusals(refused.value).items()}
    assert rules == {
        "cnc-mill": "unfit", "printer-2f": "not_onboarded", "mkt-11": "ambiguous", "nobody": "not_found", "files-02": "protected_name",
    }
    assert "1607" in refusals(refused.value)["cnc-mill"][1]
    assert not scan.sent()


def test_machine_of_high_value_is_scanned_unless_that_is_protected(scan):
    assert scan("dc-01")["summary"]["succeeded"] == 1
    with pytest.raises(Refused, match="its value is High"):
        scan("dc-01", protected_values=["High"])


def test_linux_is_scanned_as_well(scan):
    assert scan("app-01")["summary"]["succeeded"] == 1


def test_calls_are_spread_over_the_time_that_is_given(scan):
    clock = Hurried()
    options = {**connection(scan.tenant, "commander"), "machines": ["fin-07", "hr-03", "files-02"], "comment": "Drill", "wait": False, "spread_minutes": 3}
    checked = ArgumentSpecValidator({**CONNECTION, **SHAPE.argument_spec}, **SHAPE.rules).validate(options)
    began = clock.monotonic()
    SHAPE.work(Client(settings_from(checked.validated_parameters), clock=clock), checked.validated_parameters)
    assert clock.monotonic() - began >= 120  # the last of three begins when two of three minutes are over
    assert scan.sent() == 3


@pytest.mark.parametrize(("wrong", "said"), [({"spread_minutes": -1}, "spread_minutes: -1"), ({"comment": " "}, "comment is empty")])
def test_bad_input_is_named_and_nothing_is_read(scan, wrong, said):
    with pytest.raises(BadInput, match=said):
        scan("fin-07", **wrong)
    assert not scan.tenant.journal(service="defender")


def test_role_is_missed_before_the_first_call(scan):
    with pytest.raises(RoleMissing, match=r"Machine\.Scan"):
        work(scan.tenant, "machine_scan", app="responder", machines=["fin-07"], comment="Drill")
    assert not scan.tenant.journal(service="defender")
