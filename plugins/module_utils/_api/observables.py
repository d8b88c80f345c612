# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, addresses, domains and users: what is known of one, and where it was seen."""

from __future__ import annotations

from .._operation import PAGE, Field, Operation
from .alerts import ALERT_READ
from .machines import MACHINE_READ
from .record_kinds import ALERT, KNOWN_FILE, MACHINE

FILE_READ = (("File.Read.All",),)
IP_READ = (("Ip.Read.All",),)
# The page spells it URL.Read.All, tokens do not.
DOMAIN_READ = (("Url.Read.All",),)

FILE = (Field("name", "id", required=True),)
IP = (Field("name", "ip", required=True),)
DOMAIN = (Field("name", "domain", required=True),)
USER = (Field("name", "id", required=True),)
LOOK_BACK = (Field("look_back_hours", "lookBackHours", type="int"),)

LONGEST_LOOK_BACK = 720
"""Hours (get-file-statistics.md)."""
MOST_MACHINES_OF_A_DOMAIN = 500
"""In one answer, and there are no pages (get-domain-related-machines.md)."""

GET_FILE = Operation(
    id="file.get",
    method="GET",
    path="/api/files/{id}",
    source="get-file-information.md, files.md",
    record=KNOWN_FILE,
    roles=FILE_READ,
    path_fields=FILE,
)

FILE_STATISTICS = Operation(
    id="file.get_statistics",
    method="GET",
    path="/api/files/{id}/stats",
    source="get-file-statistics.md",
    roles=FILE_READ,
    path_fields=FILE,
    query_fields=LOOK_BACK,
)

ALERTS_OF_FILE = Operation(
    id="file.list_alerts",
    method="GET",
    path="/api/files/{id}/alerts",
    source="get-file-related-alerts.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=FILE,
)

MACHINES_OF_FILE = Operation(
    id="file.list_machines",
    method="GET",
    path="/api/files/{id}/machines",
    source="get-file-related-machines.md",
    record=MACHINE,
    roles=MACHINE_READ,
    reply=PAGE,
    path_fields=FILE,
)

IP_STATISTICS = Operation(
    id="ip.get_statistics",
    method="GET",
    path="/api/ips/{ip}/stats",
    source="get-ip-statistics.md",
    roles=IP_READ,
    path_fields=IP,
    query_fields=LOOK_BACK,
)

ALERTS_OF_IP = Operation(
    id="ip.list_alerts",
    method="GET",
    path="/api/ips/{ip}/alerts",
    source="get-ip-related-alerts.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=IP,
)

DOMAIN_STATISTICS = Operation(
    id="domain.get_statistics",
    method="GET",
    path="/api/domains/{domain}/stats",
    source="get-domain-statistics.md",
    roles=DOMAIN_READ,
    path_fields=DOMAIN,
    query_fields=LOOK_BACK,
)

ALERTS_OF_DOMAIN = Operation(
    id="domain.list_alerts",
    method="GET",
    path="/api/domains/{domain}/alerts",
    source="get-domain-related-alerts.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=DOMAIN,
)

MACHINES_OF_DOMAIN = Operation(
    id="domain.list_machines",
    method="GET",
    path="/api/domains/{domain}/machines",
    source="get-domain-related-machines.md",
    record=MACHINE,
    roles=MACHINE_READ,
    reply=PAGE,
    path_fields=DOMAIN,
)

ALERTS_OF_USER = Operation(
    id="user.list_alerts",
    method="GET",
    path="/api/users/{id}/alerts",
    source="get-user-related-alerts.md, user.md",
    record=ALERT,
    roles=ALERT_READ,
    reply=PAGE,
    path_fields=USER,
)

MACHINES_OF_USER = Operation(
    id="user.list_machines",
    method="GET",
    path="/api/users/{id}/machines",
    source="get-user-related-machines.md, user.md",
    record=MACHINE,
    roles=MACHINE_READ,
    reply=PAGE,
    path_fields=USER,
)
