# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: what the service offers to find them, and to set their tags and value."""

from __future__ import annotations

from .._operation import PAGE, WRITE, Field, Operation
from .record_kinds import MACHINE

MACHINE_READ = (("Machine.Read.All", "Machine.ReadWrite.All"),)
MACHINE_WRITE = (("Machine.ReadWrite.All",),)
MACHINE_ID = Field("machine_id", "id", required=True)
TAG_CHANGE = (Field("tag", "Value", required=True), Field("change", "Action", required=True, choices=("Add", "Remove")))
VALUES = ("Normal", "Low", "High")

LIST = Operation(
    id="machine.list",
    method="GET",
    path="/api/machines",
    source="get-machines.md, exposed-apis-odata-samples.md",
    record=MACHINE,
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
    record=MACHINE,
    roles=MACHINE_READ,
    path_fields=(MACHINE_ID,),
)

FIND_BY_IP = Operation(
    id="machine.find_by_ip",
    method="GET",
    path="/api/machines/findbyip(ip='{ip}',timestamp={timestamp})",
    source="find-machines-by-ip.md",
    record=MACHINE,
    roles=MACHINE_READ,
    reply=PAGE,
    path_fields=(
        Field("ip", "ip", required=True),
        Field("timestamp", "timestamp", type="datetime", required=True),
    ),
    hints=(("BadRequest", "The time must lie within the last 30 days"),),
)

FIND_BY_TAG = Operation(
    id="machine.find_by_tag",
    method="GET",
    path="/api/machines/findbytag",
    source="find-machines-by-tag.md",
    record=MACHINE,
    roles=MACHINE_READ,
    reply=PAGE,
    query_fields=(
        Field("tag", "tag", required=True),
        Field("starts_with", "useStartsWithFilter", type="bool"),
    ),
)

# The page says both that tags are appended and that they are replaced: always send all that shall be there.
UPDATE = Operation(
    id="machine.update",
    method="PATCH",
    path="/api/machines/{id}",
    source="update-machine-method.md",
    record=MACHINE,
    roles=MACHINE_WRITE,
    effect=WRITE,
    path_fields=(MACHINE_ID,),
    body_fields=(
        Field("tags", "machineTags", type="list"),
        Field("value", "deviceValue", choices=VALUES),
    ),
)

TAG = Operation(
    id="machine.tag",
    method="POST",
    path="/api/machines/{id}/tags",
    source="add-or-remove-machine-tags.md",
    record=MACHINE,
    roles=MACHINE_WRITE,
    effect=WRITE,
    path_fields=(MACHINE_ID,),
    body_fields=TAG_CHANGE,
)

TAG_MULTIPLE = Operation(
    id="machine.tag_multiple",
    method="POST",
    path="/api/machines/AddOrRemoveTagForMultipleMachines",
    source="add-or-remove-multiple-machine-tags.md",
    record=MACHINE,
    roles=MACHINE_WRITE,
    effect=WRITE,
    reply=PAGE,
    body_fields=(*TAG_CHANGE, Field("machine_ids", "MachineIds", type="list", required=True, max_items=500)),
)

SET_VALUE = Operation(
    id="machine.set_device_value",
    method="POST",
    path="/api/machines/{id}/setDeviceValue",
    source="set-device-value.md",
    record=MACHINE,
    roles=MACHINE_WRITE,
    effect=WRITE,
    path_fields=(MACHINE_ID,),
    body_fields=(Field("value", "DeviceValue", required=True, choices=VALUES),),
)
