# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: every request comes in here, is written down, meets its fault, and gets its answer."""

from __future__ import annotations

import asyncio
import json
import typing as t
from urllib.parse import urlencode

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from . import blobs, control, identity_host, storage, wire
from .asked import CONTROL, ENTRA, IDENTITY, STORAGE, Asked
from .entra_errors import Refused, table
from .faults import Fault
from .seam import Problem
from .state import Simulator

if t.TYPE_CHECKING:
    from .api import Api

GATEWAY_PAGE = b"<html><head><title>Bad gateway</title></head><body><h1>Our services aren't available right now</h1></body></html>"
GATEWAYS = range(502, 505)
"""Statuses that gateways answer, with a page of their own, unless the fault says otherwise."""
BUSY = "AADSTS90033"
NEXT_LINK = "@odata.nextLink"


class App:
    """An ASGI application."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        asked = await Asked.read(Request(scope, receive))
        if asked.is_plain and asked.service != IDENTITY:
            await wire.send(Response("This address is for managed identities.", 404), scope, receive, send)
            return
        if asked.service == CONTROL:
            await wire.send(control.answer(self._simulator, asked), scope, receive, send)
            return
        tenancy = self._simulator.tenancy(_named_tenant(asked))
        asked.tenant = tenancy.tenant.id
        service = tenancy.service(asked)
        service.find(asked)
        asked.fault = next((fault for fault in self._simulator.faults if fault.takes(asked)), None)
        journal = self._simulator.journal
        row = journal.begin(asked)
        await self._wait(asked)
        if asked.faulty("drop"):
            journal.end(row, asked, None)
            await wire.drop(receive, send)
            return
        response = _stand_in(asked, self._simulator, service) or service.answer(asked)
        if asked.faulty("drop_after"):
            journal.end(row, asked, None)
            await wire.drop(receive, send)
            return
        response = _spoilt(response, asked)
        journal.end(row, asked, response.status_code)
        await wire.send(response, scope, receive, send, half=asked.faulty("truncate") is not None)

    async def _wait(self, asked: Asked) -> None:
        slow = asked.faulty("slow")
        seconds = self._simulator.settings.latency_ms / 1000 + (slow.seconds if slow else 0)
        if seconds:
            await asyncio.sleep(seconds)


def _stand_in(asked: Asked, simulator: Simulator, service: t.Any) -> Response | None:
    """The answer of a fault that lets nothing take effect."""
    fault = asked.fault
    if fault is None or fault.kind not in ("status", "not_json"):
        return None
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    response = _status_response(asked, fault, simulator, service)
    response.headers.update(headers)
    return response


def _status_response(asked: Asked, fault: Fault, simulator: Simulator, service: t.Any) -> Response:
    if fault.kind == "not_json":
        return Response(GATEWAY_PAGE, fault.status or 200, media_type="text/html")
    status = fault.status or 500
    if isinstance(fault.body, str):
        return Response(fault.body, status, media_type="text/html")
    if fault.body is not None:
        return JSONResponse(fault.body, status)
    if fault.code is None and status in GATEWAYS:
        return Response(GATEWAY_PAGE, status, media_type="text/html")
    if asked.service == ENTRA:
        return _entra_refusal(fault, simulator)
    if asked.service == STORAGE:
        return storage.refusal(blobs.Refused(status, fault.code or "InternalError", "Something went wrong on purpose"))
    if asked.service == IDENTITY:
        return identity_host.refusal(asked, identity_host.NotGiven(fault.code or "unknown", "Something went wrong on purpose", status))
    api: Api = service
    return api.refusal(asked, Problem(status, fault.code or api.code_for(status), "Something went wrong on purpose"))


def _named_tenant(asked: Asked) -> str | None:
    """The tenant in the address of the login host; the one that a token says it is of, which the API then looks at closely."""
    if asked.service == ENTRA:
        return asked.segments[0]
    if asked.service == STORAGE:
        return asked.segments[1] if len(asked.segments) > 1 else None
    _bearer, _space, token = asked.headers.get("authorization", "").partition(" ")
    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get("tid"))
    except jwt.InvalidTokenError:
        return None


def _entra_refusal(fault: Fault, simulator: Simulator) -> Response:
    """By its AADSTS number, else by the first number that goes with the status."""
    status = fault.status or 500
    by_status = next((number for number, row in table().items() if row[1] == status), BUSY)
    refused = Refused(fault.code if fault.code in table() else by_status, "Something went wrong on purpose.")
    refused.status = fault.status or refused.status
    return refused.response(now=simulator.clock.now())


def _spoilt(response: Response, asked: Asked) -> Response:
    """The answer with its next link changed, under the faults that do so."""
    if asked.faulty("lying_next_link"):
        host, there = ("localhost", "127.0.0.1") if "//localhost" in asked.origin else ("127.0.0.1", "localhost")
        return _with_next_link(response, asked.url.replace(f"//{host}", f"//{there}", 1) + "?$skip=1")
    if asked.faulty("looping_next_link"):
        return _with_next_link(response, f"{asked.url}?{urlencode(asked.query, safe='$')}")
    return response


def _with_next_link(response: Response, link: str) -> Response:
    if response.media_type != "application/json" or response.status_code != 200:
        return response
    body = json.loads(bytes(response.body))
    return JSONResponse({**body, NEXT_LINK: link}, response.status_code)
