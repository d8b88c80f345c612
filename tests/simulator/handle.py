# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running simulator in the hand of a test, a bench or the demo; for use outside the simulator's own process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import requests

TESTS = Path(__file__).resolve().parents[1]
PATIENCE = 30


class SimulatorFailed(RuntimeError):
    """It ended before it was ready, or was not ready in time."""


class Handle:
    """``apps`` holds the credentials by name: ``apps["responder"]["client_secret"]``."""

    def __init__(self, facts: t.Mapping[str, t.Any], process: subprocess.Popen[bytes] | None = None) -> None:
        self.facts = facts
        self.url: str = facts["url"]
        self.ca_path: str = facts["ca_path"]
        self.tenant_id: str = facts["tenant_id"]
        self.apps: dict[str, dict[str, t.Any]] = facts["apps"]
        self._process = process
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = self.ca_path

    @classmethod
    def start(cls, state_dir: Path | str, *arguments: str) -> Handle:
        """Start a simulator that ends with this process, and wait until it takes connections.

        :raises SimulatorFailed: it did not come up
        """
        folder = Path(state_dir).absolute()
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        # Tests with older libraries bring a Python of its own for it.
        python = os.environ.get("SIMULATOR_PYTHON", sys.executable)
        command = [python, "-m", "simulator", "--state-dir", str(folder), "--parent-pid", str(os.getpid())]
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        process = subprocess.Popen([*command, *arguments], cwd=TESTS, env=environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if process.poll() is not None:
                raise SimulatorFailed(f"the simulator ended with status {process.returncode} before it was ready")
            with contextlib.suppress(FileNotFoundError):
                return cls(json.loads(ready.read_text(encoding="utf-8")), process)
            time.sleep(0.02)
        process.kill()
        raise SimulatorFailed(f"the simulator was not ready after {PATIENCE} s")

    def stop(self) -> None:
        self.session.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    # what may be asked of it

    def load(self, world: str) -> dict[str, t.Any]:
        """Begin anew with that world: no faults, empty journal, unlocked, at the present time."""
        return self._control("POST", "world", {"name": world})

    def faults(self, faults: t.Sequence[t.Mapping[str, t.Any]] = ()) -> list[dict[str, t.Any]]:
        """From now on these faults and no others."""
        self._control("DELETE", "faults")
        return self._control("POST", "faults", list(faults))

    def faults_seen(self) -> list[dict[str, t.Any]]:
        """The faults with how many requests each saw and hit."""
        return self._control("GET", "faults")

    def journal(self, **wanted: t.Any) -> list[dict[str, t.Any]]:
        """Rows of all requests so far, or of those with these values: ``journal(service="entra")``."""
        rows = self._control("GET", "journal")
        return [row for row in rows if all(row[name] == value for name, value in wanted.items())]

    def clear_journal(self) -> None:
        self._control("DELETE", "journal")

    def advance(self, seconds: float) -> None:
        """Put its clock forward."""
        self._control("POST", "clock", {"advance": seconds})

    def clock(self) -> float:
        """Its time, in seconds since 1970."""
        return self._control("GET", "clock")["time"]

    def federated_token(self, **facts: t.Any) -> str:
        """A token of a foreign issuer: ``subject``, and where it matters ``issuer``, ``audience``, ``lifetime`` and further claims."""
        return self._control("POST", "federated_token", {"issuer": f"{self.url}/_issuer", **facts})["token"]

    def directory(self) -> dict[str, dict[str, t.Any]]:
        """What is true of each app of the tenant and each managed identity, by name."""
        return {row["name"]: row for row in self._control("GET", "directory")}

    def sign_in_person(self, person: str | None, *, resource: str = "", scopes: t.Sequence[str] = ()) -> None:
        """Enter the device code that waits, as a person who lets the app have these scopes; nobody turns it down."""
        (code,) = self._control("GET", "device_codes")
        decision = {"user_code": code["user_code"], "person": person, "resource": resource, "scopes": list(scopes)}
        self._control("POST", "device_codes", decision)

    def lock(self, locked: bool = True) -> dict[str, t.Any]:
        """Refuse all writes from now on (or no longer); tells the violations so far."""
        return self._control("POST", "lock", {"locked": locked})

    def violations(self) -> list[dict[str, t.Any]]:
        """Writes that were tried while it was locked."""
        return self._control("GET", "lock")["violations"]

    def settings(self, **settings: t.Any) -> dict[str, t.Any]:
        """Set these, and tell all."""
        return self._control("POST", "settings", settings)

    def machine(self, machine_id: str, tenant_id: str | None = None) -> dict[str, t.Any]:
        """What is true of a machine of the tenant, or of one of its neighbours."""
        return self._control("GET", "/".join(("machines", machine_id, *((tenant_id,) if tenant_id else ()))))

    def tenants(self, count: int) -> list[str]:
        """Let there be so many tenants; their ids, its own first."""
        self.settings(tenants=count)
        return self._control("GET", "tenants")

    def actions(self) -> list[dict[str, t.Any]]:
        """All machine actions, newest first."""
        return self._control("GET", "actions")

    def library(self) -> list[dict[str, t.Any]]:
        """The files of the live response library."""
        return self._control("GET", "library")

    def token(self, app: str = "responder", scope: str = "https://api.securitycenter.microsoft.com/.default") -> str:
        """An access token for that app, by its secret."""
        form = {"grant_type": "client_credentials", "scope": scope}
        form |= {name: self.apps[app][name] for name in ("client_id", "client_secret")}
        answer = self.session.post(f"{self.url}/{self.tenant_id}/oauth2/v2.0/token", data=form, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def _control(self, method: str, path: str, body: t.Any = None) -> t.Any:
        answer = self.session.request(method, f"{self.url}/_simulator/{path}", json=body, timeout=PATIENCE)
        if not answer.ok:
            raise ValueError(f"{method} {path}: {answer.text}")
        return answer.json()
