# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world in the hand of a test, its behaviours called without a server."""

from __future__ import annotations

import json
import types
import typing as t
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from simulator import behaviours  # noqa: F401  # pylint: disable=unused-import  # registers them
from simulator.blobs import ROOT
from simulator.clock import Clock
from simulator.seam import BEHAVIOURS, Call, Problem, Reply
from simulator.tenants import ALL_RESPONSE
from simulator.world import World
from simulator.worlds import world
from simulator.worlds.records import machine_id

APP_ID = "11111111-0000-4000-8000-000000000001"


class Tenant:
    """A world and a hand to call its behaviours with."""

    def __init__(self, name: str, roles: tuple[str, ...] = ALL_RESPONSE) -> None:
        self.world: World = world(name, Clock(lambda: 1_795_600_000.0))
        self.app = types.SimpleNamespace(client_id=APP_ID, name="drill", roles=roles)

    def reply(
        self, operation: str, *, query: dict | None = None, body: dict | None = None, headers: dict | None = None, **values: str
    ) -> Reply:
        call = Call(
            operation=None, values=values, query=query or {}, body=body or {}, app=self.app,
            now=self.world.clock.now(), origin="https://localhost:1", url="https://localhost:1/api/asked", headers=headers or {},
        )
        return BEHAVIOURS[operation](self.world, call)

    def ask(self, operation: str, **facts: object) -> dict:
        answer = self.reply(operation, **facts).body
        return json.loads(answer) if isinstance(answer, bytes) else answer

    def list(self, operation: str, query: dict | None = None, **values: str) -> list[dict]:
        return self.ask(operation, query=query, **values)["value"]

    def refused(self, operation: str, **facts: object) -> tuple[int, str]:
        with pytest.raises(Problem) as caught:
            self.reply(operation, **facts)
        return caught.value.status, caught.value.code

    def act(self, operation: str, key: str, **body: t.Any) -> dict:
        """Ask a machine for something."""
        return self.ask(operation, id=machine_id(key), body={"Comment": "case 7", **body})

    def refuses(self, operation: str, key: str, **body: t.Any) -> tuple[int, str]:
        """Status and code of the refusal to ask a machine for something."""
        return self.refused(operation, id=machine_id(key), body={"Comment": "case 7", **body})

    def wait(self, seconds: float = 10) -> None:
        self.world.clock.advance(seconds)

    def truth(self, key: str) -> dict:
        return self.world.truth(machine_id(key))

    def isolate(self, key: str, type_: str = "Full") -> dict:
        return self.ask("machine.isolate", id=machine_id(key), body={"Comment": "case 7", "IsolationType": type_})

    def release(self, key: str) -> dict:
        return self.ask("machine.unisolate", id=machine_id(key), body={"Comment": "case 7 closed"})

    def status(self, action: dict) -> str:
        return self.ask("machine_action.get", id=action["id"])["status"]

    def isolated(self, key: str) -> bool:
        return self.world.truth(machine_id(key))["isolated"]

    def content(self, link: str) -> bytes:
        """What stands behind a link, as a storage would hand it out."""
        parts = urlsplit(link)
        name = unquote(parts.path).removeprefix(f"/{ROOT}/")
        return self.world.blobs.open(name, dict(parse_qsl(parts.query)), {}, self.world.clock.now())
