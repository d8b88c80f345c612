# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test integration against a simulated tenant that lives as long as the run.

Usage: integration.py STAGED_COLLECTION [TARGET...]. The facts of the simulator arrive in the targets as the variable
``simulator``: what it writes to ready.json.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from simulator.handle import Handle  # noqa: E402


def main() -> None:
    """Run the targets named on the command line, or all."""
    staged, targets = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    tests = staged / "tests" / "integration"
    if not any(path for path in tests.glob("targets/*") if not path.name.startswith("setup_")):
        sys.exit("there are no integration targets")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = ["ansible-test", "integration", "--local", "--python", version, "--color", "no", *targets]
    config = tests / "integration_config.yml"
    with tempfile.TemporaryDirectory(prefix="secops-defender-") as state_dir, Handle.start(state_dir) as simulator:
        config.write_text(json.dumps({"simulator": simulator.facts}), encoding="utf-8")
        try:
            status = subprocess.call(command, cwd=staged)
        finally:
            config.unlink()
    sys.exit(status)


if __name__ == "__main__":
    main()
