# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bench runs playbooks: a simulator, the collection under its name, and the clocks beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

from simulator.handle import Handle

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOKS = Path(__file__).resolve().parent / "playbooks"

PEAK = """\
import os, resource, subprocess, sys
status = subprocess.call([{python!r}, *sys.argv[1:]])
with open({record!r}, "a", encoding="utf-8") as record:
    record.write(f"{{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}}\\n")
sys.exit(status)
"""


class Stage:
    """Plays are run here, one after the other, each with what it may need as extra variables."""

    def __init__(self, simulator: Handle, folder: Path) -> None:
        self.simulator = simulator
        self.folder = folder
        collection = folder / "ansible_collections" / "secops" / "defender"
        collection.parent.mkdir(parents=True, exist_ok=True)
        if not collection.is_symlink():
            collection.symlink_to(ROOT, target_is_directory=True)

    def play(self, name: str, *options: str, python: Path | None = None, **variables: t.Any) -> float:
        """Run a playbook, by another Python where one is given, and tell its wall time in seconds.

        :raises RuntimeError: it failed
        """
        extra = self.folder / "vars.json"
        extra.touch(mode=0o600)
        extra.write_text(json.dumps({**self.given(), **variables}), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(PLAYBOOKS / f"{name}.yml"), "-e", f"@{extra}", *options]
        command = [str(python), *command] if python else command
        began = time.monotonic()
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        taken = time.monotonic() - began
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return taken

    def given(self) -> dict[str, t.Any]:
        """The connection for our modules and the bearer for those of others."""
        credentials = {name: self.simulator.apps["responder"][name] for name in ("client_id", "client_secret")}
        place = {"tenant_id": self.simulator.tenant_id, **dict.fromkeys(("login_url", "api_url", "graph_url"), self.simulator.url)}
        return {"connection": {**place, "ca_path": self.simulator.ca_path, **credentials}, "bearer": self.simulator.token()}

    def rows(self, query: str) -> list[dict[str, t.Any]]:
        """Machines of the world, to choose from."""
        bearer = {"Authorization": f"Bearer {self.simulator.token()}"}
        return self.simulator.session.get(f"{self.simulator.url}/api/machines?{query}", headers=bearer, timeout=60).json()["value"]

    def fit_machines(self, count: int) -> list[str]:
        """Ids of machines that the guard has nothing against."""
        fit = [row["id"] for row in self.rows("") if row["onboardingStatus"] == "Onboarded" and row["deviceValue"] != "High" and row["osPlatform"] != "Linux"]
        return fit[:count]

    def times(self, marker: str) -> dict[str, list[float]]:
        """Seconds of each task whose name holds ``marker``, by what follows it, from the last play."""
        found: dict[str, list[float]] = {}
        for report in sorted((self.folder / "junit").glob("*.xml")):
            for case in ET.parse(report).iter("testcase"):
                name = case.get("name", "")
                if marker in name:
                    found.setdefault(name.partition(marker)[2].split()[0], []).append(float(case.get("time", "0")))
        return found

    def forget_times(self) -> None:
        for report in (self.folder / "junit").glob("*.xml"):
            report.unlink()

    def interpreter_with_peak(self) -> tuple[Path, Path]:
        """A Python that notes the peak memory of what it runs, in kilobytes a line, and the file it notes it in."""
        record = self.folder / "peak.txt"
        record.unlink(missing_ok=True)
        wrapper = self.folder / "python-with-peak"
        wrapper.write_text(f"#!{sys.executable}\n" + PEAK.format(python=sys.executable, record=str(record)), encoding="utf-8")
        wrapper.chmod(0o700)
        return wrapper, record

    def _environment(self) -> dict[str, str]:
        own = {
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit",
            "JUNIT_OUTPUT_DIR": str(self.folder / "junit"),
            "JUNIT_HIDE_TASK_ARGUMENTS": "True",
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        strange = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        return {**{name: value for name, value in os.environ.items() if name not in strange}, **own}
