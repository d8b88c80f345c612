# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud storage that links lead to: no sign-in, no roles, no rate, errors in XML."""

from __future__ import annotations

import typing as t
from xml.sax.saxutils import escape

from starlette.responses import Response

from .asked import Asked
from .blobs import Refused

if t.TYPE_CHECKING:
    from .state import Simulator


class Storage:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def find(self, asked: Asked) -> None:
        """There are no operations here, and nothing that the journal might show."""

    def answer(self, asked: Asked) -> Response:
        if asked.method not in ("GET", "HEAD"):
            return refusal(Refused(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."))
        world = self._simulator.world
        try:
            content = world.blobs.open("/".join(asked.segments[1:]), dict(asked.query), asked.headers, world.clock.now())
        except Refused as refused:
            return refusal(refused)
        return Response(content, media_type="application/octet-stream")


def refusal(refused: Refused) -> Response:
    """An answer with the storage's error body."""
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message></Error>'
    return Response(body, refused.status, {"x-ms-error-code": refused.code}, media_type="application/xml")
