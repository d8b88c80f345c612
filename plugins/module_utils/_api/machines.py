# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: what the service offers to find them and to act on them."""

from __future__ import annotations

from .._operation import PAGE, WRITE, Field, Operation

MACHINE_READ = (("Machine.Read.All", "Machine.ReadWrite.All"),)
MACHINE_ID = Field("machine_id", "id", required=True)
COMMENT = Field("comment", "Comment", required=True)

LIST = Operation(
    id="machine.list",
    method="GET",
    path="/api/machines",
    source="get-machines.md, exposed-apis-odata-samples.md",
    roles=MACHINE_READ,
    reply=PAGE,
    page_size=10_000,
    filterable=(
        "computerDnsName", "id", "version", "deviceValue", "aadDeviceId", "machineTags", "lastSeen",
        "exposureLevel", "onboardingStatus", "lastIpAddress", "healthStatus", "osPlatform", "riskScore",
        "rbacGroupId",
    ),
)

GET = Operation(
    id="machine.get",
    method="GET",
    path="/api/machines/{id}",
    source="get-machine-by-id.md",
    roles=MACHINE_READ,
    path_fields=(MACHINE_ID,),
)

FIND_BY_IP = Operation(
    id="machine.find_by_ip",
    method="GET",
    path="/api/machines/findbyip(ip='{ip}',timestamp={timestamp})",
    source="find-machines-by-ip.md",
    roles=MACHINE_READ,
    reply=PAGE,
    path_fields=(
        Field("ip", "ip", required=True),
        Field("timestamp", "timestamp", type="datetime", required=True),
    ),
)

FIND_BY_TAG = Operation(
    id="machine.find_by_tag",
    method="GET",
    path="/api/machines/findbytag",
    source="find-machines-by-tag.md",
    roles=MACHINE_READ,
    reply=PAGE,
    query_fields=(
        Field("tag", "tag", required=True),
        Field("starts_with", "useStartsWithFilter", type="bool"),
    ),
)

ISOLATE = Operation(
    id="machine.isolate",
    method="POST",
    path="/api/machines/{id}/isolate",
    source="isolate-machine.md, respond-machine-alerts.md",
    roles=(("Machine.Isolate",),),
    effect=WRITE,
    success=(200, 201),
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
    roles=(("Machine.Isolate",),),
    effect=WRITE,
    success=(200, 201),
    path_fields=(MACHINE_ID,),
    body_fields=(COMMENT,),
)
