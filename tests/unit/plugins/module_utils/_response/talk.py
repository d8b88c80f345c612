# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of isolation ask of a result and of the tenant."""

from __future__ import annotations


def posts(simulator) -> list[dict]:
    return [row for row in simulator.journal() if row["method"] == "POST" and row["service"] == "defender"]


def entry(result: dict, name: str) -> dict:
    return next(machine for machine in result["machines"] if machine["name"].startswith(name))


def names(simulator) -> dict[str, str]:
    """Ids by first label of the name, of machines that have a name of their own."""
    token = simulator.token()
    answer = simulator.session.get(f"{simulator.url}/api/machines", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return {row["computerDnsName"].partition(".")[0]: row["id"] for row in answer.json()["value"]}
