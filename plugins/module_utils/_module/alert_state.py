# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module that changes alerts: what is wanted, whether it may be, and how it is told."""

from __future__ import annotations

import collections
import typing as t

from .._api import alerts
from .._client.errors import BadInput, PartlyFailed, Refused
from .._client.words import and_list
from .._response import alert_changes
from .filters import some
from .found import Found, missing, rows_with

Params = t.Mapping[str, t.Any]

WANTED = ("status", "assigned_to", "classification", "determination", "comment")


def work(client, params: Params) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: the options do not go together
    :raises Refused: somebody else has taken one of the alerts; nothing was sent
    :raises PartlyFailed: some could not be changed; its details are the whole report
    """
    wanted = wanted_of(params)
    if params["batch_size"] < 1:
        raise BadInput(f"batch_size is {params['batch_size']}", hint="Give a number from 1")
    ids = list(dict.fromkeys(word.strip() for word in some("id", params["id"])))
    client.require((alerts.LIST, alerts.UPDATE, alerts.BATCH_UPDATE))
    there = {row["id"]: row for row in rows_with(client, alerts.LIST, "id", ids)}
    found = Found([there[id_] for id_ in ids if id_ in there], {id_: f"there is none with the id {id_}" for id_ in ids if id_ not in there})
    if found.not_found and not params["allow_missing"]:
        raise missing("alerts", found)
    if not params["take_over"]:
        refuse_to_take(found.rows, wanted)
    report = alert_changes.bring(client, found.rows, wanted, batch_size=params["batch_size"])
    result = told(report, found)
    if report.bad:
        hint = "Look at reason for each alert, then run the task again: alerts already changed are left alone"
        raise PartlyFailed(result["msg"], hint=hint, details=result)
    return result


def wanted_of(params: Params) -> dict[str, str]:
    """What the options want, by our names.

    :raises BadInput: one is empty, or two do not go together
    """
    wanted = {name: params[name].strip() for name in WANTED if params[name] is not None}
    for name, value in wanted.items():
        if not value:
            raise BadInput(f"{name} is empty", hint=f"Give {name}, or leave it out so that it stays as it is")
    classification, determination = wanted.get("classification"), wanted.get("determination")
    if classification and determination and determination not in alerts.DETERMINATIONS[classification]:
        fitting = and_list(alerts.DETERMINATIONS[classification])
        raise BadInput(f"determination {determination} does not go with the classification {classification}", hint=f"With it go {fitting}")
    return wanted


def refuse_to_take(rows: t.Iterable[t.Mapping[str, t.Any]], wanted: t.Mapping[str, str]) -> None:
    """Leave alerts with whom they are.

    :raises Refused: somebody else has taken one
    """
    if "assigned_to" not in wanted:
        return
    taken = {row["id"]: row["assignedTo"] for row in rows if row["assignedTo"] and row["assignedTo"].casefold() != wanted["assigned_to"].casefold()}
    if not taken:
        return
    raise Refused(
        f"{len(taken)} alert(s) are taken already, by {and_list(sorted(set(taken.values())))}; nothing was sent",
        hint="Ask them first; then set take_over: true, or leave these alerts out",
        details={"taken": [{"id": id_, "assigned_to": person} for id_, person in taken.items()]},
    )


def told(report: alert_changes.Report, found: Found) -> dict[str, t.Any]:
    """The result of the task."""
    counts = collections.Counter(entry["outcome"] for entry in report.entries)
    changed = [entry for entry in report.entries if entry["changed"]]
    said = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items())
    return {
        "changed": bool(changed),
        "msg": f"Of {len(report.entries)} alert(s) {said or 'none is there'}",
        "alerts": report.entries,
        "not_found": list(found.not_found),
        "diff": {side: {entry["id"]: entry[side] for entry in changed} for side in ("before", "after")},
    }
