# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A package that is late, cut off, locked away, too large or lied about; the machine stays pending until it is here."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import PartlyFailed
from simulator.worlds.records import machine_id
from unit.plugins.module_utils._client.moving_clock import TenantClock
from unit.plugins.modules.acting import Asking, entry

LINK = "machine_action.get_package_uri"
STORAGE = {"service": "storage"}
ELSEWHERE = "../../../../tmp/evil"


@pytest.fixture
def collect(tenant, tmp_path):
    tenant.settings(action_seconds=0.2)
    return Asking(tenant, "machine_evidence", dest=str(tmp_path / "evidence"), clock=TenantClock(tenant), retry_time=300)


def links(collect) -> int:
    """How often a link was asked for, without what the service refused for its rate of two a minute."""
    return sum(1 for row in collect.tenant.journal(operation=LINK) if row["status"] != 429)


def files(tmp_path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in tmp_path.rglob("*") if path.is_file())


def left_pending(collect, *machines: str, **options: t.Any) -> dict:
    """The report of a run that could not fetch the package of fin-07."""
    with pytest.raises(PartlyFailed) as failed:
        collect(*(machines or ("fin-07",)), **options)
    report = failed.value.details
    assert entry(report, "fin-07")["outcome"] == "pending" and entry(report, "fin-07")["package"] is None
    assert "not fetched" in entry(report, "fin-07")["reason"]
    assert entry(report, "fin-07")["action_id"] in report["action_ids"]
    return report


def fault(kind: str, match: dict, **rest: t.Any) -> list[dict]:
    return [{"match": match, "kind": kind, **rest}]


@pytest.mark.parametrize(
    "trouble",
    [
        fault("status", STORAGE, status=403, code="AuthenticationFailed", times=2),
        fault("truncate", STORAGE, times=2),
        fault("drop", STORAGE, times=2),
        fault("status", STORAGE, status=503, code="ServerBusy", retry_after=1, times=2),
        fault("status", STORAGE, status=500, times=2),
    ],
    ids=["expired", "cut short", "dropped", "busy", "broken"],
)
def test_package_that_does_not_come_is_fetched_by_a_new_link(collect, tmp_path, trouble):
    collect.tenant.faults(trouble)
    assert entry(collect("fin-07"), "fin-07")["package"]["bytes"]
    assert links(collect) == 3
    assert files(tmp_path) == ["zip", "zip.sha256"]


def test_link_that_stays_refused_is_given_up_and_taken_up_later(collect, tmp_path):
    collect.tenant.faults(fault("status", STORAGE, status=403, code="AuthenticationFailed"))
    report = left_pending(collect)
    assert entry(report, "fin-07")["error"]["status"] == 403
    assert links(collect) == 3 and files(tmp_path) == []
    collect.tenant.faults([])
    assert entry(collect.again(report), "fin-07")["outcome"] == "succeeded"
    assert collect.sent() == 1


def test_link_that_is_late_is_asked_for_once_more(collect):
    collect.tenant.faults(fault("status", {"operation": LINK}, status=404, code="ResourceNotFound", times=1))
    assert entry(collect("fin-07"), "fin-07")["package"]["bytes"]
    assert links(collect) == 2


def test_package_that_is_not_there_is_not_asked_for_for_ever(collect):
    collect.tenant.faults(fault("status", {"operation": LINK}, status=404, code="ResourceNotFound"))
    assert entry(left_pending(collect), "fin-07")["error"]["code"] == "ResourceNotFound"
    assert links(collect) == 2


def test_link_is_not_asked_for_before_the_collection_has_ended(collect):
    collect.tenant.settings(action_seconds=30)
    collect("fin-07", wait_timeout=60)
    asked = [row["operation"] for row in collect.tenant.journal(service="defender") if row["status"] < 400]
    assert asked.count(LINK) == 1 and asked[-1] == LINK and asked.count("machine_action.list") > 2


def test_package_that_is_too_large_is_not_kept(collect, tmp_path):
    report = left_pending(collect, max_file_size=100)
    assert "larger than 100 bytes" in entry(report, "fin-07")["reason"]
    assert links(collect) == 1 and files(tmp_path) == []


def test_file_that_someone_has_put_in_its_place_is_not_overwritten_nor_believed(collect, tmp_path):
    asked = collect("fin-07", wait=False)
    planted = tmp_path / "evidence" / f"{machine_id('fin-07')}_{asked['action_ids'][0]}.zip"
    planted.parent.mkdir()
    planted.write_bytes(b"planted")
    with pytest.raises(PartlyFailed) as failed:
        collect.again(asked)
    report = failed.value.details
    assert "is there already" in entry(report, "fin-07")["reason"]
    assert planted.read_bytes() == b"planted"


def test_ids_that_lie_lead_nowhere(collect, tmp_path):
    """An answer that names its action ``../../..`` must not choose where the file lands."""
    action = {
        "id": ELSEWHERE, "type": "CollectInvestigationPackage", "status": "Succeeded", "machineId": machine_id("fin-07"),
        "creationDateTimeUtc": "2026-11-25T03:00:00Z", "requestorComment": "x",
    }
    collect.tenant.faults(fault("status", {"operation": "machine.collect_investigation_package"}, status=201, body=action))
    assert "are not the ids" in entry(left_pending(collect), "fin-07")["reason"]
    assert links(collect) == 0 and files(tmp_path) == []


def test_names_of_files_that_the_storage_or_the_archive_tells_are_of_no_matter(collect, tmp_path):
    with_a_name = '"https://127.0.0.1:1/blobs/../../etc/passwd?sig=not-a-secret"'
    collect.tenant.faults(fault("status", {"operation": LINK}, status=200, body={"value": with_a_name}))
    left_pending(collect)
    assert files(tmp_path) == []


def test_refused_token_stops_the_fetching_of_the_others(collect):
    collect.tenant.faults(fault("status", {"operation": LINK}, status=401, code="Unauthorized"))
    report = left_pending(collect, "fin-07", "hr-03", "files-02", "dev-04", "sales-05", "app-01", "dc-01")
    not_tried = [machine for machine in report["machines"] if "stops them all" in machine["reason"]]
    assert report["summary"]["pending"] == 7 and not_tried
    assert len(report["action_ids"]) == 7


def test_disk_that_is_full_or_gone_stops_the_fetching_of_the_others(collect, tmp_path):
    (tmp_path / "evidence").mkdir()

    class Clock(TenantClock):
        def sleep(self, seconds):
            """While we wait for the collections, the folder is taken away."""
            super().sleep(seconds)
            if (tmp_path / "evidence").is_dir():
                (tmp_path / "evidence").rmdir()
                (tmp_path / "evidence").touch()

    report = left_pending(collect, "fin-07", "hr-03", "files-02", "dev-04", "sales-05", "app-01", "dc-01", clock=Clock(collect.tenant))
    assert "cannot be written to" in entry(report, "fin-07")["error"]["hint"] + entry(report, "fin-07")["reason"]
    assert links(collect) < 7
