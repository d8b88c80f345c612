# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunts for connections: who reached a domain, a page, an address."""

from __future__ import annotations

from ..hunt import ADDRESSES, DOMAINS, SINCE, UNTIL, URLS, Hunt

# The host alone, of what may be a host, a host and port, or a whole address.
HOST_OF_URL = 'extract(@"^(?:[a-z][a-z0-9+.-]*://)?([^/:?#]+)", 1, tolower(RemoteUrl))'

_BY_WHOM = "InitiatingProcessAccountName, InitiatingProcessFileName, InitiatingProcessCommandLine"

DOMAIN_TABLES = ("DeviceNetworkEvents", "DeviceEvents")
DOMAIN_EVENTS = f"""\
union
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | where RemoteUrl has_any (domains)
    | extend Host = {HOST_OF_URL}
    | project Timestamp, DeviceId, DeviceName, ActionType, Host, RemoteIP, RemotePort, {_BY_WHOM}),
    (DeviceEvents
    | where Timestamp between (since .. until)
    | where ActionType == "DnsQueryResponse" and AdditionalFields has_any (domains)
    | extend Host = tolower(tostring(parse_json(AdditionalFields).DnsQueryString))
    | project Timestamp, DeviceId, DeviceName, ActionType, Host, RemoteIP, RemotePort, {_BY_WHOM})"""

URL_TABLES = ("DeviceNetworkEvents", "DeviceEvents", "DeviceFileEvents")
URL_EVENTS = f"""\
union
    (DeviceNetworkEvents
    | where Timestamp between (since .. until)
    | where RemoteUrl has_any (hosts)
    | project Timestamp, DeviceId, DeviceName, ActionType, Found = RemoteUrl, FileName = "", SHA256 = "", {_BY_WHOM}),
    (DeviceEvents
    | where Timestamp between (since .. until)
    | where RemoteUrl has_any (hosts)
    | project Timestamp, DeviceId, DeviceName, ActionType, Found = RemoteUrl, FileName, SHA256, {_BY_WHOM}),
    (DeviceFileEvents
    | where Timestamp between (since .. until)
    | where FileOriginUrl has_any (hosts)
    | project Timestamp, DeviceId, DeviceName, ActionType, Found = FileOriginUrl, FileName, SHA256, {_BY_WHOM})"""

DOMAIN_REACHED = Hunt(
    name="domain_reached",
    purpose="Which machines asked for these domains or connected to them",
    parameters=(DOMAINS, SINCE, UNTIL),
    tables=DOMAIN_TABLES,
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "Domain", "Host", "RemoteIP", "RemotePort", "ActionType", "InitiatingProcessAccountName",
        "InitiatingProcessFileName", "InitiatingProcessCommandLine",
    ),
    query=f"""\
{DOMAIN_EVENTS}
| extend Domain = domains
| mv-expand Domain to typeof(string)
| where Host == Domain or Host endswith strcat(".", Domain)
| project Timestamp, DeviceId, DeviceName, Domain, Host, RemoteIP, RemotePort, ActionType, InitiatingProcessAccountName,
    InitiatingProcessFileName, InitiatingProcessCommandLine
| order by Timestamp asc
""",
)

URL_REACHED = Hunt(
    name="url_reached",
    purpose="Which machines opened these pages or took files from them; what was encrypted often shows the host alone, so look for domains as well",
    parameters=(URLS, SINCE, UNTIL),
    tables=URL_TABLES,
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "Url", "Found", "FileName", "SHA256", "ActionType", "InitiatingProcessAccountName",
        "InitiatingProcessFileName", "InitiatingProcessCommandLine",
    ),
    query=f"""\
{URL_EVENTS}
| extend Url = urls
| mv-expand Url to typeof(string)
| where Found startswith Url
| project Timestamp, DeviceId, DeviceName, Url, Found, FileName, SHA256, ActionType, InitiatingProcessAccountName,
    InitiatingProcessFileName, InitiatingProcessCommandLine
| order by Timestamp asc
""",
)

ADDRESS_REACHED = Hunt(
    name="address_reached",
    purpose="Which machines connected to these IP addresses, or were reached from them",
    parameters=(ADDRESSES, SINCE, UNTIL),
    tables=("DeviceNetworkEvents",),
    columns=(
        "Timestamp", "DeviceId", "DeviceName", "Address", "RemotePort", "RemoteUrl", "LocalPort", "Protocol", "ActionType",
        "InitiatingProcessAccountName", "InitiatingProcessFileName", "InitiatingProcessCommandLine",
    ),
    query="""\
DeviceNetworkEvents
| where Timestamp between (since .. until)
| extend Address = replace_string(tolower(RemoteIP), "::ffff:", "")
| where Address in (addresses)
| project Timestamp, DeviceId, DeviceName, Address, RemotePort, RemoteUrl, LocalPort, Protocol, ActionType,
    InitiatingProcessAccountName, InitiatingProcessFileName, InitiatingProcessCommandLine
| order by Timestamp asc
""",
)
