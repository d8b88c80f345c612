# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against offboarding a machine, which nobody can take back from here."""

from __future__ import annotations

import collections
import datetime
from dataclasses import dataclass

from .._api import alerts
from .._client import moments, odata
from .._client.record_types import moment_in
from .state import read_histories
from .targets import Refusal
from .two_states import ISOLATION

Reasons = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Leaving:
    """The rails for machines that are to leave; ``inactive_days`` is for how long they must have been silent."""

    refuse_open_alerts: bool
    inactive_days: int | None

    def vet(self, client, machines: list[dict]) -> list[Refusal]:
        """A refusal for each machine that should not leave, with all that speaks against it.

        :raises DefenderError: the record of isolations or the alerts could not be read
        """
        if not machines:
            return []
        now = moments.from_epoch(client.clock.time())
        against: Reasons = collections.defaultdict(list)
        self._isolated(client, machines, now, against)
        self._seen_lately(machines, now, against)
        if self.refuse_open_alerts:
            _with_open_alerts(client, machines, against)
        return [_refusal(machine, against[machine["id"]]) for machine in machines if machine["id"] in against]

    def _isolated(self, client, machines: list[dict], now: datetime.datetime, against: Reasons) -> None:
        """Offboarded, a machine could not hear a release any more."""
        for machine_id, history in read_histories(client, ISOLATION, [machine["id"] for machine in machines], now).items():
            if history.running is not None:
                against[machine_id].append(("isolated", f"{history.running.action['type']} is under way (action {history.running.action['id']})"))
            elif history.state == ISOLATION.on:
                against[machine_id].append(("isolated", f"it is isolated (action {history.action_id}); release it first"))
            elif history.state != ISOLATION.off:
                against[machine_id].append(("isolated", f"nobody can tell whether it is isolated (action {history.action_id})"))

    def _seen_lately(self, machines: list[dict], now: datetime.datetime, against: Reasons) -> None:
        if self.inactive_days is None:
            return
        since = now - datetime.timedelta(days=self.inactive_days)
        for machine in machines:
            seen = moment_in(machine, "lastSeen")
            if seen is None or seen > since:
                when = machine.get("lastSeen") or "nobody knows when"
                against[machine["id"]].append(("seen_lately", f"it was seen {when}, within {self.inactive_days} day(s)"))


def _with_open_alerts(client, machines: list[dict], against: Reasons) -> None:
    wanted = {machine["id"] for machine in machines}
    open_ = odata.any_of(odata.eq("status", "New"), odata.eq("status", "InProgress"))
    counted = collections.Counter(alert.get("machineId") for alert in client.list(alerts.LIST, where=open_))
    for machine_id in wanted.intersection(counted):
        against[machine_id].append(("open_alerts", f"it has {counted[machine_id]} open alert(s)"))


def _refusal(machine: dict, reasons: list[tuple[str, str]]) -> Refusal:
    name = machine.get("computerDnsName") or machine["id"]
    return Refusal(name, reasons[0][0], "; ".join(reason for _rule, reason in reasons), (machine,))
