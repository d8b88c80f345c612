# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hunting on Microsoft Graph and, until its end, on Defender for Endpoint: the same engine, two ways to ask and to answer."""

from __future__ import annotations

import datetime as dt
import json
import time
import typing as t

from .. import hunting
from ..contract import endpoints
from ..declared import DEFENDER, GRAPH
from ..hunting.refusals import NotHere, Refused, TimedOut, TooMuch
from ..hunting.spans import span_of
from ..seam import Call, Problem, Reply, behaviour
from ..world import World

if t.TYPE_CHECKING:
    from ..hunting.answers import Answer

TOO_LARGE = "Query execution has exceeded the allowed result size. Optimize your query by limiting the amount of results and try again."
SPENT = "You have exceeded processing resources allocated to this tenant. You can run queries again in {0}."


@behaviour("hunting.graph_run")
def graph_run(world: World, call: Call) -> Reply:
    if call.body.get("workspaceId"):
        raise Problem(400, "BadRequest", f"The workspace {call.body['workspaceId']} was not found")

    def answered() -> Answer:
        span = span_of(call.body["Timespan"], call.now) if call.body.get("Timespan") else None
        answer = _ask(world, call, span=span, odata=True)
        if answer.cut and not world.settings.hunting_cuts_rows:
            raise TooMuch(TOO_LARGE)
        return answer

    answer, _seconds = _measured(world, call, answered, GRAPH)
    context = f"{call.origin}/v1.0/$metadata#microsoft.graph.security.huntingQueryResults"
    return _reply({"@odata.context": context, "schema": answer.schema("name", "type")}, "results", answer)


@behaviour("hunting.mde_run")
def mde_run(world: World, call: Call) -> Reply:
    if call.now >= _end():
        return _ended(world)

    def answered() -> Answer:
        answer = _ask(world, call, endpoint_only=True)
        if answer.cut:
            raise TooMuch(TOO_LARGE)
        return answer

    answer, seconds = _measured(world, call, answered, DEFENDER)
    memory = {"hits": 0, "misses": 0, "total": 0}
    stats = {"ExecutionTime": seconds, "resource_usage": {"cache": {"memory": memory}},
             "dataset_statistics": [{"table_row_count": len(answer.rows), "table_size": answer.size}]}
    return _reply({"Stats": stats, "Schema": answer.schema("Name", "Type")}, "Results", answer)


def _ask(world: World, call: Call, **how: t.Any) -> Answer:
    from ..hunting.answers import Limits

    settings = world.settings
    limits = Limits(settings.hunting_rows, settings.hunting_bytes, settings.hunting_seconds)
    answer = hunting.of(world).ask(call.body["Query"], now=call.now, limits=limits, **how)
    if answer.too_large:
        raise TooMuch(TOO_LARGE)
    return answer


def _measured(world: World, call: Call, answered: t.Callable[[], Answer], service: str) -> tuple[Answer, float]:
    """The answer and the seconds it took; a query that fails costs as well."""
    quota = hunting.of(world).quotas[service]
    wait = quota.wait(world.settings.hunting_cpu_seconds, call.now)
    if wait is not None:
        # When to come again stands in the text alone: Retry-After is not always there (seen on Graph).
        raise Problem(429, "TooManyRequests", SPENT.format(dt.timedelta(seconds=round(wait.total_seconds()))))
    began = time.perf_counter()
    try:
        return answered(), time.perf_counter() - began
    except (Refused, TooMuch) as error:
        raise Problem(400, "BadRequest", str(error)) from error
    except TimedOut as error:
        raise Problem(504, "UnknownError", str(error)) from error
    except NotHere as error:
        raise Problem(501, "NotImplemented", str(error)) from error
    finally:
        quota.spend(time.perf_counter() - began, call.now)


def _reply(facts: dict[str, t.Any], member: str, answer: Answer) -> Reply:
    """The rows are JSON already, up to 50 MB of it."""
    before = json.dumps(facts, separators=(",", ":"))[:-1]
    return Reply(200, f'{before},"{member}":[{",".join(answer.rows)}]}}'.encode())


def _end() -> dt.datetime:
    return dt.datetime.fromisoformat(endpoints()["hunting.mde_run"]["ends"]).replace(tzinfo=dt.timezone.utc)


def _ended(world: World) -> Reply:
    if world.settings.hunting_at_its_end == "empty":
        return Reply(200, {"Schema": [], "Results": []})
    raise Problem(410, "Gone", "The advanced hunting API of Defender for Endpoint is retired; use Microsoft Graph")
