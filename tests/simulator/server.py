# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: listens, says when it is ready, and ends when it is told to or its parent is gone."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator

import uvicorn

from .app import App

PARENT_LOOKED_FOR = 0.5
KEEP_ALIVE = 75
TRIES = 20


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets for that address; for 127.0.0.1 also ::1 where there is one, since localhost may mean either."""
    if host != "127.0.0.1" or not socket.has_ipv6:
        return [_bound(host, port)]
    for _try in range(TRIES):
        first = _bound(host, port)
        try:
            return [first, _bound("::1", first.getsockname()[1])]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first]  # no IPv6 here
            first.close()
            if port:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both 127.0.0.1 and ::1")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts; without, small answers wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def serve(
    app: App,
    *,
    sockets: list[socket.socket],
    plain: list[socket.socket],
    context: ssl.SSLContext,
    ready: Callable[[], None],
    parent: int | None,
) -> None:
    """Serve until SIGTERM or SIGINT, without TLS at ``plain``; ``ready`` is called once connections are taken."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        backlog=2048,
    )
    config.load()
    config.ssl = context
    server = _Server(config, plain=plain, ready=ready, parent=parent)
    asyncio.run(server.serve(sockets=sockets))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, plain: list[socket.socket], ready: Callable[[], None], parent: int | None) -> None:
        super().__init__(config)
        self._plain = plain
        self._ready = ready
        self._parent = parent
        self._watch: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        for socket_ in self._plain:
            self.servers.append(await asyncio.get_running_loop().create_server(self._protocol, sock=socket_))
        self._ready()
        if self._parent is not None:
            self._watch = asyncio.create_task(self._end_with(self._parent))

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own would raise the signal again, so that the process ends as if killed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        self.should_exit = self.force_exit = True  # nobody waits for a drill to end in style

    async def _end_with(self, parent: int) -> None:
        while _runs(parent):
            await asyncio.sleep(PARENT_LOOKED_FOR)
        self._stop()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
