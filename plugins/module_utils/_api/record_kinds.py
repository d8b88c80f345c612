# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of records that our code relies on, with their types; what it only shows is not among them."""

from __future__ import annotations

from .._operation import LIST, OBJECT, OBJECTS, Member


def _texts(*names: str, needed: bool = False) -> tuple[Member, ...]:
    return tuple(Member(name, needed=needed) for name in names)


MACHINE = (
    *_texts("id", needed=True),
    *_texts(
        "computerDnsName", "deviceValue", "exposureLevel", "healthStatus", "lastIpAddress", "lastSeen", "mergedIntoMachineId", "onboardingStatus",
        "osPlatform", "osVersion", "rbacGroupName", "riskScore", "version",
    ),
    Member("machineTags", LIST),
)

ACTION = (
    *_texts("id", "machineId", "status", "type", needed=True),
    *_texts(
        "cancellationRequestor", "computerDnsName", "creationDateTimeUtc", "lastUpdateDateTimeUtc", "requestor", "requestorComment", "scope",
        "troubleshootInfo",
    ),
    Member("relatedFileInfo", OBJECT, within=_texts("fileIdentifier")),
    Member("commands", OBJECTS, within=(
        Member("index", "int"),
        Member("commandStatus"),
        Member("errors", LIST),
        Member("command", OBJECT, within=(Member("type"), Member("params", OBJECTS, within=_texts("key", "value")))),
    )),
)

ALERT = (
    *_texts("id", needed=True),
    *_texts(
        "alertCreationTime", "assignedTo", "classification", "computerDnsName", "determination", "lastUpdateTime", "machineId", "severity", "status",
        "title",
    ),
    Member("comments", OBJECTS, within=_texts("comment")),
    Member("evidence", OBJECTS),
)

GRAPH_ALERT = (
    *_texts("id", needed=True),
    *_texts(
        "assignedTo", "classification", "createdDateTime", "determination", "lastUpdateDateTime", "serviceSource", "severity", "status", "title",
    ),
    Member("comments", OBJECTS, within=_texts("comment")),
    Member("evidence", OBJECTS),
)

INCIDENT = (
    *_texts("id", needed=True),
    *_texts(
        "assignedTo", "classification", "createdDateTime", "determination", "displayName", "lastUpdateDateTime", "redirectIncidentId",
        "resolvingComment", "severity", "status",
    ),
    Member("customTags", LIST),
    Member("comments", OBJECTS, within=_texts("comment")),
)

INVESTIGATION = (*_texts("id", needed=True), *_texts("machineId", "startTime"))

INDICATOR = (
    *_texts("id", "indicatorType", "indicatorValue", needed=True),
    *_texts("description", "expirationTime", "lastUpdateTime"),
)

KNOWN_FILE = _texts("sha1", needed=True)
