# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be said of an indicator, as options."""

from __future__ import annotations

import typing as t

from .._api import indicators

FACTS: dict[str, t.Any] = {
    "type": {"type": "str", "choices": list(indicators.TYPES)},
    "action": {"type": "str", "choices": list(indicators.ACTIONS["FileSha256"])},
    "title": {"type": "str"},
    "description": {"type": "str"},
    "severity": {"type": "str", "choices": list(indicators.SEVERITIES)},
    "generate_alert": {"type": "bool"},
    "expires": {"type": "str"},
    "application": {"type": "str"},
    "recommended_actions": {"type": "str"},
    "educate_url": {"type": "str"},
    "groups": {"type": "list", "elements": "str"},
}
"""What may be said of one entry, and of all."""

ENTRY: dict[str, t.Any] = {
    "value": {"type": "str", "required": True},
    "external_id": {"type": "str"},
    **FACTS,
}
