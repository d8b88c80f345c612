# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks run for real against a simulated tenant, its credentials in an encrypted file: for the demo and for tests."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import ssl
import subprocess
import sys
import time
import typing as t
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PATIENCE = 30
"""Seconds a simulator may take to come up, and to go."""

OUTPUT = {
    "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
    "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
}

Facts = t.Mapping[str, t.Any]


@contextlib.contextmanager
def tenant(folder: Path, *options: str) -> t.Iterator[Facts]:
    """A simulated tenant that lives as long as the block, and what it says of itself; its files are in ``folder``/tenant."""
    state = folder / "tenant"
    command = [sys.executable, "-m", "simulator", "--state-dir", str(state), "--parent-pid", str(os.getpid()), *options]
    environment = {**_clean_environment(), "PYTHONPATH": str(ROOT / "tests")}
    state.mkdir(mode=0o700, exist_ok=True)
    (state / "ready.json").unlink(missing_ok=True)
    with (folder / "tenant.log").open("w", encoding="utf-8") as log:
        # In a session of its own, so that Ctrl-C reaches the playbook and leaves the tenant to us.
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield _ready(process, state / "ready.json", folder / "tenant.log")
    finally:
        stop(process)


def _ready(process: subprocess.Popen, path: Path, log: Path) -> Facts:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(path.read_text(encoding="utf-8"))
        time.sleep(0.05)
    raise RuntimeError(f"the simulated tenant did not come up:\n{log.read_text(encoding='utf-8')[-2000:]}")


def stop(process: subprocess.Popen) -> None:
    """End a process of ours, politely first."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ask(facts: Facts, path: str) -> t.Any:
    """What the tenant itself knows, past every API: ``path`` is below /_simulator/."""
    context = ssl.create_default_context(cafile=facts["ca_path"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(f"{facts['url']}/_simulator/{path}", timeout=PATIENCE) as answer:
        return json.load(answer)


def connection(facts: Facts, folder: Path, app: str = "responder") -> dict[str, t.Any]:
    """The variables with which the playbooks reach the tenant as one of its apps."""
    return {
        "defender_tenant_id": facts["tenant_id"],
        "defender_client_id": facts["apps"][app]["client_id"],
        "defender_client_secret": facts["apps"][app]["client_secret"],
        "defender_login_url": facts["login_url"],
        "defender_api_url": facts["api_url"],
        "defender_ca_path": facts["ca_path"],
        "defender_token_cache_path": str(folder / "tokens"),
    }


def lock_away(variables: Facts, folder: Path) -> Path:
    """Write the variables to a file that ansible-vault encrypts; they never reach the disk in clear."""
    password, path = folder / "vault-password", folder / "defender.yml"
    password.unlink(missing_ok=True)
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    command = [BIN / "ansible-vault", "encrypt", "--vault-password-file", password, "--output", path]
    done = subprocess.run(command, input=json.dumps(variables), text=True, capture_output=True, env=environment(folder), cwd=folder)
    if done.returncode:
        raise RuntimeError(f"ansible-vault could not encrypt the credentials:\n{done.stderr}")
    return path


def command(playbook: str, variables: Facts, folder: Path, *options: str, binaries: Path = BIN) -> list[str]:
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
