# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is known of one machine: its users, software, weaknesses, advice and missing updates."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .. import machine_facts
from ..rows import Listed, Row
from ..seam import Call, Reply, behaviour
from ..world import World
from .lists import listing
from .machines import found_machine

Facts = Callable[[World, Row], t.Iterable[dict[str, t.Any]]]

LISTS: dict[str, Facts] = {
    "machine.list_logon_users": machine_facts.logon_users,
    "machine.list_software": machine_facts.software,
    "machine.list_vulnerabilities": machine_facts.vulnerabilities,
    "machine.list_recommendations": machine_facts.recommendations,
    "machine.list_missing_kbs": machine_facts.missing_kbs,
}


def _lists(operation: str, facts: Facts) -> None:
    @behaviour(operation)
    def list_facts(world: World, call: Call) -> Reply:
        return listing(world, call, operation, Listed(facts(world, found_machine(world, call))))


for _operation, _facts in LISTS.items():
    _lists(_operation, _facts)
