# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine actions: the record of what was asked of machines, and how far each request is."""

from __future__ import annotations

from .._operation import PAGE, WRITE, Field, Operation, Rate
from .record_kinds import ACTION
from .response_actions import COMMENT

ACTION_READ = (("Machine.Read.All", "Machine.ReadWrite.All"),)
ACTION_ID = Field("action_id", "id", required=True)

RUNNING = ("Pending", "InProgress")
FINAL = ("Succeeded", "Failed", "TimeOut", "Cancelled")
"""Statuses of machineaction.md. A word of neither tuple is unknown, and never taken for success."""

LIST = Operation(
    id="machine_action.list",
    method="GET",
    path="/api/machineactions",
    source="get-machineactions-collection.md, exposed-apis-odata-samples.md",
    record=ACTION,
    roles=ACTION_READ,
    reply=PAGE,
    page_size=10_000,
    filterable=("id", "status", "machineId", "type", "requestor", "creationDateTimeUtc"),
)

GET = Operation(
    id="machine_action.get",
    method="GET",
    path="/api/machineactions/{id}",
    source="get-machineaction-object.md",
    record=ACTION,
    roles=ACTION_READ,
    path_fields=(ACTION_ID,),
)

# The roles are alternatives by kind of action; that the matching one is needed is likely, but not stated.
CANCEL = Operation(
    id="machine_action.cancel",
    method="POST",
    path="/api/machineactions/{id}/cancel",
    source="cancel-machine-action.md",
    record=ACTION,
    roles=((
        "Machine.CollectForensics", "Machine.Isolate", "Machine.RestrictExecution", "Machine.Scan", "Machine.Offboard",
        "Machine.StopAndQuarantine", "Machine.LiveResponse",
    ),),
    effect=WRITE,
    path_fields=(ACTION_ID,),
    body_fields=(COMMENT,),
    hints=(
        ("BadRequest", "The action may have ended already; what has ended cannot be cancelled"),
        ("Forbidden", "Grant the app the role with which such an action is asked for, such as Machine.Isolate for an isolation"),
    ),
)

# The link in the answer is a secret, and stands in double quotes of its own.
GET_PACKAGE_LINK = Operation(
    id="machine_action.get_package_uri",
    method="GET",
    path="/api/machineactions/{id}/getPackageUri",
    source="get-package-sas-uri.md",
    roles=ACTION_READ,
    path_fields=(ACTION_ID,),
    rate=Rate(per_minute=2, per_hour=120),
    answers_secret=True,
    hints=(("ResourceNotFound", "There is a package when the action has succeeded, and not before; wait for that"),),
)

# The link in the answer is a secret; it is good for 30 minutes.
GET_LIVE_RESPONSE_RESULT = Operation(
    id="machine_action.get_live_response_result",
    method="GET",
    path="/api/machineactions/{id}/GetLiveResponseResultDownloadLink(index={index})",
    source="get-live-response-result.md",
    roles=ACTION_READ,
    path_fields=(ACTION_ID, Field("index", "index", type="int", required=True)),
    answers_secret=True,
)
