# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for many signs at once, each answered by sign and machine; a long time is swept in slices by since and until."""

from __future__ import annotations

from ..hunt import ADDRESSES, DOMAINS, HASHES, SINCE, UNTIL, URLS, Hunt
from .network import HOST_OF

_SEEN = ("Sign", "DeviceId", "DeviceName", "FirstSeen", "LastSeen", "Events", "Actions", "Programs")
_BY_SIGN = """\
| summarize FirstSeen = min(Timestamp), LastSeen = max(Timestamp), Events = count(), Actions = make_set(ActionType, 20),
    Programs = make_set(InitiatingProcessFileName, 20)
    by Sign, DeviceId, DeviceName
| order by FirstSeen asc
"""

SWEEP_FILES = Hunt(
    name="sweep_files",
    purpose="Which of these files were seen on which machines",
    parameters=(HASHES, SINCE, UNTIL),
    tables=("DeviceFileEvents", "DeviceProcessEvents", "DeviceImageLoadEvents"),
    columns=_SEEN,
    query=f"""\
union DeviceFileEvents, DeviceProcessEvents, DeviceImageLoadEvents
| where Timestamp between (since .. until)
| where SHA1 in~ (hashes) or SHA256 in~ (hashes) or MD5 in~ (hashes)
| extend Sign = tolower(case(SHA1 in~ (hashes), SHA1, SHA256 in~ (hashes), SHA256, MD5))
{_BY_SIGN}""",
)

SWEEP_ADDRESSES = Hunt(
    name="sweep_addresses",
    purpose="Which of these IP addresses were seen by which machines",
    parameters=(ADDRESSES, SINCE, UNTIL),
    tables=("DeviceNetworkEvents",),
    columns=_SEEN,
    query=f"""\
DeviceNetworkEvents
| where Timestamp between (since .. until)
| extend Sign = replace_string(tolower(RemoteIP), "::ffff:", "")
| where Sign in (addresses)
{_BY_SIGN}""",
)

SWEEP_DOMAINS = Hunt(
    name="sweep_domains",
    purpose="Which of these domains were asked for by which machines",
    parameters=(DOMAINS, SINCE, UNTIL),
    tables=("DeviceNetworkEvents", "DeviceEvents"),
    columns=_SEEN,
    query=f"""\
union
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | where RemoteUrl has_any (domains)
    | extend Host = {HOST_OF.format("RemoteUrl")}),
    (DeviceEvents
    | where Timestamp between (since .. until)
    | where ActionType == "DnsQueryResponse" and AdditionalFields has_any (domains)
    | extend Host = tolower(tostring(parse_json(AdditionalFields).DnsQueryString)))
| extend Sign = domains
| mv-expand Sign to typeof(string)
| where Host == Sign or Host endswith strcat(".", Sign)
{_BY_SIGN}""",
)

SWEEP_URLS = Hunt(
    name="sweep_urls",
    purpose="Which of these pages were opened by which machines",
    parameters=(URLS, SINCE, UNTIL),
    tables=("DeviceNetworkEvents", "DeviceEvents", "DeviceFileEvents"),
    columns=_SEEN,
    query=f"""\
union
    (DeviceNetworkEvents | where Timestamp between (since .. until) | where RemoteUrl has_any (urls) | extend Found = RemoteUrl),
    (DeviceEvents | where Timestamp between (since .. until) | where RemoteUrl has_any (urls) | extend Found = RemoteUrl),
    (DeviceFileEvents | where Timestamp between (since .. until) | where FileOriginUrl has_any (urls) | extend Found = FileOriginUrl)
| extend Sign = urls
| mv-expand Sign to typeof(string)
| where Found startswith Sign
{_BY_SIGN}""",
)
