# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays against the simulator, all that they write below one folder, their tasks as ansible-playbook told of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

Tasks = t.Sequence[t.Mapping[str, t.Any]]


class Ended(t.NamedTuple):
    """How a play ended; ``sections`` is what was written to standard output, by name of the task."""

    status: int
    output: str
    errors: str
    sections: dict[str, str]


class Stage:
    """A simulated tenant and a folder. Hosts of a play are on this machine unless their variables say otherwise."""

    def __init__(self, tenant: t.Any, folder: Path) -> None:
        self.tenant = tenant
        self.folder = folder
        self.given = {name: tenant.apps["responder"][name] for name in ("client_id", "client_secret")}
        self.given.update(tenant_id=tenant.tenant_id, login_url=tenant.url, api_url=tenant.url, graph_url=tenant.url, ca_path=tenant.ca_path)

    def machines(self) -> list[str]:
        """Ids of machines that the guard has nothing against."""
        bearer = {"Authorization": f"Bearer {self.tenant.token()}"}
        rows = self.tenant.session.get(f"{self.tenant.url}/api/machines", headers=bearer, timeout=30).json()["value"]
        return [row["id"] for row in rows if row["onboardingStatus"] == "Onboarded" and row["deviceValue"] != "High"]

    def start(
        self,
        tasks: Tasks,
        *options: str,
        hosts: t.Mapping[str, t.Mapping[str, t.Any]] | None = None,
        environ: t.Mapping[str, str] | None = None,
        **keywords: t.Any,
    ) -> subprocess.Popen[str]:
        """A play of these tasks, under way in a session of its own. ``keywords`` are of the play, ``hosts`` their variables."""
        here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = {"all": {"hosts": {name: {**here, **facts} for name, facts in (hosts or {"localhost": {}}).items()}}}
        play = {"hosts": "all", "gather_facts": False, "module_defaults": {"group/secops.defender.all": self.given}, **keywords, "tasks": list(tasks)}
        (self.folder / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
        (self.folder / "play.json").write_text(json.dumps([play]), encoding="utf-8")
        command = [Path(sys.executable).with_name("ansible-playbook"), "-i", self.folder / "inventory.json", self.folder / "play.json", *options]
        return subprocess.Popen(
            command, env={**self._environment(), **(environ or {})}, cwd=self.folder, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def play(self, tasks: Tasks, *options: str, **keywords: t.Any) -> Ended:
        """The end of a play."""
        return ended(self.start(tasks, *options, **keywords))

    def _environment(self) -> dict[str, str]:
        own = {
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "ansible" / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "ansible" / "remote"),
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            "ANSIBLE_NOCOLOR": "true",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        strange = ("ANSIBLE_", "DEFENDER_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        return {**{name: value for name, value in os.environ.items() if not name.startswith(strange)}, **own}


def ended(process: subprocess.Popen[str], timeout: float = 120) -> Ended:
    """The end of a play under way; it is killed when it does not come in time."""
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    pieces = output.split("\nTASK [")[1:]
    return Ended(process.returncode, output, errors, {piece.partition("]")[0]: piece for piece in pieces})


@pytest.fixture
def stage(simulator, tmp_path) -> Stage:
    """A tenant of five machines."""
    return Stage(simulator, tmp_path)
