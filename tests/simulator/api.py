# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API: finds the operation, refuses what must be refused, and lets its behaviour do the rest.

In what Defender for Endpoint and Microsoft Graph differ stands in their ``Manners``.
"""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from . import access, behaviours, checks, contract
from .asked import Asked
from .declared import Operation
from .ratelimit import RateLimits
from .routes import Found, Routes
from .seam import BEHAVIOURS, Call, Problem, Reply

if t.TYPE_CHECKING:
    from .state import Simulator
    from .world import World

READING = ("GET", "HEAD", "OPTIONS")
OVERLAP = 3
"""Rows that a page with duplicates begins with."""

assert behaviours.AREAS, "importing them registers them"


@dataclass(frozen=True)
class Manners:
    """How one service is found, entered and heard."""

    routes: Routes
    resource: str
    """Whose roles count in a token."""
    also_good: tuple[str, ...]
    """Resources whose tokens are good here too, with no role."""
    nowhere: Callable[[Asked], Problem]
    """The answer for a path that is not there."""
    error: Callable[[Asked, Problem, Mapping[str, str]], dict[str, t.Any]]
    """The body of a refusal; the headers of the answer name the call."""
    headers: Callable[[Asked], dict[str, str]]
    """What every answer carries."""
    codes: Mapping[int, t.Sequence[str]]
    """Status -> the codes that go with it."""
    is_its_own: Callable[[World, Operation, Mapping[str, str], access.Caller], bool] = lambda *_asked: False
    """Whether the caller asks about itself what takes no role then."""


class Api:
    def __init__(self, simulator: Simulator, manners: Manners) -> None:
        self._simulator = simulator
        self._manners = manners
        self.limits = RateLimits(simulator.clock)

    def find(self, asked: Asked) -> None:
        """Fill in which operation is asked for, and what the journal may show."""
        operation = self._operation(self._manners.routes.find(asked.segments), asked)
        if operation is not None:
            asked.operation = operation.id
        asked.shown = _shown(asked, operation)

    def answer(self, asked: Asked) -> Response:
        try:
            reply = self._reply(asked)
        except Problem as problem:
            return self.refusal(asked, problem)
        content = reply.body if isinstance(reply.body, bytes) else _encoded(reply.body)
        headers = {**self._manners.headers(asked), **reply.headers}
        return Response(content, reply.status, headers, media_type="application/json" if content else None)

    def refusal(self, asked: Asked, problem: Problem) -> Response:
        """An answer with the service's error body."""
        headers = {**self._manners.headers(asked), **problem.headers}
        return Response(_encoded(self._manners.error(asked, problem, headers)), problem.status, headers, media_type="application/json")

    def code_for(self, status: int) -> str:
        """The first code that goes with a status."""
        return self._manners.codes.get(status, self._manners.codes[500])[0]

    def _reply(self, asked: Asked) -> Reply:
        found = self._manners.routes.find(asked.segments)
        operation = self._operation(found, asked)
        self._check_lock(asked, operation)
        if found is None:
            raise self._manners.nowhere(asked)
        if operation is None:
            allowed = {"Allow": ", ".join(sorted(found.methods))}
            raise Problem(405, "BadRequest", f"The requested resource does not support http method '{asked.method}'.", allowed)
        caller = access.caller(asked, self._simulator.entra, self._manners.resource, *self._manners.also_good)
        if not self._manners.is_its_own(self._simulator.world, operation, found.values, caller):
            access.check_roles(operation, caller.roles)
        facts = contract.endpoints()[operation.id]
        self._check_rate(operation, facts)
        call = Call(
            operation=operation,
            values=found.values,
            query=_with_duplicates(checks.query_of(asked, facts), asked),
            body=checks.body_of(asked, facts),
            app=caller,
            now=self._simulator.clock.now(),
            origin=asked.origin,
            url=asked.url,
            headers=asked.headers,
        )
        return BEHAVIOURS[operation.id](self._simulator.world, call)

    @staticmethod
    def _operation(found: Found | None, asked: Asked) -> Operation | None:
        return found.methods.get(asked.method) if found else None

    def _check_lock(self, asked: Asked, operation: Operation | None) -> None:
        """In the locked mode no write is carried out, and that one was tried is remembered."""
        writes = operation.writes if operation else asked.method not in READING
        if self._simulator.locked and writes:
            violation = {"operation": asked.operation, "method": asked.method, "path": asked.path, "body": asked.shown}
            self._simulator.violations.append(violation)
            raise Problem(423, "DisallowedOperation", "The simulator is locked: nothing may be written")

    def _check_rate(self, operation: Operation, facts: t.Mapping[str, t.Any]) -> None:
        if not self._simulator.settings.rate_limits:
            return
        seconds = self.limits.wait(operation.id, facts.get("limits") or {}, scale=self._simulator.settings.rate_scale)
        if seconds is not None:
            raise Problem(429, "TooManyRequests", "API calls quota exceeded", {"Retry-After": str(seconds)})


def _encoded(body: t.Any) -> bytes:
    return b"" if body is None else json.dumps(body, separators=(",", ":")).encode()


def _with_duplicates(query: dict[str, str], asked: Asked) -> dict[str, str]:
    """Under the fault ``duplicate_rows`` a page begins a few rows too early, as when rows come and go meanwhile."""
    if not asked.faulty("duplicate_rows"):
        return query
    for name, mark in (("$skip", ""), ("$skiptoken", "at-")):
        place = query.get(name, "").removeprefix(mark)
        if place.isdigit():
            query = {**query, name: f"{mark}{max(int(place) - OVERLAP, 0)}"}
    return query


def _shown(asked: Asked, operation: Operation | None) -> t.Any:
    """The body for the journal, without the values of fields declared secret."""
    if not asked.body:
        return None
    try:
        body = json.loads(asked.body)
    except ValueError:
        return None
    secret = {field.wire for field in operation.body_fields if field.secret} if operation else set()
    if not isinstance(body, dict):
        return body
    return {name: "(removed)" if name in secret else value for name, value in body.items()}
