# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of machines is read with how far it is, and unknown words are not taken for success."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import NotFound
from ansible_collections.secops.defender.plugins.module_utils._module.stuck import cause_of
from ansible_collections.secops.defender.plugins.modules.machine_action_info import with_progress
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.timezone.utc)


def read(tenant, **options):
    return work(tenant, "machine_action_info", **options)


def progress(status):
    action = with_progress({"status": status, "creationDateTimeUtc": "2026-11-25T11:59:00.1234567Z"}, NOW)
    return action["finished"], action["succeeded"]


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        ("Pending", (False, False)),
        ("InProgress", (False, False)),
        ("Succeeded", (True, True)),
        ("Failed", (True, False)),
        ("TimeOut", (True, False)),
        ("Cancelled", (True, False)),
        ("Splendid", (False, False)),
        ("succeeded", (False, False)),
    ],
)
def test_only_the_words_we_know_mean_an_end(status, ended):
    assert progress(status) == ended


def test_the_age_is_told_in_whole_seconds():
    assert with_progress({"status": "Pending", "creationDateTimeUtc": "2026-11-25T11:59:00.1234567Z"}, NOW)["age_seconds"] == 59


def test_the_record_is_read_whole(tenant):
    result = read(tenant)
    assert (result["count"], result["complete"]) == (3, True)


def test_actions_are_collected_by_id_in_one_call(tenant):
    ids = [action["id"] for action in read(tenant)["machine_actions"]]
    tenant.clear_journal()
    result = read(tenant, id=list(reversed(ids)))
    assert [action["id"] for action in result["machine_actions"]] == list(reversed(ids))
    assert len(tenant.journal(service="defender")) == 1


def test_an_unknown_action_fails_the_task_and_is_named(tenant):
    unknown = "00000000-0000-4000-8000-000000000001"
    with pytest.raises(NotFound, match=unknown):
        read(tenant, id=[unknown])


def test_actions_are_found_by_machine_whatever_it_is_called_by(tenant):
    for word in ("sales-05", machine_id("sales-05")):
        result = read(tenant, machine=[word], type=["Isolate"], status=["Succeeded"])
        assert [action["computerDnsName"] for action in result["machine_actions"]] == ["sales-05.contoso.com"]


def test_actions_are_found_by_state_requestor_and_time(tenant):
    running = read(tenant, status=["Pending", "InProgress"], requestor=["analyst@contoso.com"], created_after="2020-01-01T00:00:00Z")
    assert [action["computerDnsName"] for action in running["machine_actions"]] == ["reception-1.contoso.com"]
    assert read(tenant, created_before="2020-01-01T00:00:00Z")["count"] == 0


ASKED = {"id": "1", "type": "Isolate", "status": "Pending", "machineId": "m", "creationDateTimeUtc": "2026-11-25T10:00:00Z"}
WELL = {"healthStatus": "Active", "lastSeen": "2026-11-25T09:00:00Z"}


def later(**length):
    return datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.timezone.utc) + datetime.timedelta(**length)


@pytest.mark.parametrize(
    ("action", "first", "machine", "now", "reason"),
    [
        (ASKED, ASKED, WELL, later(hours=1), None),
        (ASKED, ASKED, WELL, later(hours=25), "offline"),
        (ASKED, ASKED, {**WELL, "lastSeen": "2026-11-26T09:00:00Z"}, later(hours=25), None),
        (ASKED, ASKED, {**WELL, "healthStatus": "Inactive"}, later(minutes=1), "offline"),
        (ASKED, ASKED, None, later(minutes=1), "unknown_machine"),
        (ASKED, {**ASKED, "id": "0"}, WELL, later(minutes=1), "duplicate"),
        (ASKED, ASKED, WELL, later(days=3, seconds=1), "expired"),
        ({**ASKED, "type": "LiveResponse"}, ASKED, WELL, later(hours=3), "expired"),
    ],
)
def test_an_action_is_stuck_for_a_reason(action, first, machine, now, reason):
    cause = cause_of(action, first, machine, now)
    assert (cause and cause[0]) == reason


def test_only_what_is_stuck_is_listed_and_says_why(tenant):
    tenant.settings(action_seconds=600)
    ask(tenant, "runAntiVirusScan", "old-kiosk", ScanType="Quick")
    ask(tenant, "runAntiVirusScan", "fin-07", ScanType="Quick")
    tenant.clear_journal()
    [action] = read(tenant, stuck=True)["machine_actions"]
    assert (action["computerDnsName"], action["stuck_reason"]) == ("old-kiosk.contoso.com", "offline")
    assert action["stuck_why"].startswith("the health of the machine is Inactive; it was last seen 2")
    assert len(tenant.journal(service="defender")) == 3


def test_what_is_not_stuck_says_so_when_asked(tenant):
    actions = {action["computerDnsName"]: action for action in read(tenant, diagnose=True)["machine_actions"]}
    assert [actions[f"{name}.contoso.com"]["stuck"] for name in ("sales-05", "reception-1")] == [False, False]
    assert actions["reception-1.contoso.com"]["stuck_why"] is None


def test_a_limit_counts_what_is_stuck(tenant):
    tenant.settings(action_seconds=600)
    for name in ("old-kiosk", "fin-07", "hr-03"):
        ask(tenant, "runAntiVirusScan", name, ScanType="Quick")
    result = read(tenant, stuck=True, limit=1)
    assert (result["count"], result["complete"]) == (1, True)


def test_nothing_more_is_read_when_nothing_is_under_way(tenant):
    read(tenant, machine=[machine_id("sales-05")], diagnose=True)
    assert len(tenant.journal(service="defender")) == 1


def ask(tenant, action: str, name: str, **body):
    answer = tenant.session.post(
        f"{tenant.url}/api/machines/{machine_id(name)}/{action}",
        headers={"Authorization": f"Bearer {tenant.token('commander')}"},
        json={"Comment": "A drill", **body},
        timeout=30,
    )
    answer.raise_for_status()
