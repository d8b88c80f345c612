# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that misbehave below HTTP, where the simulator, a good server, cannot go; and the way to ask them."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import typing as t

import pytest
import trustme
from ansible_collections.secops.defender.plugins.module_utils._api import machines
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import DefenderError, Unreachable
from ansible_collections.secops.defender.plugins.module_utils._client.settings import Settings, settings_from
from unit.plugins.module_utils._client.identity import a_token

MACHINE = b'{"id": "a"}'

Behaviour = t.Callable[[socket.socket], None]


@contextlib.contextmanager
def host(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> t.Iterator[int]:
    """The port of a host on which every connection, over TLS with ``context``, meets ``behaviour``."""
    listener = socket.create_server(("127.0.0.1", 0))

    def meet(connection: socket.socket) -> None:
        # Whatever the client does, it is the client that is tested.
        with contextlib.suppress(OSError), connection:
            behaviour(context.wrap_socket(connection, server_side=True) if context else connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=meet, args=listener.accept()[:1], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def head_of(connection: socket.socket) -> bytes:
    """The head of one request."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            raise OSError("the client has gone")
        head += piece
    return head


def answers(body: bytes, *, status: str = "200 OK", claims: int | None = None, more: str = "") -> Behaviour:
    """Answers every request; ``claims`` is the length that it says the body has, ``more`` further header lines."""
    length = len(body) if claims is None else claims

    def behave(connection: socket.socket) -> None:
        while True:
            head_of(connection)
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n".encode() + body)
            if length != len(body):
                connection.shutdown(socket.SHUT_RDWR)
                return

    return behave


def says_nothing(connection: socket.socket) -> None:
    head_of(connection)
    while connection.recv(1):
        """wait until the client goes"""


def hangs_up(connection: socket.socket) -> None:
    head_of(connection)
    connection.shutdown(socket.SHUT_RDWR)


def refusing_proxy(status: str) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    return behave


def proxy(seen: list[str]) -> Behaviour:
    """A proxy that does its work, and notes the head of each request to it."""

    def behave(connection: socket.socket) -> None:
        head = head_of(connection).decode()
        seen.append(head)
        there = re.match(r"CONNECT localhost:(\d+) ", head)
        with socket.create_connection(("127.0.0.1", int(there.group(1)))) as beyond:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=pour, args=(beyond, connection), daemon=True).start()
            pour(connection, beyond)

    return behave


def pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)


def context_of(ca: trustme.CA, *names: str, **rest) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*(names or ("localhost",)), **rest).configure_cert(context)
    return context


def settings_for(port: int, **changes) -> Settings:
    given = {"access_token": a_token().value, "api_url": f"https://localhost:{port}", "timeout": 2, "connect_timeout": 2, "retry_time": 0}
    return settings_from({**given, **changes})


def ask(settings: Settings):
    return Client(settings).call(machines.GET, machine_id="a")


def failure_of(settings: Settings, kind: type[DefenderError] = Unreachable):
    with pytest.raises(kind) as failed:
        ask(settings)
    return failed.value
