# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request as it came in, and what has been found out about it on its way through."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request

from . import blobs

if t.TYPE_CHECKING:
    from .faults import Fault

ENTRA, DEFENDER, GRAPH, STORAGE, CONTROL, IDENTITY, ISSUER = "entra", "defender", "graph", "storage", "control", "identity", "issuer"
SERVICES = {
    "_simulator": CONTROL, "api": DEFENDER, "v1.0": GRAPH, "beta": GRAPH, blobs.ROOT: STORAGE, "metadata": IDENTITY, "msi": IDENTITY,
    "_issuer": ISSUER,
}
"""By the first part of the path; all others are tenants of the login host."""


@dataclass
class Asked:
    method: str
    path: str
    segments: tuple[str, ...]
    """Of the path, unquoted one by one, so that a quoted slash divides nothing."""
    query: list[tuple[str, str]]
    headers: t.Mapping[str, str]
    body: bytes
    origin: str
    service: str
    tenant: str | None = None
    """Id of the tenant that it is about."""
    operation: str | None = None
    app_id: str | None = None
    fault: Fault | None = None
    shown: t.Any = field(default=None)
    """The body as the journal may keep it: without secrets."""

    @classmethod
    async def read(cls, request: Request) -> Asked:
        raw = request.scope["raw_path"].decode("latin-1")
        segments = tuple(unquote(part) for part in raw.split("/")[1:])
        return cls(
            method=request.method,
            path=request.scope["path"],
            segments=segments,
            query=parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True),
            headers=request.headers,
            body=await request.body(),
            origin=f"{request.scope['scheme']}://{request.headers.get('host', '')}",
            service=SERVICES.get(segments[0], ENTRA),
        )

    @property
    def shown_query(self) -> dict[str, str]:
        """The query as the journal may keep it: who has a link's signature has the file."""
        return {name: "(removed)" if name == blobs.SECRET else value for name, value in self.query}

    @property
    def is_plain(self) -> bool:
        """Not by TLS."""
        return self.origin.startswith("http://")

    @property
    def url(self) -> str:
        return f"{self.origin}{self.path}"

    def faulty(self, kind: str) -> Fault | None:
        """The fault that befalls this request, if it is of that kind."""
        return self.fault if self.fault is not None and self.fault.kind == kind else None
