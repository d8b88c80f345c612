# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy through which every host of Microsoft turns out to be the simulator; it notes who was asked for."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import typing as t

from unit.plugins.module_utils._client.odd_hosts import Behaviour, head_of, host, pour

TARGET = re.compile(r"CONNECT ([^ ]+):443 ")


def _leads_to(port: int, asked: list[str]) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        target = TARGET.match(head_of(connection).decode())
        asked.append(target.group(1) if target else "something else")
        with socket.create_connection(("127.0.0.1", port)) as beyond:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=pour, args=(beyond, connection), daemon=True).start()
            pour(connection, beyond)

    return behave


class Led(t.NamedTuple):
    """``proxy`` is for the option of that name, ``asked`` holds the hosts that were asked for, in order."""

    proxy: str
    asked: list[str]


@contextlib.contextmanager
def leading_to(port: int) -> t.Iterator[Led]:
    """Such a proxy in front of the simulator at ``port``."""
    asked: list[str] = []
    with host(_leads_to(port, asked)) as own:
        yield Led(f"http://127.0.0.1:{own}", asked)
