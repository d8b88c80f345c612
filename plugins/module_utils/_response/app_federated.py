# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A federated credential of an app: tokens of which issuer, about which subject, it takes in place of a secret."""

from __future__ import annotations

import typing as t

from .._api import application_credentials as api
from .._client.errors import BadInput, ServiceError
from .app_change import MAKE, PROVE, Changed, step
from .app_find import Record
from .app_patience import Patience
from .app_proof import prove
from .app_steps import gone

FACTS = ("issuer", "subject", "audiences", "description")
OLD_WORKS = "what worked before still works"
CONFLICT = 409


def read_federated(client, application: Record) -> list[Record]:
    return list(client.list(api.LIST_FEDERATED, object_id=application["id"]))


def keep_federated(client, application: Record, wanted: Record, patience: Patience, token: str | None) -> Changed:
    """See to it that the app trusts this issuer and subject; ``wanted`` holds its facts in the service's words, ``name`` among them.

    :param token: such a token, to prove it with
    :raises BadInput: the same issuer and subject are there under another name
    :raises DefenderError: a step failed
    """
    held = read_federated(client, application)
    there = _named(held, wanted["name"])
    twin = next((row for row in held if row is not there and (row["issuer"], row["subject"]) == (wanted["issuer"], wanted["subject"])), None)
    if twin is not None:
        hint = "Give that name, or take that one away first"
        raise BadInput(f"name: the app trusts that issuer and subject already, under the name {twin['name']}", hint=hint)
    drift = [fact for fact in FACTS if wanted.get(fact) is not None and (there or {}).get(fact) != wanted[fact]]
    sent = False
    if drift:
        with step(MAKE, OLD_WORKS):
            try:
                sent = _put(client, application, wanted, there, patience) is not None
            except ServiceError as error:
                if there is not None or error.status != CONFLICT or not _comes_to_light(client, application, wanted["name"], patience):
                    raise
                # One of that name was made a moment ago, and the list did not show it yet.
                return keep_federated(client, application, wanted, patience, token)
    proven = token is not None and sent
    if proven:
        with step(PROVE, OLD_WORKS, lambda: _take_back(client, application, wanted["name"], there, patience)):
            prove(client, application["appId"], patience, federated_token=token)
    verb = "is" if sent else "would be"
    said = f"{wanted['name']} {verb} {'changed' if there else 'added'}" if drift else f"{wanted['name']} is trusted already"
    shown = {**(there or {}), **{name: value for name, value in wanted.items() if value is not None}}
    return Changed(bool(drift), sent, said, _shown(shown), proven=proven, before=_facts(there), after=_facts(shown))


def drop_federated(client, application: Record, name: str) -> Changed:
    there = _named(read_federated(client, application), name)
    if there is None:
        return Changed(False, False, "there is no such federated credential", None)
    sent = _drop(client, application, name) is not None
    return Changed(True, sent, f"{name} {'is' if sent else 'would be'} taken away", None, removed=(there["id"],), before=_facts(there))


def _take_back(client, application: Record, name: str, before: Record | None, patience: Patience) -> None:
    """As it was before: what it trusted then goes on to be trusted."""
    if before is None:
        _drop(client, application, name)
    else:
        _put(client, application, {"name": name, **{fact: before.get(fact) for fact in FACTS}}, before, patience)


def _put(client, application: Record, wanted: Record, there: Record | None, patience: Patience) -> t.Any:
    def is_there() -> Record | None:
        row = _named(read_federated(client, application), wanted["name"])
        return row if row and all(row.get(fact) == wanted[fact] for fact in FACTS if wanted.get(fact) is not None) else None

    facts = {name: value for name, value in wanted.items() if value is not None}
    if there is None:
        return patience.call(client, api.CREATE_FEDERATED, object_id=application["id"], done=is_there, **facts)
    changes = {name: value for name, value in facts.items() if name != "name"}
    return patience.call(client, api.UPDATE_FEDERATED, object_id=application["id"], credential_id=there["id"], done=is_there, **changes)


def _comes_to_light(client, application: Record, name: str, patience: Patience) -> bool:
    return patience.until(lambda: _named(read_federated(client, application), name) is not None)


def _drop(client, application: Record, name: str) -> t.Any:
    there = _named(read_federated(client, application), name)
    if there is None:
        return {}
    return gone(lambda: client.call(api.DELETE_FEDERATED, object_id=application["id"], credential_id=there["id"]))


def _named(rows: t.Iterable[Record], name: str) -> Record | None:
    return next((row for row in rows if row["name"] == name), None)


def _facts(row: Record | None) -> Record:
    return {name: row.get(name) for name in ("name", *FACTS)} if row else {}


def _shown(row: Record) -> Record:
    return {"kind": "federated", "key_id": row.get("id"), **_facts(row)}
