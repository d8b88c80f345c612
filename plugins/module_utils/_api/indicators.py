# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators: files, addresses, domains and certificates that the tenant allows, watches or blocks."""

from __future__ import annotations

from .._operation import NONE, PAGE, WRITE, Field, Operation, Rate
from .record_kinds import INDICATOR

# Pages of late 2025 name only the larger role, older ones both. With the smaller an app sees what it made itself.
TI_WRITE = (("Ti.ReadWrite", "Ti.ReadWrite.All"),)
SMALLER_ROLE = (("Forbidden", "With Ti.ReadWrite an app reaches only what it made itself; grant Ti.ReadWrite.All, or look at the device groups"),)
A_CALL = 500
MOST = 15_000
"""Active indicators in a tenant (post-ti-indicator.md)."""

FILES = ("FileSha1", "FileSha256", "FileMd5")
NETWORK = ("IpAddress", "DomainName", "Url")
TYPES = (*FILES, "CertificateThumbprint", *NETWORK)
SEVERITIES = ("Informational", "Low", "Medium", "High")
ACTIONS = {
    **dict.fromkeys(FILES, ("Allowed", "Audit", "Warn", "Block", "BlockAndRemediate")),
    **dict.fromkeys(NETWORK, ("Allowed", "Audit", "Warn", "Block")),
    "CertificateThumbprint": ("Allowed", "BlockAndRemediate"),
}
"""Type of indicator -> actions that it may have (indicators-overview.md)."""

LIST = Operation(
    id="indicator.list",
    method="GET",
    path="/api/indicators",
    source="get-ti-indicators-collection.md",
    record=INDICATOR,
    roles=TI_WRITE,
    reply=PAGE,
    # What $top takes at most; the size of a page without it is stated nowhere.
    page_size=10_000,
    page_size_is_stated=False,
    filterable=(
        "application", "createdByDisplayName", "expirationTime", "generateAlert", "title", "rbacGroupNames", "rbacGroupIds",
        "indicatorValue", "indicatorType", "creationTimeDateTimeUtc", "createdBy", "action", "severity",
    ),
)

SUBMIT = Operation(
    id="indicator.submit",
    method="POST",
    path="/api/indicators",
    source="post-ti-indicator.md, ti-indicator.md, indicators-overview.md",
    record=INDICATOR,
    roles=TI_WRITE,
    effect=WRITE,
    body_fields=(
        Field("value", "indicatorValue", required=True),
        Field("type", "indicatorType", required=True, choices=TYPES),
        # Alert and AlertAndBlock ended in January 2022 and stand in the page's list still.
        Field("action", "action", required=True, choices=("Warn", "Block", "Audit", "Alert", "AlertAndBlock", "BlockAndRemediate", "Allowed")),
        Field("title", "title", required=True),
        Field("description", "description", required=True),
        Field("application", "application"),
        Field("expires", "expirationTime", type="datetime"),
        Field("severity", "severity", choices=SEVERITIES),
        Field("recommended_actions", "recommendedActions"),
        Field("groups", "rbacGroupNames", type="list"),
        Field("educate_url", "educateUrl"),
        Field("generate_alert", "generateAlert", type="bool"),
        Field("external_id", "externalId"),
    ),
    hints=SMALLER_ROLE,
)

IMPORT = Operation(
    id="indicator.import",
    method="POST",
    path="/api/indicators/import",
    source="import-ti-indicators.md",
    roles=TI_WRITE,
    effect=WRITE,
    reply=PAGE,
    body_fields=(Field("indicators", "Indicators", type="list", required=True, max_items=A_CALL),),
    rate=Rate(per_minute=30, per_hour=None),
    hints=SMALLER_ROLE,
)

DELETE = Operation(
    id="indicator.delete",
    method="DELETE",
    path="/api/indicators/{id}",
    source="delete-ti-indicator-by-id.md",
    roles=TI_WRITE,
    effect=WRITE,
    reply=NONE,
    success=(204,),
    path_fields=(Field("indicator_id", "id", required=True),),
    hints=SMALLER_ROLE,
)

BATCH_DELETE = Operation(
    id="indicator.batch_delete",
    method="POST",
    path="/api/indicators/BatchDelete",
    source="batch-delete-ti-indicators.md",
    roles=(("Ti.ReadWrite.All",),),
    effect=WRITE,
    reply=NONE,
    success=(204,),
    body_fields=(Field("ids", "IndicatorIds", type="list", required=True, max_items=A_CALL),),
    rate=Rate(per_minute=30, per_hour=1500),
)
