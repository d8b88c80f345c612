# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One good request for each type of action."""

from __future__ import annotations

import pytest
from simulator.worlds.records import sha1

ASKED = {
    "machine.isolate": ("Isolate", {"IsolationType": "Full"}),
    "machine.unisolate": ("Unisolate", {}),
    "machine.restrict_code_execution": ("RestrictCodeExecution", {}),
    "machine.unrestrict_code_execution": ("UnrestrictCodeExecution", {}),
    "machine.run_antivirus_scan": ("RunAntiVirusScan", {"ScanType": "Quick"}),
    "machine.stop_and_quarantine_file": ("StopAndQuarantineFile", {"Sha1": sha1("winupd32.exe")}),
    "machine.collect_investigation_package": ("CollectInvestigationPackage", {}),
    "machine.run_live_response": ("LiveResponse", {"Commands": [{"type": "RunScript", "params": [{"key": "ScriptName", "value": "autoruns.ps1"}]}]}),
    "machine.offboard": ("Offboard", {}),
}

each_action = pytest.mark.parametrize("operation", ASKED)
