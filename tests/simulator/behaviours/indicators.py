# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators: listed to those who may see them, submitted one by one, imported and deleted by the hundred."""

from __future__ import annotations

import typing as t

from ..checks import fits
from ..contract import endpoints
from ..indicators import Wrong
from ..rows import Listed
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing

EVERYONES = "Ti.ReadWrite.All"
IMPORT, BATCH_DELETE = "indicator.import", "indicator.batch_delete"


def _sees_all(call: Call) -> bool:
    return EVERYONES in call.app.roles


def _visible(world: World, call: Call) -> list[dict[str, t.Any]]:
    """With the smaller role an app sees what it made itself (get-ti-indicators-collection.md)."""
    return [row for row in world.indicators.active(call.now) if _sees_all(call) or row["createdBy"] == call.app.client_id]


def _put(world: World, call: Call, sent: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return world.indicators.put(sent, call.app.client_id, call.app.name, call.now, everyones=_sees_all(call))


@behaviour("indicator.list")
def list_indicators(world: World, call: Call) -> Reply:
    return listing(world, call, "indicator.list", Listed(_visible(world, call)))


@behaviour("indicator.submit")
def submit(world: World, call: Call) -> Reply:
    try:
        return Reply(200, _put(world, call, call.body))
    except Wrong as wrong:
        raise Problem(403 if wrong.code == "Forbidden" else 400, wrong.code, str(wrong)) from wrong


@behaviour(IMPORT)
def import_many(world: World, call: Call) -> Reply:
    """One that is wrong fails by itself, in an answer that is well otherwise (import-ti-indicators.md)."""
    sent = call.body["Indicators"]
    known = endpoints()["indicator.submit"]["body"]
    if len(sent) > endpoints()[IMPORT]["body"]["Indicators"]["max_items"]:
        raise Problem(400, "MaximumBatchSizeExceeded", "A call takes 500 indicators")
    if not all(isinstance(item, dict) and set(item) <= set(known) and all(fits(item[name], known[name]) for name in item) for item in sent):
        raise Problem(400, "InvalidRequestBody", "Request body is incorrect")
    context = f"{call.origin}/api/$metadata#Collection(ImportIndicatorResult)"
    return Reply(200, {"@odata.context": context, "value": [_result(world, call, item) for item in sent]})


def _result(world: World, call: Call, item: dict[str, t.Any]) -> dict[str, t.Any]:
    try:
        row = _put(world, call, item)
    except Wrong as wrong:
        return {"id": None, "indicator": item.get("indicatorValue"), "isFailed": True, "failureReason": str(wrong)}
    return {"id": row["id"], "indicator": row["indicatorValue"], "isFailed": False, "failureReason": None}


@behaviour("indicator.delete")
def delete(world: World, call: Call) -> Reply:
    id_ = call.values["id"]
    if id_ not in {row["id"] for row in _visible(world, call)}:
        raise Problem(404, "ResourceNotFound", f"Indicator {id_} was not found")
    world.indicators.remove({id_})
    return Reply(204)


@behaviour(BATCH_DELETE)
def batch_delete(world: World, call: Call) -> Reply:
    """One unknown id, and none is deleted: whether the others are the page does not say."""
    ids = call.body["IndicatorIds"]
    if len(ids) > endpoints()[BATCH_DELETE]["body"]["IndicatorIds"]["max_items"]:
        raise Problem(400, "MaximumBatchSizeExceeded", "A call takes 500 ids")
    if not all(id_.isdecimal() for id_ in ids):
        raise Problem(400, "InvalidInput", "An id is not valid")
    if not set(ids) <= {row["id"] for row in _visible(world, call)}:
        raise Problem(404, "ResourceNotFound", "An indicator was not found")
    world.indicators.remove(set(ids))
    return Reply(204)
