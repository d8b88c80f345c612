# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing alerts: one by one, or many at once."""

from __future__ import annotations

import typing as t

from ..alert_writes import commented, written
from ..contract import endpoints
from ..rows import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World

FIELDS = ("status", "assignedTo", "classification", "determination")
PAIRS: dict[str, list[str]] = endpoints()["alert.update"]["body"]["determination"]["by_classification"]
SAME = {"ConfirmedUserActivity": "ConfirmedActivity", "Clean": "NotMalicious"}
"""What the page of the batch calls a determination -> what that of the single update does."""


@behaviour("alert.update")
def update(world: World, call: Call) -> Reply:
    alert = world.alerts.get(call.values["id"])
    if alert is None:
        raise Problem(404, "ResourceNotFound", f"Alert {call.values['id']} was not found")
    return Reply(200, dict(_changed(world, alert, call)))


@behaviour("alert.batch_update")
def batch_update(world: World, call: Call) -> Reply:
    """Success has no body; unknown ids are passed over (what becomes of them is not told)."""
    ids, most = call.body["alertIds"], world.settings.alerts_a_batch
    if len(ids) > most:
        raise Problem(400, "MaximumBatchSizeExceeded", f"The maximum batch size is {most}, and {len(ids)} were sent")
    for alert in filter(None, map(world.alerts.get, dict.fromkeys(ids))):
        _changed(world, alert, call)
    return Reply(200)


def _changed(world: World, alert: Row, call: Call) -> Row:
    """What is left out stays; a comment is added to those that are there."""
    sent: dict[str, t.Any] = {name: call.body[name] for name in FIELDS if call.body.get(name) is not None}
    determination = sent.get("determination")
    classification = sent.get("classification", alert["classification"])
    if determination and SAME.get(determination, determination) not in PAIRS.get(classification, ()):
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    if call.body.get("comment"):
        commented(world, alert["id"], call.body["comment"], by=call.app.client_id, now=call.now)
    return written(world, alert["id"], sent, now=call.now)
