# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Response actions: all that may be asked of a machine; each answers with a machine action that goes on by itself."""

from __future__ import annotations

from .._operation import WRITE, Field, Operation, Rate
from .machines import MACHINE_ID
from .record_kinds import ACTION

COMMENT = Field("comment", "Comment", required=True)
ACCEPTED = (200, 201)
"""The pages promise 201. A call for what is already pending may give that action back, and older copies say 200."""

ISOLATE = Operation(
    id="machine.isolate",
    method="POST",
    path="/api/machines/{id}/isolate",
    source="isolate-machine.md, respond-machine-alerts.md",
    record=ACTION,
    roles=(("Machine.Isolate",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(
        COMMENT,
        # No default is documented, so the type is always sent (isolate-machine.md).
        Field("isolation_type", "IsolationType", required=True, choices=("Full", "Selective", "UnManagedDevice")),
    ),
)

RELEASE = Operation(
    id="machine.unisolate",
    method="POST",
    path="/api/machines/{id}/unisolate",
    source="unisolate-machine.md, respond-machine-alerts.md",
    record=ACTION,
    roles=(("Machine.Isolate",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)

RESTRICT = Operation(
    id="machine.restrict_code_execution",
    method="POST",
    path="/api/machines/{id}/restrictCodeExecution",
    source="restrict-code-execution.md, respond-machine-alerts.md",
    record=ACTION,
    roles=(("Machine.RestrictExecution",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)

UNRESTRICT = Operation(
    id="machine.unrestrict_code_execution",
    method="POST",
    path="/api/machines/{id}/unrestrictCodeExecution",
    source="unrestrict-code-execution.md",
    record=ACTION,
    roles=(("Machine.RestrictExecution",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)

SCAN = Operation(
    id="machine.run_antivirus_scan",
    method="POST",
    path="/api/machines/{id}/runAntiVirusScan",
    source="run-av-scan.md, respond-machine-alerts.md",
    record=ACTION,
    roles=(("Machine.Scan",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT, Field("scan_type", "ScanType", required=True, choices=("Quick", "Full"))),
)

QUARANTINE = Operation(
    id="machine.stop_and_quarantine_file",
    method="POST",
    path="/api/machines/{id}/StopAndQuarantineFile",
    source="stop-and-quarantine-file.md",
    record=ACTION,
    # "One of the following", says the page; an older copy oddly has Machine.Read.All among them.
    roles=(("Machine.StopAndQuarantine", "Machine.ReadWrite.All"),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT, Field("sha1", "Sha1", required=True)),
    hints=(("InvalidHashValue", "Give the SHA-1 of the file, 40 hexadecimal digits; this takes no other hash"),),
)

COLLECT_PACKAGE = Operation(
    id="machine.collect_investigation_package",
    method="POST",
    path="/api/machines/{id}/collectInvestigationPackage",
    source="collect-investigation-package.md, respond-machine-alerts.md",
    record=ACTION,
    roles=(("Machine.CollectForensics",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)

# All PutFile first, then RunScript, then GetFile; one session a machine, 50 at once in the tenant.
RUN_LIVE_RESPONSE = Operation(
    id="machine.run_live_response",
    method="POST",
    path="/api/machines/{id}/runliveresponse",
    source="run-live-response.md, live-response.md",
    record=ACTION,
    roles=(("Machine.LiveResponse",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(Field("commands", "Commands", type="list", required=True), COMMENT),
    rate=Rate(per_minute=10, per_hour=None),
    # Unsigned scripts of PowerShell have a switch of their own, which only their machine meets (live-response.md).
    switch="Live Response, and Live Response for Servers where it is about servers",
    hints=(
        ("ActiveRequestAlreadyExists", "A machine has one session at a time; wait for the one that is under way, or cancel it"),
        ("TooManyRequests", "10 sessions a minute may begin, and 50 be open in the tenant; raise retry_time, or ask fewer machines at once"),
    ),
)

# There is no call to onboard, so this cannot be undone from here.
OFFBOARD = Operation(
    id="machine.offboard",
    method="POST",
    path="/api/machines/{id}/offboard",
    source="offboard-machine-api.md",
    record=ACTION,
    roles=(("Machine.Offboard",),),
    effect=WRITE,
    success=ACCEPTED,
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)

ASKED_BY = {
    "Isolate": ISOLATE,
    "Unisolate": RELEASE,
    "RestrictCodeExecution": RESTRICT,
    "UnrestrictCodeExecution": UNRESTRICT,
    "RunAntiVirusScan": SCAN,
    "StopAndQuarantineFile": QUARANTINE,
    "CollectInvestigationPackage": COLLECT_PACKAGE,
    "LiveResponse": RUN_LIVE_RESPONSE,
    "Offboard": OFFBOARD,
}
"""The type of a machine action, as its record has it (machineaction.md), and the operation that asks for one."""
