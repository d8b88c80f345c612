# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service knows of one machine beside its record: users, software, weaknesses, advice, missing updates."""

from __future__ import annotations

from .._operation import NO_RATE_GIVEN, PAGE, Operation, Rate
from .machines import MACHINE_ID

LIST_LOGON_USERS = Operation(
    id="machine.list_logon_users",
    method="GET",
    path="/api/machines/{id}/logonusers",
    source="get-machine-log-on-users.md",
    # Of this API; Graph has another role of the same name.
    roles=(("User.Read.All",),),
    reply=PAGE,
    path_fields=(MACHINE_ID,),
)

LIST_SOFTWARE = Operation(
    id="machine.list_software",
    method="GET",
    path="/api/machines/{id}/software",
    source="get-installed-software.md, software.md",
    roles=(("Software.Read.All",),),
    reply=PAGE,
    path_fields=(MACHINE_ID,),
    rate=NO_RATE_GIVEN,
)

LIST_VULNERABILITIES = Operation(
    id="machine.list_vulnerabilities",
    method="GET",
    path="/api/machines/{id}/vulnerabilities",
    source="get-discovered-vulnerabilities.md, vulnerability.md",
    roles=(("Vulnerability.Read.All",),),
    reply=PAGE,
    path_fields=(MACHINE_ID,),
    rate=Rate(per_minute=50),
)

LIST_RECOMMENDATIONS = Operation(
    id="machine.list_recommendations",
    method="GET",
    path="/api/machines/{id}/recommendations",
    source="get-security-recommendations.md, recommendation.md",
    roles=(("SecurityRecommendation.Read.All",),),
    reply=PAGE,
    path_fields=(MACHINE_ID,),
    rate=NO_RATE_GIVEN,
)

LIST_MISSING_KBS = Operation(
    id="machine.list_missing_kbs",
    method="GET",
    path="/api/machines/{id}/getmissingkbs",
    source="get-missing-kbs-machine.md",
    roles=(("Software.Read.All",),),
    reply=PAGE,
    path_fields=(MACHINE_ID,),
    rate=NO_RATE_GIVEN,
)
