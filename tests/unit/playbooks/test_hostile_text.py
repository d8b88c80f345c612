# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an attacker writes, a machine's name, an alert's title, a command line, is shown as text and never carried out.

Before 2.19 Ansible carries out templates in texts that are not marked as unsafe, so that one is played as well when it is here.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import rehearsal
from simulator.worlds import records

HOSTILE_INCIDENT = 1126094
HOSTILE_MACHINE = "10.20.5.66"
TEMPLATE = "lookup('pipe','id')"
CARRIED_OUT = ("uid=", "(=49", "'49'")
"""What the templates in the names come to: the output of id, and 7 * 7 where that stands alone."""

SPELT_OUT = r"\\x1b[31m"
"""An escape as our roles show it, in JSON."""

AS_JSON = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
"""YAML would wrap and double what is looked for."""

HERE = Path(__file__).parent


def older() -> list[Path]:
    """The folders with the programs of an ansible-core 2.17 that can sign in, in the places where this project keeps them."""
    places = (*rehearsal.ROOT.glob(".cache/legs/*"), *Path(os.path.expanduser("~/.pyenv/versions")).glob("*"))
    libraries = ("ansible_core-2.17*", "msal-*", "requests-*")
    return [place / "bin" for place in sorted(places) if all(list(place.glob(f"lib/python*/site-packages/{library}")) for library in libraries)]


@pytest.fixture(params=["this ansible-core", "ansible-core 2.17"])
def binaries(request):
    """Where the programs of an ansible-core are."""
    if request.param == "this ansible-core":
        return rehearsal.BIN
    found = [place for place in older() if place != rehearsal.BIN]
    if not found:
        pytest.skip("no ansible-core 2.17 here; make test-legs sets it up")
    return found[0]


def assert_shown_as_text(log):
    assert TEMPLATE in log, log
    assert [sign for sign in CARRIED_OUT if sign in log] == []
    assert "\x1b" not in log
    assert "\x07" not in log


def test_the_summaries_of_the_roles(under_attack, binaries):
    """Refused, isolated, not scanned, open, released: every sentence that names the machine."""
    case = str(HOSTILE_INCIDENT)
    steps = (
        ("contain_machine.yml", {"contain_machines": HOSTILE_MACHINE, "contain_comment": "Too early", "contain_protected_names": "*"}, 2),
        ("respond_to_incident.yml", {"respond_incident_id": HOSTILE_INCIDENT}, 0),
        ("close_case.yml", {"close_case": case, "close_incident_id": case}, 2),
        ("release_machine.yml", {"release_machines": HOSTILE_MACHINE, "release_approved_by": "the owner", "release_scan": "require"}, 2),
        ("release_machine.yml", {"release_case": case, "release_approved_by": "the owner"}, 0),
    )
    play_and_look(under_attack, binaries, steps)


def test_the_summaries_of_what_is_done_on_the_machine(every_action, binaries):
    """Collected, not collected any more, without evidence, scanned, not offboarded."""
    here = {"machines": HOSTILE_MACHINE, "comment": "A drill", "case": "INC-7"}
    evidence = {**of_role("collect_evidence", here), "collect_evidence_dest": str(every_action.folder / "evidence")}
    steps = (
        ("scan_machines.yml", of_role("scan", {**here, "evidence": "require"}), 2),
        ("collect_evidence.yml", {**evidence, "collect_evidence_commands": [{"run_script": "autoruns.ps1"}]}, 0),
        ("scan_machines.yml", of_role("scan", here), 0),
        ("collect_evidence.yml", evidence, 2),
        ("quarantine_file.yml", {**of_role("quarantine", here), "quarantine_sha1": "87662bc3d60e4200ceaf7aae249d1c343f4b83c9"}, 0),
        ("offboard_machines.yml", of_role("offboard", {**here, "inactive_days": 1, "proof": "a", "approved_by": "b", "confirm": 1}), 2),
    )
    play_and_look(every_action, binaries, steps)


def test_the_summaries_of_what_only_looks(under_attack, binaries):
    """Looked at and swept for, on the screen and in the reports."""
    triage, sweep = under_attack.folder / "triage.md", under_attack.folder / "sweep.md"
    powershell = {"ioc_sweep_iocs": records.sha1("powershell.exe"), "ioc_sweep_prevalence": False, "ioc_sweep_days": 7}
    incident = {"triage_incident_id": HOSTILE_INCIDENT, "triage_service": "graph", "triage_hunts": "file_ran"}
    steps = (
        ("triage_incident.yml", {**incident, "triage_report_file": str(triage)}, 0),
        ("sweep_for_iocs.yml", {**powershell, "ioc_sweep_report": str(sweep)}, 0),
    )
    play_and_look(under_attack, binaries, steps)
    for path in (triage, sweep):
        written = path.read_text(encoding="utf-8")
        assert "<" not in written.replace("\\<", "") and not [sign for sign in CARRIED_OUT if sign in written]


def test_the_answer_to_phishing(every_action, binaries):
    """All that it says on the way, with a machine that is scanned and one that is cut off."""
    variables = {"phishing_incident_id": HOSTILE_INCIDENT, "phishing_iocs": records.sha1("powershell.exe"), "phishing_block": False}
    play_and_look(every_action, binaries, (("respond_to_phishing.yml", variables, 0),))


def of_role(role, variables):
    return {f"{role}_{name}": value for name, value in variables.items()}


def play_and_look(held, binaries, steps):
    for playbook, variables, expected in steps:
        status, log = held.play(playbook, variables, binaries=binaries, environ=AS_JSON)
        assert status == expected, log
        assert_shown_as_text(log)
        assert SPELT_OUT in log, log


def test_the_results_of_the_modules(under_attack, binaries):
    """Titles, names and command lines, printed and kept by the user's own tasks."""
    playbook = str(HERE / "files" / "show_everything.yml")
    status, log = under_attack.play(playbook, {"hostile_incident": HOSTILE_INCIDENT}, "-v", binaries=binaries, environ=AS_JSON)
    assert status == 0, log
    assert_shown_as_text(log)
    for said in ("=HYPERLINK", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"):
        assert said in log, log
