# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the collection against the simulator, prints a table and keeps the figures; asserts nothing.

    python tests/bench/run.py [--only NAME ...]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import keep, table  # noqa: E402
from measures import MEASURES  # noqa: E402
from simulator.handle import Handle  # noqa: E402
from stage import Stage  # noqa: E402


def main() -> None:
    """Measure what is asked for, in order, telling each figure as it comes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=sorted(MEASURES), default=list(MEASURES), help="these measures (default: all, about six minutes)")
    wanted = parser.parse_args().only
    figures = []
    with tempfile.TemporaryDirectory(prefix="secops-defender-bench-") as folder, Handle.start(Path(folder) / "simulator") as simulator:
        stage = Stage(simulator, Path(folder) / "stage")
        for name in wanted:
            for figure in MEASURES[name](stage):
                figures.append(figure)
                print(f"{figure.name}: {figure.value:g} {figure.unit} (goal {figure.goal})", flush=True)
    keep(figures, HERE / "results.json")
    print(f"\n{table(figures)}")


if __name__ == "__main__":
    main()
