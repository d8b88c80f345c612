# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service ties to one alert: files, addresses, domains, the machine and the user."""

from __future__ import annotations

from .._operation import PAGE, Operation
from .alerts import ALERT_ID
from .machines import MACHINE_READ
from .observables import DOMAIN_READ, FILE_READ, IP_READ
from .record_kinds import MACHINE

LIST_FILES = Operation(
    id="alert.list_files",
    method="GET",
    path="/api/alerts/{id}/files",
    source="get-alert-related-files-info.md, files.md",
    roles=FILE_READ,
    reply=PAGE,
    path_fields=(ALERT_ID,),
)

LIST_IPS = Operation(
    id="alert.list_ips",
    method="GET",
    path="/api/alerts/{id}/ips",
    source="get-alert-related-ip-info.md",
    roles=IP_READ,
    reply=PAGE,
    path_fields=(ALERT_ID,),
)

LIST_DOMAINS = Operation(
    id="alert.list_domains",
    method="GET",
    path="/api/alerts/{id}/domains",
    source="get-alert-related-domain-info.md",
    roles=DOMAIN_READ,
    reply=PAGE,
    path_fields=(ALERT_ID,),
)

GET_MACHINE = Operation(
    id="alert.get_machine",
    method="GET",
    path="/api/alerts/{id}/machine",
    source="get-alert-related-machine-info.md",
    record=MACHINE,
    roles=MACHINE_READ,
    path_fields=(ALERT_ID,),
)

GET_USER = Operation(
    id="alert.get_user",
    method="GET",
    path="/api/alerts/{id}/user",
    source="get-alert-related-user-info.md",
    # Of this API; Graph has another role of the same name.
    roles=(("User.Read.All",),),
    path_fields=(ALERT_ID,),
)
