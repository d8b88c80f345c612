# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret and no token is ever printed or left on disk, however loud the playbook is told to be."""

from __future__ import annotations

import json

import pytest
import rehearsal
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._operation import DEFENDER, GRAPH

LOUD = ("-vvvv", "--diff")
PARTS_OF_LINKS = (b"sig=", b"sig%3D", b"/blobs/")
"""What every link to the simulated storage holds, with the signature after it."""
OPTION = "defender_"


def settings_of(held, app):
    """The settings the playbooks had, as the client takes them."""
    variables = rehearsal.connection(held.tenant, held.folder, app)
    return settings_from({name[len(OPTION):]: value for name, value in variables.items()}, {})


def sign_ins(held) -> int:
    """How often a token was asked for."""
    return len(held.tenant.journal(service="entra", method="POST"))


def secrets_of(held, app="responder", services=(DEFENDER,)) -> list[bytes]:
    """The client secret, and the very tokens that the playbooks used: they are still in the cache. Their parts count as well."""
    before = sign_ins(held)
    client = Client(settings_of(held, app))
    tokens = [client.line(service).token.value for service in services]
    assert sign_ins(held) == before == len(services)
    secret = held.tenant.apps[app]["client_secret"]
    return [part.encode() for part in (secret, *(part for token in tokens for part in (token, *token.split(".")[1:])))]


def written_by(held) -> dict[str, bytes]:
    """Everything below the folder: the vault file, the token cache, Ansible's temporary files."""
    files = (path for path in held.folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(held.folder)): path.read_bytes() for path in files if path.relative_to(held.folder).parts[0] != "collections"}


@pytest.mark.parametrize("in_process", [True, False])
def test_an_answer_to_an_incident_leaks_nothing(under_attack, in_process):
    """In the controller's own process and, with the options packed into a file for a process of their own, as well."""
    # From 2.21 on Ansible keeps the arguments to itself unless it is told not to.
    variables = {"respond_incident_id": 1126093, "defender_in_process": in_process, "ansible_inject_invocation": True}
    status, log = under_attack.play("respond_to_incident.yml", variables, *LOUD)
    assert status == 0, log
    assert "invocation" in log, "the log is not as loud as this test needs"
    journal = json.dumps(under_attack.tenant.journal())
    places = {"the log": log.encode(), "the journal": journal.encode(), **written_by(under_attack)}
    assert any(name.startswith("tokens/") for name in places), "nothing was cached"
    found = [name for name, content in places.items() for secret in secrets_of(under_attack) if secret in content]
    assert found == []


def test_no_playbook_leaks_anything(every_action):
    """From the evidence to the end of the case, one after the other: no secret, no token, and no link to a file."""
    reason = "Incident 1126093"
    steps = (
        ("respond_to_incident.yml", {
            "respond_incident_id": 1126093, "respond_collect": True, "collect_evidence_dest": str(every_action.folder / "evidence"),
            "collect_evidence_commands": [{"run_script": "autoruns.ps1"}, {"get_file": "C:\\Users\\Public\\note.txt"}],
        }, 0),
        ("triage_incident.yml", {
            "triage_incident_id": 1126093, "triage_owner": "lena@contoso.com", "triage_hunts": "first_machines",
            "triage_report_file": str(every_action.folder / "triage.json"),
        }, 0),
        ("sweep_for_iocs.yml", {
            "ioc_sweep_iocs": "203[.]0[.]113[.]77", "ioc_sweep_days": 7, "ioc_sweep_state": str(every_action.folder / "sweep.json"),
            "ioc_sweep_report": str(every_action.folder / "sweep.md"), "ioc_sweep_audit": True, "ioc_sweep_case": "1126093",
        }, 0),
        ("respond_to_phishing.yml", {
            "phishing_incident_id": 1126093, "phishing_scan": False, "phishing_handover": str(every_action.folder / "others.csv"),
            "phishing_report": str(every_action.folder / "phishing.md"),
        }, 0),
        ("scan_machines.yml", {"scan_machines": "hr-03", "scan_comment": reason, "scan_case": "1126093"}, 0),
        ("quarantine_file.yml", {
            "quarantine_machines": "hr-03", "quarantine_sha1": "87662bc3d60e4200ceaf7aae249d1c343f4b83c9", "quarantine_comment": reason,
            "quarantine_case": "1126093",
        }, 0),
        ("release_machine.yml", {"release_case": "1126093", "release_approved_by": "their owners, ticket 4711"}, 0),
        ("offboard_machines.yml", {
            "offboard_filter": "computerDnsName eq 'cnc-mill.contoso.com'", "offboard_confirm": 1, "offboard_case": "CHG-88412",
            "offboard_proof": "decommissioned by change 88412", "offboard_approved_by": "the owner, ticket 4712",
        }, 0),
        ("close_case.yml", {"close_case": "1126093", "close_incident_id": "1126093", "close_library": True}, 2),
    )
    temp = every_action.folder / "temp"
    temp.mkdir()
    logs = {}
    for playbook, variables, expected in steps:
        loud = {**variables, "ansible_inject_invocation": True}
        status, logs[playbook] = every_action.play(playbook, loud, *LOUD, environ={"TMPDIR": str(temp)})
        assert status == expected, logs[playbook]
    places = {**{name: log.encode() for name, log in logs.items()}, **written_by(every_action)}
    assert [folder for folder in ("tokens/", "evidence/", "ledgers/") if not any(name.startswith(folder) for name in places)] == []
    unwanted = [*secrets_of(every_action, "commander", (DEFENDER, GRAPH)), *PARTS_OF_LINKS]
    assert [(name, part) for name, content in places.items() for part in unwanted if part in content] == []


def test_a_refused_secret_is_not_shown(under_attack):
    wrong = "not-a-secret-but-a-wrong-one"
    rehearsal.lock_away({**rehearsal.connection(under_attack.tenant, under_attack.folder), "defender_client_secret": wrong}, under_attack.folder)
    status, log = under_attack.play("verify_access.yml", {}, *LOUD)
    assert status == 2
    assert "AADSTS7000215" in log
    assert wrong not in log


def test_a_secret_from_the_environment_is_not_shown(under_attack):
    variables = rehearsal.connection(under_attack.tenant, under_attack.folder)
    environ = {name.upper(): value for name, value in variables.items()}
    nothing = under_attack.folder / "nothing.yml"
    nothing.write_text("{}\n", encoding="utf-8")
    status, log = under_attack.play("verify_access.yml", {"defender_vars_file": str(nothing)}, *LOUD, environ=environ)
    assert status == 0, log
    assert variables["defender_client_secret"] not in log
