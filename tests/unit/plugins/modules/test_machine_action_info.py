# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of machines is read with how far it is, and unknown words are not taken for success."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import NotFound
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
    assert (result["count"], result["complete"]) == (2, True)


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
