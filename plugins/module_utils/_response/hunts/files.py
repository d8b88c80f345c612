# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for files: where they ran, where they lie."""

from __future__ import annotations

from ..hunt import HASHES, SINCE, UNTIL, Hunt

FILE_TABLES = ("DeviceFileEvents", "DeviceProcessEvents", "DeviceImageLoadEvents")
# Every table is cut down before they are put together, which costs the service least.
FILE_EVENTS = "union\n" + ",\n".join(
    f"""\
    ({table}
    | where Timestamp between (since .. until)
    | where SHA1 in~ (hashes) or SHA256 in~ (hashes) or MD5 in~ (hashes)
    | project Timestamp, DeviceId, DeviceName, ActionType, FileName, FolderPath, SHA1, SHA256, MD5,
        InitiatingProcessAccountName, InitiatingProcessFileName, InitiatingProcessCommandLine)"""
    for table in FILE_TABLES
)

FILE_RAN = Hunt(
    name="file_ran",
    purpose="Who ran these files, and how",
    parameters=(HASHES, SINCE, UNTIL),
    tables=("DeviceProcessEvents",),
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "AccountDomain", "AccountName", "FileName", "FolderPath", "SHA1", "SHA256",
        "ProcessCommandLine", "InitiatingProcessFileName", "InitiatingProcessCommandLine",
    ),
    query="""\
DeviceProcessEvents
| where Timestamp between (since .. until)
| where SHA1 in~ (hashes) or SHA256 in~ (hashes) or MD5 in~ (hashes)
| project Timestamp, DeviceId, DeviceName, AccountDomain, AccountName, FileName, FolderPath, SHA1, SHA256,
    ProcessCommandLine, InitiatingProcessFileName, InitiatingProcessCommandLine
| order by Timestamp asc
""",
)

FILE_SEEN = Hunt(
    name="file_seen",
    purpose="Which machines have or had these files",
    parameters=(HASHES, SINCE, UNTIL),
    tables=FILE_TABLES,
    columns=("DeviceId", "DeviceName", "SHA1", "SHA256", "FirstSeen", "LastSeen", "Events", "FileNames", "Folders", "Actions"),
    query=f"""\
{FILE_EVENTS}
| summarize FirstSeen = min(Timestamp), LastSeen = max(Timestamp), Events = count(),
    FileNames = make_set(FileName, 20), Folders = make_set(FolderPath, 20), Actions = make_set(ActionType, 20)
    by DeviceId, DeviceName, SHA1, SHA256
| order by FirstSeen asc
""",
)
