# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what is tied to one alert; it follows from its evidence."""

from __future__ import annotations

import typing as t
from collections.abc import Callable
from urllib.parse import urlsplit

from .. import machine_facts
from ..rows import Listed, Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .lists import listing
from .observables import known_file

Things = Callable[[World, Row], t.Iterable[dict[str, t.Any]]]


def _alert(world: World, call: Call) -> Row:
    alert = world.alerts.get(call.values["id"])
    if alert is None:
        raise Problem(404, "ResourceNotFound", f"Alert {call.values['id']} was not found")
    return alert


def _files(world: World, alert: Row) -> t.Iterable[dict[str, t.Any]]:
    named = {piece["sha1"]: piece for piece in alert["evidence"] if piece["sha1"]}
    return [known_file(world, piece) for piece in named.values()]


def _ips(_world: World, alert: Row) -> t.Iterable[dict[str, t.Any]]:
    return [{"id": address} for address in dict.fromkeys(piece["ipAddress"] for piece in alert["evidence"]) if address]


def _domains(_world: World, alert: Row) -> t.Iterable[dict[str, t.Any]]:
    hosts = (urlsplit(piece["url"] or "").hostname for piece in alert["evidence"])
    return [{"host": host} for host in dict.fromkeys(hosts) if host]


LISTS: dict[str, tuple[Things, str]] = {
    "alert.list_files": (_files, "sha1"), "alert.list_ips": (_ips, "id"), "alert.list_domains": (_domains, "host"),
}


def _lists(operation: str, things: Things, key: str) -> None:
    @behaviour(operation)
    def list_things(world: World, call: Call) -> Reply:
        return listing(world, call, operation, Listed(things(world, _alert(world, call)), key=key))


for _operation, (_things, _key) in LISTS.items():
    _lists(_operation, _things, _key)


@behaviour("alert.get_machine")
def get_machine(world: World, call: Call) -> Reply:
    machine = world.machines.get(_alert(world, call)["machineId"])
    if machine is None:
        raise Problem(404, "ResourceNotFound", "The machine of the alert was not found")
    return Reply(200, dict(machine))


@behaviour("alert.get_user")
def get_user(world: World, call: Call) -> Reply:
    """An alert without a user gives 404 as well."""
    alert = _alert(world, call)
    named = [piece for piece in alert["evidence"] if piece["accountName"]]
    machine = world.machines.get(alert["machineId"])
    if not named or machine is None:
        raise Problem(404, "ResourceNotFound", f"Alert {alert['id']} has no user")
    return Reply(200, {**machine_facts.user_of(machine, named[0]["accountName"]), "accountSid": named[0]["userSid"]})
