# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manners of Microsoft Graph, version 1.0; of its beta nothing is here."""

from __future__ import annotations

import datetime as dt
import typing as t
import uuid
from collections.abc import Mapping

from . import tenants
from .access import Caller
from .api import Manners
from .asked import Asked
from .contract import area
from .declared import GRAPH, Operation
from .routes import routes_of
from .seam import Problem
from .world import World

WORDS = {
    "Unauthorized": "InvalidAuthenticationToken",
    "ODataError": "BadRequest",
    "InvalidRequestBody": "BadRequest",
    "MissingRequiredParameter": "BadRequest",
    "ResourceNotFound": "NotFound",
    "InternalServerError": "UnknownError",
}
"""Code of Defender for Endpoint, in which most refusals are put -> what Graph calls the same."""
IN_DIRECTORY = {
    **WORDS,
    "ODataError": "Request_BadRequest",
    "InvalidRequestBody": "Request_BadRequest",
    "MissingRequiredParameter": "Request_BadRequest",
    "NotFound": "Request_ResourceNotFound",
    "Forbidden": "Authorization_RequestDenied",
}
"""What the directory, which answers everything but security, calls it."""
SECURITY = "security"
OF_ITS_OWN_KEYS = ("application.add_key", "application.remove_key")
SAID = {"Unauthorized": "Access token validation failure.", "Authorization_RequestDenied": "Insufficient privileges to complete the operation."}
REQUEST_ID, CLIENT_REQUEST_ID = "request-id", "client-request-id"


def _nowhere(asked: Asked) -> Problem:
    """Graph parses paths before it looks anything up, so one that means nothing is a bad request."""
    return Problem(400, "BadRequest", f"Resource not found for the segment '{asked.segments[-1]}'.")


def _error(asked: Asked, problem: Problem, headers: Mapping[str, str]) -> dict[str, t.Any]:
    """GraphError of the reference."""
    inner = {
        "date": dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        REQUEST_ID: headers[REQUEST_ID],
        CLIENT_REQUEST_ID: headers[CLIENT_REQUEST_ID],
    }
    words = WORDS if asked.segments[1:2] == (SECURITY,) else IN_DIRECTORY
    code = words.get(problem.code, problem.code)
    message = SAID.get(problem.code) or SAID.get(code) or problem.message
    return {"error": {"code": code, "message": message, "innerError": inner}}


def _headers(asked: Asked) -> dict[str, str]:
    """The service's id of the call, and the caller's, sent back (Graph best practices page)."""
    request_id = str(uuid.uuid4())
    return {REQUEST_ID: request_id, CLIENT_REQUEST_ID: asked.headers.get(CLIENT_REQUEST_ID, request_id)}


def _rolls_its_own_key(world: World, operation: Operation, values: Mapping[str, str], caller: Caller) -> bool:
    """Whoever has a key of an app may put another beside it (application-addkey.md)."""
    own = world.directory.application_of(caller.client_id)
    keys = {f"appId={own['appId']}", own["id"]} if own else set()
    return operation.id in OF_ITS_OWN_KEYS and values["id"].lower().replace("appid=", "appId=") in keys


MANNERS = Manners(
    routes=routes_of(GRAPH),
    resource=tenants.GRAPH,
    also_good=(),
    nowhere=_nowhere,
    error=_error,
    headers=_headers,
    codes=area("graph")["codes"],
    is_its_own=_rolls_its_own_key,
)
