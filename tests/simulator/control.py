# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API for tests and people at /_simulator: worlds, faults, clock, journal, lock, settings and the truth."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from . import faults, worlds
from .asked import Asked
from .clock import stamp
from .directory.furniture import PEOPLE
from .directory.model import MICROSOFT
from .entra_federated import AUDIENCE
from .entra_people import DeviceCode
from .state import Simulator
from .world import World

Body = dict[str, t.Any]
Answer = Callable[[Simulator, t.Any], t.Any]


class BadRequest(ValueError):
    """What was sent is not understood; the text says why."""


def answer(simulator: Simulator, asked: Asked) -> Response:
    path, method = asked.segments[1:], asked.method
    if path[:1] == ("machines",) and len(path) in (2, 3) and method == "GET":
        return _machine(simulator.tenancy(path[2] if path[2:] else None).world, path[1])
    found = ROUTES.get("/".join(path), {})
    if method not in found:
        return JSONResponse({"problem": f"there is no {method} {asked.path}"}, 405 if found else 404)
    try:
        body = json.loads(asked.body) if asked.body else {}
        return JSONResponse(found[method](simulator, body))
    except (BadRequest, faults.BadFault, worlds.UnknownWorld, json.JSONDecodeError) as error:
        return JSONResponse({"problem": str(error)}, 400)


def _only(body: t.Any, **types: type | tuple[type, ...]) -> Body:
    """The body, when it is an object that holds these names and no others."""
    if not isinstance(body, dict) or set(body) != set(types):
        raise BadRequest(f"an object with {', '.join(types)} is wanted, not {body!r}")
    for name, kind in types.items():
        if not isinstance(body[name], kind):
            raise BadRequest(f"{name}: {body[name]!r} is not understood")
    return body


def _machine(world: World, machine_id: str) -> Response:
    if world.machines.get(machine_id) is None:
        return JSONResponse({"problem": f"there is no machine {machine_id}"}, 404)
    return JSONResponse(world.truth(machine_id))


def _tenants(simulator: Simulator, _body: Body) -> list[str]:
    return [tenant.id for tenant in simulator.tenants()]


def _world(simulator: Simulator, _body: Body) -> Body:
    world = simulator.world
    return {"name": world.name, "machines": len(world.machines), "alerts": len(world.alerts), "actions": len(world.actions)}


def _load(simulator: Simulator, body: Body) -> Body:
    simulator.load(_only(body, name=str)["name"])
    return _world(simulator, {})


def _faults(simulator: Simulator, _body: Body) -> list[Body]:
    return [fault.shown() for fault in simulator.faults]


def _add_faults(simulator: Simulator, body: t.Any) -> list[Body]:
    if not isinstance(body, list):
        raise BadRequest("a list of faults is wanted")
    simulator.faults += [faults.parse(given) for given in body]
    return _faults(simulator, {})


def _clear_faults(simulator: Simulator, _body: Body) -> list[Body]:
    simulator.faults.clear()
    return []


def _clock(simulator: Simulator, _body: Body) -> Body:
    return {"now": stamp(simulator.clock.now()), "time": simulator.clock.time()}


def _advance(simulator: Simulator, body: Body) -> Body:
    simulator.clock.advance(_only(body, advance=(int, float))["advance"])
    return _clock(simulator, {})


def _journal(simulator: Simulator, _body: Body) -> list[Body]:
    return simulator.journal.rows()


def _clear_journal(simulator: Simulator, _body: Body) -> list[Body]:
    simulator.journal.clear()
    return []


def _lock(simulator: Simulator, _body: Body) -> Body:
    return {"locked": simulator.locked, "violations": simulator.violations}


def _set_lock(simulator: Simulator, body: Body) -> Body:
    """Locking forgets earlier violations; unlocking still tells them."""
    simulator.locked = _only(body, locked=bool)["locked"]
    if simulator.locked:
        simulator.violations = []
    return _lock(simulator, {})


def _settings(simulator: Simulator, _body: Body) -> Body:
    return {**dataclasses.asdict(simulator.settings), **dataclasses.asdict(simulator.world.settings)}


