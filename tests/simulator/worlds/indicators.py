# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The indicators of the world under attack: of an analyst at the portal, of a feed, and one about to end."""

from __future__ import annotations

import datetime as dt

from ..clock import stamp
from ..indicators import Indicators

ANALYST = "analyst@contoso.com"


def indicators(now: dt.datetime) -> Indicators:
    kept = Indicators()
    kept.put(
        {
            "indicatorValue": "198.51.100.23", "indicatorType": "IpAddress", "action": "Block", "title": "Command server",
            "description": "Incident 1126001", "severity": "High", "sourceType": "User", "createdBySource": "Portal",
        },
        ANALYST, ANALYST, now - dt.timedelta(days=1),
    )
    kept.put(
        {
            "indicatorValue": "billing.example", "indicatorType": "DomainName", "action": "Audit", "title": "Looks like ours",
            "description": "Of a feed [owner:feed-lookalikes]", "severity": "Medium", "generateAlert": True,
            "expirationTime": stamp(now + dt.timedelta(hours=1)),
        },
        ANALYST, ANALYST, now - dt.timedelta(days=2),
    )
    return kept
