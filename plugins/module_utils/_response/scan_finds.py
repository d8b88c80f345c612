# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan found, told from the alerts raised since: a scan that found something ends as well as one that did not."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import replace

from .._api import alerts
from .._client import odata
from .._client.errors import DefenderError
from .._client.record_types import moment_in
from .._client.text import plain
from .history import created
from .outcome import Outcome

Alert = dict[str, t.Any]


def with_new_alerts(client, outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes, each with the alerts of its machine since its action was asked for; one question for all.

    When the alerts cannot be read it says so and leaves them open, for the scans themselves have ended.
    """
    begun = {outcome.step.machine_id: created(outcome.action) for outcome in outcomes if outcome.action is not None}
    if not begun:
        return outcomes
    try:
        found = _raised_since(client, begun)
    except DefenderError as error:
        client.warnings.append(f"The alerts since the scan could not be read: {error.sentence()}")
        return [replace(outcome, found={**outcome.found, "new_alerts": None}) for outcome in outcomes]
    return [_with_alerts(outcome, found.get(outcome.step.machine_id, [])) for outcome in outcomes]


def _raised_since(client, begun: t.Mapping[str, datetime.datetime]) -> dict[str, list[Alert]]:
    found: dict[str, list[Alert]] = {machine_id: [] for machine_id in begun}
    for alert in client.list(alerts.LIST, where=odata.ge("alertCreationTime", min(begun.values()))):
        since = begun.get(alert.get("machineId") or "")
        raised = moment_in(alert, "alertCreationTime")
        if since is not None and raised is not None and raised >= since:
            found[alert["machineId"]].append({"id": alert["id"], "title": plain(alert.get("title") or ""), "severity": alert.get("severity")})
    return found


def _with_alerts(outcome: Outcome, new: list[Alert]) -> Outcome:
    told = f", and {len(new)} alert(s) were raised on the machine since" if new else ""
    return replace(outcome, reason=outcome.reason + told, found={**outcome.found, "new_alerts": new})
