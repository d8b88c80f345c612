# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Response actions are accepted, refused and carried out as the service's pages say."""

from __future__ import annotations

import pytest
from simulator.contract import endpoints
from simulator.worlds.records import machine_id, sha1
from unit.simulator.asked import ASKED, each_action
from unit.simulator.tenant import Tenant

DAY = 86_400


@each_action
def test_action_is_accepted_and_pending(attacked, operation):
    type_, body = ASKED[operation]
    reply = attacked.reply(operation, id=machine_id("hr-03"), body={"Comment": "case 7", **body})
    assert reply.status == endpoints()[operation]["success"]
    assert (reply.body["type"], reply.body["status"], reply.body["requestorComment"]) == (type_, "Pending", "case 7")
    assert attacked.truth("hr-03")["actions_asked"] == {type_: 1}


@each_action
def test_second_action_of_a_type_is_refused_until_the_first_has_ended(attacked, operation):
    type_, body = ASKED[operation]
    attacked.act(operation, "hr-03", **body)
    assert attacked.refuses(operation, "hr-03", **body) == (400, "ActiveRequestAlreadyExists")
    attacked.wait()
    if operation != "machine.offboard":
        attacked.act(operation, "hr-03", **body)
        assert attacked.truth("hr-03")["actions_asked"] == {type_: 2}


@each_action
def test_unknown_machine_is_not_found(quiet, operation):
    assert quiet.refuses(operation, "nobody", **ASKED[operation][1]) == (404, "ResourceNotFound")


@each_action
def test_machine_that_is_not_onboarded_is_refused(attacked, operation):
    if operation != "machine.unisolate":  # which page tells whether it ends containment?
        assert attacked.refuses(operation, "printer-2f", **ASKED[operation][1]) == (400, "BadRequest")


@each_action
def test_restricted_machine_allows_basic_response_alone(attacked, operation):
    type_, body = ASKED[operation]
    if type_ in ("RunAntiVirusScan", "CollectInvestigationPackage", "StopAndQuarantineFile", "Offboard"):
        attacked.act(operation, "dc-01", **body)
    else:
        assert attacked.refuses(operation, "dc-01", **body) == (403, "DisallowedOperation")


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("machine.restrict_code_execution", "app-01"),
        ("machine.restrict_code_execution", "cnc-mill"),
        ("machine.run_antivirus_scan", "cnc-mill"),
        ("machine.stop_and_quarantine_file", "app-01"),
        ("machine.stop_and_quarantine_file", "cnc-mill"),
        ("machine.run_live_response", "cnc-mill"),
    ],
)
def test_platform_that_cannot_do_it_is_refused(attacked, operation, key):
    assert attacked.refuses(operation, key, **ASKED[operation][1]) == (400, "OsPlatformNotSupported")


def test_old_client_of_linux_is_refused(attacked):
    attacked.world.machines.write(machine_id("app-01"), agentVersion="101.80.97")
    assert attacked.refuses("machine.run_antivirus_scan", "app-01", ScanType="Quick") == (400, "ClientVersionNotSupported")


def test_programs_are_restricted_once_the_action_has_succeeded_and_until_it_is_lifted(attacked):
    attacked.act("machine.restrict_code_execution", "fin-07")
    assert not attacked.truth("fin-07")["restricted"]
    attacked.wait(8 * DAY)
    assert attacked.truth("fin-07")["restricted"], "unlike isolation it does not lift itself"
    attacked.act("machine.unrestrict_code_execution", "fin-07")
    attacked.wait()
    assert not attacked.truth("fin-07")["restricted"]


def alerts_of(tenant: Tenant, key: str) -> list[dict]:
    return tenant.list("machine.list_alerts", id=machine_id(key))


