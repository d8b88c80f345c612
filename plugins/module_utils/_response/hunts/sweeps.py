# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for many signs at once, each answered by sign and machine; a long time is swept in slices by since and until."""

from __future__ import annotations

from ..hunt import ADDRESSES, DOMAINS, HASHES, SINCE, UNTIL, URLS, Hunt
from .files import FILE_EVENTS, FILE_TABLES
from .network import DOMAIN_EVENTS, DOMAIN_TABLES, URL_EVENTS, URL_TABLES

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
    tables=FILE_TABLES,
    columns=_SEEN,
    query=f"""\
{FILE_EVENTS}
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
    tables=DOMAIN_TABLES,
    columns=_SEEN,
    query=f"""\
{DOMAIN_EVENTS}
| extend Sign = domains
| mv-expand Sign to typeof(string)
| where Host == Sign or Host endswith strcat(".", Sign)
{_BY_SIGN}""",
)

SWEEP_URLS = Hunt(
    name="sweep_urls",
    purpose="Which of these pages were opened by which machines",
    parameters=(URLS, SINCE, UNTIL),
    tables=URL_TABLES,
    columns=_SEEN,
    query=f"""\
{URL_EVENTS}
| extend Sign = urls
| mv-expand Sign to typeof(string)
| where Found startswith Sign
{_BY_SIGN}""",
)
