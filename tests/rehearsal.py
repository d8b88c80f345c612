# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks run for real against a simulated tenant, its credentials in an encrypted file: for the demo and for tests."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import typing as t
from pathlib import Path

from simulator.handle import Handle

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

OUTPUT = {
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
}

Variables = t.Mapping[str, t.Any]


class NotEncrypted(RuntimeError):
    """ansible-vault has failed."""


def connection(tenant: Handle, folder: Path, app: str = "responder") -> dict[str, t.Any]:
    """The variables with which the playbooks reach the simulated tenant as one of its apps, and where they keep what they write."""
    return {
        "defender_tenant_id": tenant.tenant_id,
        "defender_client_id": tenant.apps[app]["client_id"],
        "defender_client_secret": tenant.apps[app]["client_secret"],
        "defender_login_url": tenant.url,
        "defender_api_url": tenant.url,
        "defender_graph_url": tenant.url,
        "defender_ca_path": tenant.ca_path,
        "defender_token_cache_path": str(folder / "tokens"),
        "defender_rate_budget_path": str(folder / "rates"),
        "defender_ledger": str(folder / "ledgers"),
    }


def lock_away(variables: Variables, folder: Path) -> Path:
    """Write the variables to a file that ansible-vault encrypts; they never reach the disk in clear.

    :raises NotEncrypted: ansible-vault has failed
    """
    password, path = folder / "vault-password", folder / "defender.yml"
    password.unlink(missing_ok=True)
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    command = [BIN / "ansible-vault", "encrypt", "--vault-password-file", password, "--output", path]
    done = subprocess.run(
        command, input=json.dumps(variables), text=True, capture_output=True, env=environment(folder), cwd=folder, check=False
    )
    if done.returncode:
        raise NotEncrypted(f"ansible-vault could not encrypt the credentials:\n{done.stderr}")
    return path


def command(playbook: str, variables: Variables, folder: Path, *options: str, binaries: Path = BIN) -> list[str]:
    """The command line that plays one of our playbooks with the credentials of ``lock_away``; no secret stands in it."""
    given = {"defender_vars_file": str(folder / "defender.yml"), **variables}
    return [
        str(binaries / "ansible-playbook"), str(ROOT / "playbooks" / playbook), "--vault-password-file", str(folder / "vault-password"),
        "--extra-vars", json.dumps(given), *options,
    ]


def environment(folder: Path) -> dict[str, str]:
    """The variables for Ansible: our collection, nothing of the user's own settings, and all that it writes below ``folder``."""
    link = folder / "collections" / "ansible_collections" / "secops" / "defender"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != ROOT:
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT, target_is_directory=True)
    settings = folder / "ansible.cfg"
    settings.touch()
    return {
        **_clean_environment(),
        **OUTPUT,
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "ansible" / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "ansible" / "tmp"),
        "ANSIBLE_NOCOLOR": "true",
    }


def _clean_environment() -> dict[str, str]:
    """Ours without what would change whom the playbooks sign in as, and how."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "DEFENDER_", "PYTHON"))}
    return {**kept, "LC_ALL": "C.UTF-8", "no_proxy": "localhost", "NO_PROXY": "localhost"}
