# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module that changes alerts, at either service."""

from __future__ import annotations

import typing as t

from .._api import alerts, graph_alerts
from .._client.errors import BadInput
from .._response import alert_words as words
from .._response.changes import Writer, bring
from .._response.one_by_one import each_by_id
from .._response.writers import AtGraph, ClassicAlerts
from .filters import some_ids
from .found import Found, missing, rows_with
from .people_at_work import refuse_odd_pairs, refuse_to_take, told

Params = t.Mapping[str, t.Any]
Read = t.Callable[[t.Any, t.Sequence[str]], t.Mapping[str, dict]]

WANTED = ("status", "assigned_to", "classification", "determination", "comment", "incident_id")
CLASSIC = (alerts.LIST, alerts.UPDATE, alerts.BATCH_UPDATE)
GRAPH = (graph_alerts.GET, graph_alerts.UPDATE, graph_alerts.ADD_COMMENT, graph_alerts.MOVE)


def at_classic(client, params: Params) -> dict[str, t.Any]:
    """See to it at Defender for Endpoint; raises as ``_work`` does."""
    return _work(client, params, _read_classic, ClassicAlerts(client, params["batch_size"]))


def at_graph(client, params: Params) -> dict[str, t.Any]:
    """See to it at Microsoft Graph; raises as ``_work`` does."""
    return _work(client, params, lambda client, ids: each_by_id(client, graph_alerts.GET, "alert_id", ids), AtGraph.alerts(client))


def check(params: Params) -> None:
    """See that the options go together, before a service is chosen.

    :raises BadInput: they do not
    """
    wanted_of(params)
    if params["batch_size"] < 1:
        raise BadInput(f"batch_size is {params['batch_size']}", hint="Give a number from 1")


def _read_classic(client, ids: t.Sequence[str]) -> dict[str, dict]:
    return {row["id"]: row for row in rows_with(client, alerts.LIST, "id", ids)}


def _work(client, params: Params, read: Read, writer: Writer) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: the options do not go together
    :raises NotFound: one of the alerts is not there
    :raises Refused: somebody else has taken one of the alerts; nothing was sent
    :raises PartlyFailed: some could not be changed; its details are the whole report
    """
    wanted = wanted_of(params)
    ids = some_ids(params["id"])
    there = read(client, ids)
    found = Found([there[id_] for id_ in ids if id_ in there], {id_: f"there is none with the id {id_}" for id_ in ids if id_ not in there})
    if found.not_found and not params["allow_missing"]:
        raise missing("alerts", found)
    if not params["take_over"]:
        refuse_to_take("alert", found.rows, wanted.get("assigned_to"))
    refuse_odd_pairs("alert", found.rows, wanted)
    return told("alert", bring(client, writer, found.rows, lambda row: wanted), {"not_found": list(found.not_found)})


def wanted_of(params: Params) -> dict[str, str]:
    """What the options want, by our names.

    :raises BadInput: one is empty, or two do not go together
    """
    wanted = {name: params[name].strip() for name in WANTED if params[name] is not None}
    for name, value in wanted.items():
        if not value:
            raise BadInput(f"{name} is empty", hint=f"Give {name}, or leave it out so that it stays as it is")
    words.check_verdict(wanted.get("classification"), wanted.get("determination"))
    return wanted