def _set(simulator: Simulator, body: Body) -> Body:
    held = _settings(simulator, {})
    if not isinstance(body, dict):
        raise BadRequest(f"an object with settings is wanted, not {body!r}")
    for name, value in body.items():
        if name not in held or not _same_kind(value, held[name]):
            raise BadRequest(f"{name}: {value!r} is not understood; settings are {', '.join(held)}")
    for name, value in body.items():
        for holder in [simulator.settings] if hasattr(simulator.settings, name) else [world.settings for world in simulator.worlds()]:
            setattr(holder, name, value)
    return _settings(simulator, {})


def _same_kind(value: t.Any, held: t.Any) -> bool:
    return type(value) is type(held) or (isinstance(held, float) and value.__class__ is int)


def _actions(simulator: Simulator, _body: Body) -> list[Body]:
    now = simulator.clock.now()
    return [action.single(now) for action in simulator.world.actions.newest_first()]


def _library(simulator: Simulator, _body: Body) -> list[Body]:
    return [one.shown() for one in simulator.world.library.values()]


def _directory(simulator: Simulator, _body: Body) -> list[Body]:
    """Each app with what a token of it would carry by now; no secrets."""
    directory = simulator.world.directory
    return [
        {
            "name": row["displayName"],
            "app_id": row["appId"],
            "enabled": row["accountEnabled"],
            "roles": {
                resource["displayName"]: sorted(roles)
                for resource in directory.principals.all(0)
                if (roles := directory.roles(row["id"], resource, at_once=True))
            },
        }
        for row in directory.principals.all(0)
        if row["appOwnerOrganizationId"] != MICROSOFT
    ]


def _device_codes(simulator: Simulator, _body: Body) -> list[Body]:
    return simulator.entra.device_codes.waiting()


def _decide(simulator: Simulator, body: Body) -> list[Body]:
    """A person enters a code: ``person`` signs in and lets the app have ``scopes`` of ``resource``; without a person it is turned down."""
    known = _only({"person": None, "scopes": [], "resource": "", **body}, user_code=str, person=(str, type(None)), scopes=list, resource=str)
    if known["person"] not in (None, *PEOPLE):
        raise BadRequest(f"person: {known['person']!r} is none of {', '.join(PEOPLE)}")
    try:
        code = simulator.entra.device_codes.decide(known["user_code"], person=known["person"])
    except KeyError as error:
        raise BadRequest(f"user_code: {error} waits for nobody") from error
    if known["scopes"]:
        _consent(simulator, code, known)
    return _device_codes(simulator, {})


def _consent(simulator: Simulator, code: DeviceCode, known: Body) -> None:
    directory = simulator.world.directory
    client, resource = directory.principal_of(code.app_id), directory.resource(known["resource"])
    if client is None or resource is None:
        raise BadRequest(f"resource: {known['resource']!r} is not in the tenant")
    directory.consent(
        {
            "clientId": client["id"], "consentType": "Principal", "principalId": PEOPLE[known["person"]], "resourceId": resource["id"],
            "scope": " ".join(known["scopes"]),
        },
        long_ago=True,
    )


def _federated_token(simulator: Simulator, body: Body) -> Body:
    """A token of any foreign issuer; what is not named here becomes a claim of it."""
    kinds = {"issuer": str, "subject": str, "audience": str, "lifetime": (int, float)}
    known = {"audience": AUDIENCE, "lifetime": 600, **body} if isinstance(body, dict) else body
    _only({name: value for name, value in known.items() if name in kinds} if isinstance(known, dict) else known, **kinds)
    return {"token": simulator.entra.issuer.token(**known)}


ROUTES: dict[str, dict[str, Answer]] = {
    "world": {"GET": _world, "POST": _load},
    "faults": {"GET": _faults, "POST": _add_faults, "DELETE": _clear_faults},
    "clock": {"GET": _clock, "POST": _advance},
    "journal": {"GET": _journal, "DELETE": _clear_journal},
    "lock": {"GET": _lock, "POST": _set_lock},
    "settings": {"GET": _settings, "POST": _set},
    "tenants": {"GET": _tenants},
    "actions": {"GET": _actions},
    "library": {"GET": _library},
    "directory": {"GET": _directory},
    "device_codes": {"GET": _device_codes, "POST": _decide},
    "federated_token": {"POST": _federated_token},
}
