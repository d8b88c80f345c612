# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine actions: the record of what was asked of machines, and how far each request is."""

from __future__ import annotations

from .._operation import PAGE, Field, Operation

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
    roles=ACTION_READ,
    path_fields=(ACTION_ID,),
)
