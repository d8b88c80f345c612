# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file is stopped and taken away: which hash, which machines, and never one file for another."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, PartlyFailed, Refused, RoleMissing
from simulator.worlds.records import sha1
from unit.plugins.modules.acting import Asking, entry, refusals
from unit.plugins.modules.playing import work

DROPPER = sha1("invoice-8841.docm")
TOOL = sha1("winupd32.exe")
OF_MICROSOFT = sha1("rundll32.exe")


@pytest.fixture
def take(tenant):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_file_quarantine", sha1=DROPPER)


def test_file_is_taken_and_whoever_asks_again_has_the_machine_look_again(take):
    done = take("fin-07")
    assert done["changed"] and entry(done, "fin-07")["outcome"] == "succeeded"
    assert take.truth("fin-07")["quarantined"] == [DROPPER]
    assert take("fin-07", sha1=DROPPER.upper())["changed"]
    assert take.truth("fin-07")["actions_asked"] == {"StopAndQuarantineFile": 2}


def test_action_for_the_same_file_is_joined_and_taken_up_by_another_job(take):
    take.tenant.settings(action_seconds=1)
    asked = take("fin-07", wait=False)
    joined = entry(take("fin-07", sha1=DROPPER.upper()), "fin-07")
    assert (joined["joined"], joined["changed"], joined["outcome"]) == (True, False, "succeeded")
    assert entry(take.again(asked, sha1=None), "fin-07")["outcome"] == "succeeded"
    assert take.sent() == 1


def test_machine_that_is_at_another_file_is_refused(take):
    take("laptop-19", wait=False)
    with pytest.raises(Refused, match="StopAndQuarantineFile is under way") as refused:
        take("laptop-19", sha1=TOOL)
    assert refusals(refused.value)["laptop-19"][0] == "conflict"
    assert take.sent() == 1


def test_file_of_microsoft_makes_the_action_end_as_failed(take):
    with pytest.raises(PartlyFailed, match="fin-07") as failed:
        take("fin-07", sha1=OF_MICROSOFT)
    assert entry(failed.value.details, "fin-07")["outcome"] == "failed"


def test_action_for_another_file_shortly_before_is_not_taken_for_a_lost_one(take):
    take("files-02", sha1=TOOL)
    take.tenant.faults([{"match": {"operation": "machine.stop_and_quarantine_file"}, "times": 1, "kind": "drop"}])
    done = take("files-02", sha1=TOOL)
    assert entry(done, "files-02")["outcome"] == "succeeded" and not entry(done, "files-02")["joined"]
    assert take.truth("files-02")["actions_asked"] == {"StopAndQuarantineFile": 2}


def test_action_whose_answer_was_lost_is_found_in_the_record(take):
    take("files-02", sha1=TOOL)
    take.tenant.faults([{"match": {"operation": "machine.stop_and_quarantine_file"}, "times": 1, "kind": "drop_after"}])
    done = take("files-02", sha1=DROPPER)
    assert entry(done, "files-02")["outcome"] == "succeeded" and done["changed"]
    assert take.truth("files-02")["actions_asked"] == {"StopAndQuarantineFile": 2}


@pytest.mark.parametrize(("name", "outcome"), [("lab-02", "failed"), ("build-01", "timed_out")])
def test_action_that_ends_badly_fails_the_task_and_says_where(take, name, outcome):
    with pytest.raises(PartlyFailed, match=name) as failed:
        take("fin-07", name)
    assert entry(failed.value.details, name)["outcome"] == outcome


def test_check_mode_foretells_and_writes_nothing(take):
    take.tenant.lock()
    foretold = take("fin-07", "files-02", dry=True)
    assert foretold["changed"] and foretold["summary"]["planned"] == 2
    assert not take.tenant.violations() and not take.sent()


def test_machines_that_cannot_or_must_not_be_asked_are_refused_before_anything_is_sent(take):
    with pytest.raises(Refused) as refused:
        take("fin-07", "app-01", "cnc-mill", "printer-2f", "dc-01")
    rules = {name: rule for name, (rule, _reason) in refusals(refused.value).items()}
    assert rules == {"app-01": "unfit", "cnc-mill": "unfit", "printer-2f": "not_onboarded", "dc-01": "protected_value"}
    assert "Linux" in refusals(refused.value)["app-01"][1]
    assert not take.sent()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "sha1 is not given"),
        ("  ", "sha1 is not given"),
        ("a" * 64, "is a SHA-256, and the service takes a SHA-1 only"),
        ("a" * 32, "is an MD5, and the service takes a SHA-1 only"),
        ("a" * 39, "has 39 digits"),
        ("winupd32.exe", "is not a hash"),
    ],
)
def test_what_is_no_sha1_is_refused_with_the_mend_before_the_first_call(take, given, said):
    with pytest.raises(BadInput, match=said) as refused:
        take("fin-07", sha1=given)
    assert "40 hexadecimal digits" in refused.value.hint
    assert not take.tenant.journal(service="defender")


def test_role_is_missed_before_the_first_call(take):
    with pytest.raises(RoleMissing, match=r"Machine\.StopAndQuarantine"):
        work(take.tenant, "machine_file_quarantine", app="responder", machines=["fin-07"], comment="Drill", sha1=DROPPER)
    assert not take.tenant.journal(service="defender")
