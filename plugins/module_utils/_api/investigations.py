# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Automated investigations, of which only the reading is left."""

from __future__ import annotations

import datetime

from .._operation import PAGE, WRITE, Field, Operation, Rate
from .alerts import ALERT_READ, ALERT_WRITE
from .record_kinds import INVESTIGATION

STATES = (
    "Unknown", "Terminated", "SuccessfullyRemediated", "Benign", "Failed", "PartiallyRemediated", "Running", "PendingApproval", "PendingResource",
    "PartiallyInvestigated", "TerminatedByUser", "TerminatedBySystem", "Queued", "InnerFailure", "PreexistingAlert", "UnsupportedOs",
    "UnsupportedAlertType", "SuppressedAlert",
)

LIST = Operation(
    id="investigation.list",
    method="GET",
    path="/api/investigations",
    source="get-investigation-collection.md",
    record=INVESTIGATION,
    roles=ALERT_READ,
    reply=PAGE,
    page_size=10_000,
    filterable=("startTime", "id", "state", "machineId", "triggeringAlertId"),
)

# The id may also be that of the alert that triggered it.
GET = Operation(
    id="investigation.get",
    method="GET",
    path="/api/investigations/{id}",
    source="get-investigation-object.md",
    record=INVESTIGATION,
    roles=ALERT_READ,
    path_fields=(Field("investigation_id", "id", required=True),),
)

# No module starts one: this is here so that whoever asks for it all the same is told what to do instead (MC1411577).
START = Operation(
    id="investigation.start",
    method="POST",
    path="/api/machines/{id}/startInvestigation",
    source="initiate-autoir-investigation.md",
    record=INVESTIGATION,
    roles=ALERT_WRITE,
    effect=WRITE,
    success=(201,),
    path_fields=(Field("machine_id", "id", required=True),),
    body_fields=(Field("comment", "Comment", required=True),),
    rate=Rate(per_minute=None, per_hour=50),
    ends=datetime.date(2026, 9, 1),
    replacement="machine.run_antivirus_scan (ScanType Full)",
    instead="Run machine_scan with scan_type: full",
)
