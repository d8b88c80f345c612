# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as bytes on a connection: whole in pieces, half, or not at all."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

PIECE = 256 * 1024
"""Between pieces others get their turn: a page of machines is 12 MB."""


async def send(response: Response, scope: Scope, receive: Receive, send: Send, *, half: bool = False) -> None:
    """Send a finished response; ``half`` breaks off in the middle of its body, with the whole length announced."""
    body = bytes(response.body)
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    whole = len(body)
    if half:
        body = body[: whole // 2]
    for start in range(0, max(len(body), 1), PIECE):
        piece = body[start : start + PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": half or start + PIECE < whole})
    if half:
        send.__self__.transport.close()  # type: ignore[attr-defined]
        await _gone(receive)


async def drop(receive: Receive, send: Send) -> None:
    """Cut the connection without a word."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the server knows, or it would try to answer for us."""
    while (await receive())["type"] != "http.disconnect":
        pass
