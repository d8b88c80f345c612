# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be done with an action once it is asked for: fetch what it collected, or cancel it."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from simulator.blobs import Refused
from simulator.worlds.records import sha1
from unit.simulator.asked import ASKED, each_action
from unit.simulator.tenant import Tenant

MINUTE = 60
DAY = 86_400


def package_link(tenant: Tenant, action: dict) -> str:
    return tenant.ask("machine_action.get_package_uri", id=action["id"])["value"]


def test_package_can_be_had_once_it_is_collected(attacked):
    action = attacked.act("machine.collect_investigation_package", "fin-07")
    assert attacked.refused("machine_action.get_package_uri", id=action["id"]) == (404, "ResourceNotFound")
    attacked.wait()
    link = package_link(attacked, action)
    assert link[0] == link[-1] == '"', "the value has quotes of its own"
    with zipfile.ZipFile(io.BytesIO(attacked.content(json.loads(link)))) as package:
        assert package.testzip() is None
        assert "Autoruns/HKLM_Run.txt" in package.namelist()
        assert "fin-07.contoso.com" in package.read("System Information/SystemInformation.txt").decode()
        assert "8420,powershell.exe" in package.read("Processes/Processes.csv").decode()


def test_package_stays_as_it_was_collected(attacked):
    action = attacked.act("machine.collect_investigation_package", "hr-03")
    attacked.wait()
    first = attacked.content(json.loads(package_link(attacked, action)))
    attacked.act("machine.stop_and_quarantine_file", "hr-03", Sha1=sha1("winupd32.exe"))
    attacked.wait()
    assert attacked.content(json.loads(package_link(attacked, action))) == first


def test_package_of_linux_holds_other_things(attacked):
    action = attacked.act("machine.collect_investigation_package", "app-01")
    attacked.wait()
    with zipfile.ZipFile(io.BytesIO(attacked.content(json.loads(package_link(attacked, action))))) as package:
        assert "open_files.txt" in package.namelist()


def test_link_expires(attacked):
    action = attacked.act("machine.collect_investigation_package", "fin-07")
    attacked.wait()
    link = json.loads(package_link(attacked, action))
    attacked.wait(11 * MINUTE)
    with pytest.raises(Refused, match="time frame"):
        attacked.content(link)
    assert attacked.content(json.loads(package_link(attacked, action)))


@pytest.mark.parametrize("key", ["lab-02", "build-01", "laptop-19"])
def test_there_is_no_package_of_a_collection_that_did_not_succeed(attacked, key):
    action = attacked.act("machine.collect_investigation_package", key)
    attacked.wait(4 * DAY)
    assert attacked.refused("machine_action.get_package_uri", id=action["id"]) == (404, "ResourceNotFound")


def test_other_actions_have_no_package(attacked):
    action = attacked.isolate("fin-07")
    attacked.wait()
    assert attacked.refused("machine_action.get_package_uri", id=action["id"]) == (404, "ResourceNotFound")


def cancel(tenant: Tenant, action: dict) -> dict:
    return tenant.ask("machine_action.cancel", id=action["id"], body={"Comment": "a mistake"})


@each_action
def test_action_under_way_is_cancelled_and_does_nothing(attacked, operation):
    before = attacked.truth("hr-03")
    action = attacked.act(operation, "hr-03", **ASKED[operation][1])
    cancelled = cancel(attacked, action)
    assert (cancelled["status"], cancelled["cancellationComment"]) == ("Cancelled", "a mistake")
    assert cancelled["cancellationRequestor"] == attacked.app.client_id and cancelled["cancellationDateTimeUtc"]
    attacked.wait(DAY)
    assert attacked.status(action) == "Cancelled"
    assert {**attacked.truth("hr-03"), "actions_asked": {}} == before


def test_cancelled_action_makes_room_for_another(attacked):
    cancel(attacked, attacked.isolate("fin-07"))
    attacked.isolate("fin-07")
    attacked.wait()
    assert attacked.isolated("fin-07")


def test_offline_machine_is_relieved_of_an_action(attacked):
    action = attacked.isolate("laptop-19")
    attacked.wait(DAY)
    cancel(attacked, action)
    assert attacked.status(action) == "Cancelled"


def test_action_that_has_ended_is_not_cancelled(attacked):
    action = attacked.isolate("fin-07")
    attacked.wait()
    assert attacked.refused("machine_action.cancel", id=action["id"], body={"Comment": "c"}) == (400, "BadRequest")
    assert attacked.isolated("fin-07")


def test_unknown_action_is_not_cancelled(quiet):
    assert quiet.refused("machine_action.cancel", id="0", body={"Comment": "c"}) == (404, "ResourceNotFound")


def test_the_role_that_cancels_is_the_one_that_asks():
    scanner = Tenant("under_attack", roles=("Machine.Scan",))
    isolation, scan = scanner.isolate("fin-07"), scanner.act("machine.run_antivirus_scan", "fin-07", ScanType="Quick")
    assert scanner.refused("machine_action.cancel", id=isolation["id"], body={"Comment": "c"}) == (403, "Forbidden")
    assert cancel(scanner, scan)["status"] == "Cancelled"
