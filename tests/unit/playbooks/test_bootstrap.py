# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a tenant without an app to machines cut off, with not one permission more than the playbook has."""

from __future__ import annotations

import subprocess

import pytest
import rehearsal
from unit.playbooks.conftest import QUICK, Rehearsal

NEEDED = {"WindowsDefenderATP": ["Alert.Read.All", "Machine.Isolate", "Machine.Read.All"]}
APP = "Defender responder"
ALL_THREE = ("verify_access.yml", "respond_to_incident.yml")
LIVES = {"bootstrap_app_poll_interval": 1, "respond_incident_id": 1126093}


@pytest.fixture
def from_nothing(simulator, tmp_path):
    """A tenant in which there is nobody but who makes apps, with the credential of that one locked away."""
    simulator.load("from_nothing")
    simulator.settings(action_seconds=1, directory_lag=0.2, listing_lag=0.3, credential_lag=0.5, grant_lag=0.5)
    rehearsal.lock_away(rehearsal.connection(simulator, tmp_path, "bootstrapper"), tmp_path).rename(tmp_path / "bootstrap.yml")
    return Rehearsal(simulator, tmp_path)


def play(held: Rehearsal, playbook: str, *more: str, **variables) -> tuple[int, str]:
    own = ("defender_tenant_id", "defender_client_id", "defender_client_secret")
    places = {name: value for name, value in rehearsal.connection(held.tenant, held.folder).items() if name not in own}
    given = {
        "bootstrap_vars_file": str(held.folder / "bootstrap.yml"),
        "bootstrap_app_vault_password_file": str(held.folder / "vault-password"),
        "rotate_credential_vault_password_file": str(held.folder / "vault-password"),
        "bootstrap_app_vault_variables_also": places,
        **LIVES,
        **variables,
    }
    # What is not an option must stand together.
    first, name, *options = rehearsal.command(playbook, {**QUICK, **given}, held.folder)
    command = [first, name, *(str(rehearsal.ROOT / "playbooks" / other) for other in more), *options]
    loudly = {**rehearsal.environment(held.folder), "ANSIBLE_VERBOSITY": "3"}
    done = subprocess.run(command, env=loudly, cwd=held.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.returncode, done.stdout


def roles(held: Rehearsal) -> dict[str, list[str]]:
    return {resource: names for resource, names in held.tenant.directory()[APP]["roles"].items() if names}


def stored(held: Rehearsal) -> str:
    command = [rehearsal.BIN / "ansible-vault", "view", "--vault-password-file", held.folder / "vault-password", held.folder / "defender.yml"]
    done = subprocess.run(command, env=rehearsal.environment(held.folder), cwd=held.folder, text=True, capture_output=True, check=True)
    return done.stdout.partition('defender_client_secret: "')[2].partition('"')[0]


def isolated(held: Rehearsal) -> set[str]:
    return {action["computerDnsName"] for action in held.tenant.actions() if action["type"] == "Isolate" and action["status"] == "Succeeded"}


def test_from_nothing_to_machines_cut_off_in_one_go_and_a_second_run_changes_nothing(from_nothing):
    status, log = play(from_nothing, "bootstrap_app.yml", *ALL_THREE)
    assert status == 0, log
    assert roles(from_nothing) == NEEDED
    assert {"fin-07.contoso.com", "hr-03.contoso.com"} <= isolated(from_nothing)
    assert "It signed in just now, and its token carries all of it." in log
    assert stored(from_nothing) and stored(from_nothing) not in log
    from_nothing.tenant.lock()
    status, log = play(from_nothing, "bootstrap_app.yml", *ALL_THREE)
    assert status == 0, log
    assert "changed=0" in log and roles(from_nothing) == NEEDED


def test_a_secret_is_renewed_and_the_playbooks_go_on_with_the_new_one(from_nothing):
    assert play(from_nothing, "bootstrap_app.yml")[0] == 0
    old = stored(from_nothing)
    status, log = play(from_nothing, "rotate_credential.yml", "verify_access.yml", rotate_credential_rotate_before=179)
    assert status == 0, log
    assert "still lasts" in log and stored(from_nothing) == old
    status, log = play(from_nothing, "rotate_credential.yml", "verify_access.yml", rotate_credential_rotate_before=180, rotate_credential_valid_days=181)
    assert status == 0, log
    assert stored(from_nothing) not in (old, "") and old not in log and stored(from_nothing) not in log


def test_check_mode_says_what_would_be_made_and_makes_nothing(from_nothing):
    from_nothing.tenant.lock()
    status, log = from_nothing.play("bootstrap_app.yml", {**QUICK, "bootstrap_vars_file": str(from_nothing.folder / "bootstrap.yml")}, "--check")
    assert status == 0, log
    assert "would be registered, given a service principal and given permissions" in log
    assert not (from_nothing.folder / "defender.yml").exists()


def test_an_administrator_is_told_what_to_consent_to(from_nothing):
    status, log = play(from_nothing, "bootstrap_app.yml", bootstrap_app_consent="ask")
    assert status == 0, log
    assert "An administrator must consent to these, at https://" in log and "Machine.Isolate of WindowsDefenderATP: Isolate machine" in log
    assert roles(from_nothing) == {}