def test_scan_that_finds_something_succeeds_and_raises_an_alert(attacked):
    before = alerts_of(attacked, "fin-07")
    action = attacked.act("machine.run_antivirus_scan", "fin-07", ScanType="Quick")
    assert action["scope"] == "Quick"
    assert alerts_of(attacked, "fin-07") == before
    attacked.wait()
    assert attacked.status(action) == "Succeeded"
    (found,) = [alert for alert in alerts_of(attacked, "fin-07") if alert not in before]
    assert (found["detectionSource"], found["threatName"]) == ("WindowsDefenderAv", "TrojanDownloader:O97M/Invoice.A")
    assert found["alertCreationTime"] > action["creationDateTimeUtc"]
    assert attacked.ask("alert.get", id=found["id"])["evidence"][0]["fileName"] == "invoice-8841.docm"


def test_what_was_found_is_not_found_again(attacked):
    for _time in range(2):
        attacked.act("machine.run_antivirus_scan", "fin-07", ScanType="Full")
        attacked.wait()
    assert len(alerts_of(attacked, "fin-07")) == 3


@pytest.mark.parametrize(("scope", "found"), [("Quick", 0), ("Full", 1)])
def test_some_things_are_found_by_a_full_scan_only(attacked, scope, found):
    attacked.act("machine.run_antivirus_scan", "dev-04", ScanType=scope)
    attacked.wait()
    assert len(alerts_of(attacked, "dev-04")) == found


def test_scan_of_a_machine_that_fails_finds_nothing(attacked):
    attacked.world.findings[machine_id("lab-02")] = attacked.world.findings[machine_id("fin-07")]
    attacked.act("machine.run_antivirus_scan", "lab-02", ScanType="Full")
    attacked.wait()
    assert alerts_of(attacked, "lab-02") == []


def test_file_is_quarantined_and_named_in_the_record(attacked):
    action = attacked.act("machine.stop_and_quarantine_file", "hr-03", Sha1=sha1("winupd32.exe").upper())
    assert action["relatedFileInfo"] == {"fileIdentifier": sha1("winupd32.exe").upper(), "fileIdentifierType": "Sha1"}
    assert attacked.truth("hr-03")["quarantined"] == []
    attacked.wait()
    assert attacked.truth("hr-03")["quarantined"] == [sha1("winupd32.exe")]


def test_file_that_is_not_there_is_not_quarantined(attacked):
    action = attacked.act("machine.stop_and_quarantine_file", "sales-05", Sha1=sha1("winupd32.exe"))
    attacked.wait()
    assert (attacked.status(action), attacked.truth("sales-05")["quarantined"]) == ("Succeeded", [])


def test_file_that_microsoft_signed_stays(attacked):
    action = attacked.act("machine.stop_and_quarantine_file", "fin-07", Sha1=sha1("powershell.exe"))
    attacked.wait()
    assert attacked.ask("machine_action.get", id=action["id"])["errorHResult"] != 0
    assert (attacked.status(action), attacked.truth("fin-07")["quarantined"]) == ("Failed", [])


@pytest.mark.parametrize("hash_", ["abc", sha1("x") + "0", "g" * 40, "0" * 64])
def test_what_is_no_sha1_is_refused(attacked, hash_):
    assert attacked.refuses("machine.stop_and_quarantine_file", "hr-03", Sha1=hash_) == (400, "InvalidHashValue")


def test_offboarded_machine_is_onboarded_no_more(quiet):
    quiet.act("machine.offboard", "sales-01.contoso.com")
    assert not quiet.truth("sales-01.contoso.com")["offboarded"]
    quiet.wait()
    assert quiet.truth("sales-01.contoso.com")["offboarded"]
    assert quiet.ask("machine.get", id="sales-01.contoso.com")["onboardingStatus"] == "CanBeOnboarded"
    assert quiet.refuses("machine.isolate", "sales-01.contoso.com", IsolationType="Full") == (400, "BadRequest")
    assert len(quiet.list("machine.list", {"$filter": "onboardingStatus eq 'Onboarded'"})) == 4
