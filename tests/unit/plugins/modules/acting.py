# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of modules that act on machines ask of a result and of the tenant."""

from __future__ import annotations

import typing as t

from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import work


class Asking:
    """Runs one module as the app that may do everything, and knows what reached the tenant."""

    def __init__(self, tenant, module: str, **usual: t.Any) -> None:
        self.tenant = tenant
        self.module = module
        self._usual = {"comment": "Incident 1126093", "poll_interval": 1, "wait_timeout": 20, **usual}

    def __call__(self, *machines: str, **options: t.Any) -> dict[str, t.Any]:
        named = {"machines": list(machines)} if machines else {}
        return work(self.tenant, self.module, app="commander", **{**self._usual, **named, **options})

    def again(self, result: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
        """Take up the wait for what ``result`` left pending, as another job does."""
        return self(action_ids=result["action_ids"], comment=None, **options)

    def sent(self) -> int:
        """How many requests to do something the tenant saw."""
        return sum(1 for row in self.tenant.journal(service="defender") if row["method"] == "POST")

    def truth(self, key: str) -> dict[str, t.Any]:
        return self.tenant.machine(machine_id(key))


def entry(result: dict[str, t.Any], name: str) -> dict[str, t.Any]:
    """What the result says of one machine."""
    return next(machine for machine in result["machines"] if machine["name"].startswith(name))


def refusals(error: t.Any) -> dict[str, tuple[str, str]]:
    """Rule and reason by the first label of each name that was refused."""
    return {refusal["target"].partition(".")[0]: (refusal["rule"], refusal["reason"]) for refusal in error.details["refused"]}
