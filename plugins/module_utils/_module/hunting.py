# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One hunting query: written down or out of the library, asked, and its rows into the result or to a file."""

from __future__ import annotations

import datetime
import os
import typing as t

from .._api import hunting as api
from .._client import moments, timespan
from .._client.errors import BadAnswer, BadInput, Ended, Incomplete
from .._client.kql_binding import LONGEST, bind
from .._client.settings import GUID
from .._client.table import Table
from .._client.words import and_list
from .._operation import DEFENDER, GRAPH, Operation
from .._response.hunt_values import moment_of
from .._response.hunts import HUNTS
from . import rows_file

OPERATIONS: dict[str, Operation] = {GRAPH: api.GRAPH_RUN, DEFENDER: api.MDE_RUN}
OPTIONS: dict[str, t.Any] = {
    "query": {"type": "str"},
    "src": {"type": "path"},
    "hunt": {"type": "str", "choices": list(HUNTS)},
    "parameters": {"type": "dict", "default": {}},
    "timespan": {"type": "str"},
    "workspace_id": {"type": "str"},
    "service": {"type": "str", "choices": list(OPERATIONS), "default": GRAPH},
    "past_end_date": {"type": "bool", "default": False},
    "dest": {"type": "path"},
    "allow_incomplete": {"type": "bool", "default": False},
}
_SOURCES = ("query", "src", "hunt")
RULES = {"mutually_exclusive": [_SOURCES], "required_one_of": [_SOURCES]}
_ONLY_ON_GRAPH = ("timespan", "workspace_id")
_LEEWAY = datetime.timedelta(minutes=15)
"""For clocks that differ, and for a task that was begun a while ago."""
_OLDEST = f"the tables of Defender go back {api.DAYS_KEPT} days only"


def work(client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Ask the query and hand out what it finds.

    :raises BadInput: an option is wrong
    :raises Incomplete: there may be more rows than came
    """
    operation = OPERATIONS[params["service"]]
    now = moments.from_epoch(client.clock.time())
    text = _text(params)
    _check_span(client, params, now)
    _check_moments(client, params, now)
    target = rows_file.target(params["dest"]) if params["dest"] else None
    client.past_end = params["past_end_date"]
    client.require((operation,))
    folder = os.path.dirname(os.path.abspath(target.path)) if target else None
    values = {name: params[name] for name in _ONLY_ON_GRAPH if params[name] is not None}
    with client.table(operation, folder=folder, query=text, **values) as table:
        complete = _is_complete(client, params, operation, table, now)
        facts = {
            "service": params["service"],
            "query": text,
            "columns": [column.describe() for column in table.columns],
            "count": table.count,
            "complete": complete,
            "statistics": table.statistics,
        }
        if target is None:
            return {**facts, "rows": [row for row, _spelling in table.rows()]}
        names = [column.name for column in table.columns]
        return {**facts, **rows_file.write(target, table.rows(), names, dry=client.dry)}


def _text(params: t.Mapping[str, t.Any]) -> str:
    """The query as it is sent, with its parameters bound."""
    given = params["parameters"]
    if params["hunt"] is None:
        return bind(params["query"] if params["src"] is None else _read(params["src"]), given)
    hunt = HUNTS[params["hunt"]]
    if params["service"] == DEFENDER and not hunt.for_any_service:
        raise BadInput(f"hunt is {hunt.name}, and the classic service knows no table but those of machines", hint="Set service to graph")
    return hunt.bind(given)


def _read(path: str) -> str:
    hint = "The file is read where the task runs, and holds the text of a query in UTF-8"
    try:
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read(LONGEST + 1)
    except OSError as error:
        raise BadInput(f"src: {path} cannot be read: {error.strerror}", hint=hint) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"src: {path} is not a text in UTF-8", hint=hint) from error


def _check_span(client, params: t.Mapping[str, t.Any], now: datetime.datetime) -> None:
    given = [name for name in _ONLY_ON_GRAPH if params[name] is not None]
    if given and params["service"] == DEFENDER:
        hint = "Set service to graph, or begin the query with where Timestamp > ago(7d)"
        raise BadInput(f"{given[0]} is given, and the classic service takes none", hint=hint)
    if params["workspace_id"] is not None and not GUID.fullmatch(params["workspace_id"]):
        raise BadInput(f"workspace_id is {params['workspace_id']!r}", hint="Give the id of the workspace, a GUID, and not its name")
    if params["timespan"] is None:
        return
    begin = timespan.begin_of(params["timespan"], now)
    _check_has_come("timespan", params["timespan"], begin, now)
    if begin < now - datetime.timedelta(days=api.DAYS_KEPT) and params["workspace_id"] is None:
        client.warnings.append(f"timespan is {params['timespan']}, and {_OLDEST}")


def _check_moments(client, params: t.Mapping[str, t.Any], now: datetime.datetime) -> None:
    """Pass the moments of a hunt, between which there is something to be found: nothing found looks like an all-clear."""
    parameters = HUNTS[params["hunt"]].parameters if params["hunt"] else ()
    of_moments = [parameter.name for parameter in parameters if parameter.kind == "moment"]
    given = {name: moment_of(name, params["parameters"][name]) for name in of_moments if params["parameters"].get(name) is not None}
    for name, moment in given.items():
        if name != "until":
            _check_has_come(f"parameters: {name}", params["parameters"][name], moment, now)
    if "since" in given and "until" in given and given["since"] >= given["until"]:
        raise BadInput("parameters: since is not before until, so nothing could be found", hint="Give the earlier time as since")
    oldest = now - datetime.timedelta(days=api.DAYS_KEPT) - _LEEWAY
    if any(moment < oldest for moment in given.values()) and params["workspace_id"] is None:
        client.warnings.append(f"{and_list(name for name in given if given[name] < oldest)} is longer ago, and {_OLDEST}")


def _check_has_come(name: str, spelt: t.Any, moment: datetime.datetime, now: datetime.datetime) -> None:
    if moment > now + _LEEWAY:
        raise BadInput(f"{name} is {spelt}, which has not come yet, so nothing could be found", hint="Give it in UTC, and check the clock of this machine")


def _is_complete(client, params: t.Mapping[str, t.Any], operation: Operation, table: Table, now: datetime.datetime) -> bool:
    if not table.count and operation.ends is not None and now.date() >= operation.ends:
        # What an ended service answers is on no page; nothing at all would look like an all-clear.
        raise Ended(f"{operation.id} has found nothing, but the service ended it on {operation.ends}", hint=operation.instead)
    if not table.columns:
        # Every query has columns, so this was no look at any table.
        raise BadAnswer(f"{operation.id} was answered with neither columns nor rows", hint="Ask again; such an answer is no all-clear")
    if table.count < api.MOST_ROWS:
        return True
    said = f"There are {table.count} rows, as many as one answer holds, so there may be more"
    if not params["allow_incomplete"]:
        hint = "Ask for less, or in several queries of a part each, such as a day; with allow_incomplete: true these rows will do"
        raise Incomplete(said, hint=hint)
    client.warnings.append(said)
    return False
