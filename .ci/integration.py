# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test integration against a simulated tenant that lives as long as the run.

Usage: integration.py STAGED_COLLECTION [TARGET...]. The facts of the simulator arrive in the targets as the variable
``simulator``: what it writes to ready.json.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import typing as t

PATIENCE = 30


@contextlib.contextmanager
def simulator(root: pathlib.Path, state_dir: pathlib.Path) -> t.Iterator[dict[str, t.Any]]:
    """Start the simulator of this checkout, yield what it says of itself, and stop it."""
    command = [sys.executable, "-m", "simulator", "--state-dir", str(state_dir), "--parent-pid", str(os.getpid())]
    environment = {**os.environ, "PYTHONPATH": str(root / "tests")}
    with subprocess.Popen(command, cwd=root, env=environment) as process:
        try:
            yield _ready(process, state_dir / "ready.json")
        finally:
            process.terminate()


def _ready(process: subprocess.Popen, path: pathlib.Path) -> dict[str, t.Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"the simulator ended with status {process.returncode} before it was ready")
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads(path.read_text(encoding="utf-8"))
        time.sleep(0.05)
    sys.exit(f"the simulator was not ready after {PATIENCE} s")


def main() -> None:
    """Run the targets named on the command line, or all."""
    staged, targets = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    root = pathlib.Path(__file__).resolve().parents[1]
    folder = staged / "tests" / "integration" / "targets"
    if not any(path.name for path in folder.glob("*") if not path.name.startswith("setup_")):
        sys.exit("there are no integration targets")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = ["ansible-test", "integration", "--local", "--python", version, "--color", "no", *targets]
    with tempfile.TemporaryDirectory(prefix="secops-defender-") as state_dir:
        with simulator(root, pathlib.Path(state_dir)) as facts:
            config = staged / "tests" / "integration" / "integration_config.yml"
            config.write_text(json.dumps({"simulator": facts}), encoding="utf-8")
            try:
                status = subprocess.call(command, cwd=staged)
            finally:
                config.unlink()
    sys.exit(status)


if __name__ == "__main__":
    main()
