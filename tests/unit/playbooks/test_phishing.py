# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phishing mail is answered: what is known is shown first, each kind of machine has a cap of its own, the rest is handed over."""

from __future__ import annotations

import csv

from simulator.worlds import records
from unit.playbooks.test_playbooks import ISOLATED_BEFORE, isolated

MAIL = {"phishing_incident_id": 1126093, "phishing_iocs": records.sha1("winupd32.exe"), "phishing_senders": "billing[@]contoso-billing[.]example"}
RAN_ON_A_USERS_MACHINE, RAN_ON_A_SERVER = "hr-03.contoso.com", "files-02.contoso.com"


def test_a_check_shows_the_whole_plan_and_sends_nothing(every_action):
    every_action.tenant.lock()
    files = {"phishing_handover": str(every_action.folder / "others.csv"), "phishing_report": str(every_action.folder / "report.md")}
    evidence = {"collect_evidence_dest": str(every_action.folder / "evidence")}
    status, log = every_action.play("respond_to_phishing.yml", {**MAIL, **files, **evidence}, "--check")
    assert status == 0, log
    for said in (
        "lena@contoso.com clicked, got THROUGH", f"{RAN_ON_A_USERS_MACHINE}: of a user, RAN the file", "invoices[.]contoso-billing[.]example: would be made",
        "fin-07.contoso.com: would collect", "fin-07.contoso.com: would be scanned", f"{RAN_ON_A_SERVER}: would be isolated",
        "reset the password, lena@contoso.com",
    ):
        assert said in log, log
    assert every_action.tenant.violations() == []
    assert [path for path in (*files.values(), *evidence.values()) if (every_action.folder / path).exists()] == []


def test_a_file_that_cannot_be_written_is_found_out_before_anything_is_done(every_action):
    report, state = "/no/such/folder/report.md", "/no/such/folder/state.json"
    nowhere = {"phishing_report": report, "triage_report_file": report, "ioc_sweep_state": state}
    for playbook, variables in (
        ("respond_to_phishing.yml", MAIL), ("triage_incident.yml", {"triage_incident_id": 1126093}), ("sweep_for_iocs.yml", {"ioc_sweep_iocs": "evil.example"}),
    ):
        status, log = every_action.play(playbook, {**variables, **nowhere})
        assert status == 2 and "There is no folder for /no/such/folder/" in log, log
    assert every_action.tenant.journal(service="defender") + every_action.tenant.journal(service="graph") == []


def test_too_many_machines_of_users_keep_no_server_connected_and_it_is_closed_once_they_are_back(every_action):
    files = {"phishing_handover": str(every_action.folder / "others.csv"), "phishing_report": str(every_action.folder / "report.md")}
    status, log = every_action.play("respond_to_phishing.yml", {**MAIL, **files, "phishing_max_user_machines": 1})
    assert status == 2, log
    assert "Not all machines of users were scanned" in log
    assert f"Written: {files['phishing_handover']}" in log.replace("\n", "")
    # One machine of a user ran the file, which is allowed; two reached it, which are too many to scan.
    assert isolated(every_action.tenant) == {RAN_ON_A_USERS_MACHINE, RAN_ON_A_SERVER} | ISOLATED_BEFORE
    scanned = [row["path"].split("/")[3] for row in every_action.tenant.journal(operation="machine.run_antivirus_scan")]
    assert scanned == [records.machine_id("files-02")]
    with open(files["phishing_handover"], encoding="utf-8", newline="") as stream:
        asks = [(row["ask"], row["who"]) for row in csv.DictReader(stream)]
    assert ("reset the password", "lena@contoso.com") in asks and len([ask for ask, _who in asks if ask == "purge the mail"]) == 6
    assert "ran the file" in (every_action.folder / "report.md").read_text(encoding="utf-8")
    return_machines_and_close(every_action)


def return_machines_and_close(held):
    """The end of the case: nothing more is done to machines, and the incident is closed."""
    assert held.play("release_machine.yml", {"release_case": "1126093", "release_approved_by": "their owners"})[0] == 0
    status, log = held.play("respond_to_phishing.yml", {**MAIL, "phishing_block": False, "phishing_close": True})
    assert status == 0, log
    (sent,) = [row["body"] for row in held.tenant.journal(service="graph", method="PATCH")]
    assert (sent["status"], sent["classification"], sent["determination"]) == ("resolved", "truePositive", "phishing")
    assert isolated(held.tenant) == ISOLATED_BEFORE
