# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret and no token is ever printed or left on disk, however loud the playbook is told to be."""

from __future__ import annotations

import json

import pytest
import rehearsal
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from

LOUD = ("-vvvv", "--diff")
OPTION = "defender_"


def settings_of(held):
    """The settings the playbooks had, as the client takes them."""
    variables = rehearsal.connection(held.tenant, held.folder)
    return settings_from({name[len(OPTION):]: value for name, value in variables.items()}, {})


def sign_ins(held) -> int:
    """How often a token was asked for."""
    return len(held.tenant.journal(service="entra", method="POST"))


def secrets_of(held) -> list[bytes]:
    """The client secret, and the very token that the playbook used: it is still in the cache. Its parts count as well."""
    before = sign_ins(held)
    token = Client(settings_of(held)).token.value
    assert sign_ins(held) == before == 1
    secret = held.tenant.apps["responder"]["client_secret"]
    return [part.encode() for part in (secret, token, *token.split(".")[1:])]


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
