# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Close a run of `make test` with one line: every test of pytest counts as one, and so does every other step."""

from __future__ import annotations

import pathlib
import sys
import xml.etree.ElementTree as ET

LOGS = pathlib.Path(__file__).resolve().parents[1] / ".cache" / "log"


def counts_of(report: pathlib.Path) -> tuple[int, int, int]:
    """Tests passed, failed and skipped by one run of pytest."""
    passed = failed = skipped = 0
    for suite in ET.parse(report).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += bad
        skipped += int(suite.get("skipped", 0))
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
    return passed, failed, skipped


def main() -> None:
    """Print the line; fail when anything failed, or when make did and no step says why."""
    made, seconds = int(sys.argv[1]), int(sys.argv[2])
    passed = failed = skipped = 0
    for row in (LOGS / "steps.tsv").read_text(encoding="utf-8").splitlines():
        name, status, _seconds = row.split("\t")
        report = LOGS / f"{name}.xml"
        if report.exists():
            counted = counts_of(report)
            passed, failed, skipped = passed + counted[0], failed + counted[1], skipped + counted[2]
            failed += 1 if status != "0" and not counted[1] else 0
        elif status == "0":
            passed += 1
        else:
            failed += 1
    if made and not failed:
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped in {seconds}s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
