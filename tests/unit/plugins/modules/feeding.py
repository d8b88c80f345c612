# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a set of indicators on the simulator."""

from __future__ import annotations

from unit.plugins.modules.playing import work

IMPORT, DELETE = "indicator.import", "indicator.batch_delete"
ANALYSTS = "198.51.100.23"
HOUR, DAY = 3_600, 86_400


class Feed:
    """Keeps one set as the app that may, and knows what reached the tenant."""

    def __init__(self, tenant) -> None:
        self.tenant = tenant
        self.ahead = 0

    def later(self, seconds: int) -> None:
        """The clocks of both sides go on."""
        self.tenant.advance(seconds)
        self.ahead += seconds

    def __call__(self, values, **options):
        entries = [value if isinstance(value, dict) else {"value": value} for value in values]
        return self.keep(indicators=entries, **options)

    def keep(self, app: str = "commander", **options):
        return work(self.tenant, "indicators", app=app, ahead=self.ahead, **{"owner": "feed-x", "action": "Block", "title": "Feed X", **options})

    def calls(self, operation: str) -> int:
        return sum(1 for row in self.tenant.journal(service="defender") if row["operation"] == operation)

    def there(self) -> dict[str, dict]:
        rows = work(self.tenant, "indicator_info", app="commander", ahead=self.ahead)["indicators"]
        return {row["indicatorValue"]: row for row in rows}


def hashes(count: int, first: int = 1) -> list[str]:
    return [f"{number:064x}" for number in range(first, first + count)]


def named(result, outcome: str) -> list[str]:
    return [item["value"] for item in result["indicators"] if item["outcome"] == outcome]
