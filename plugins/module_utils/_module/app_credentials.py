# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One credential of an app: kept, renewed in time, or taken away."""

from __future__ import annotations

import os
import re
import typing as t
import uuid

from .._api import application_credentials as api
from .._api import applications
from .._client import moments, vault
from .._client.clouds import CLOUDS
from .._client.errors import BadInput, Refused
from .._client.settings import GUID
from .._client.vault_file import VaultFile
from .._response.app_certificate_file import read_public
from .._response.app_certificates import drop_certificates, keep_certificate
from .._response.app_change import Changed
from .._response.app_federated import drop_federated, keep_federated, read_federated
from .._response.app_find import Record, the_app
from .._response.app_patience import Patience
from .._response.app_secret_plan import Rules, ends
from .._response.app_secrets import Place, drop_secrets, keep_secret
from .app_options import NAMED, WAIT, name_of
from .ensure import ABSENT, PRESENT

NOBODY = str(uuid.UUID(int=0))
"""Stands in the example for an id."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SECRET, CERTIFICATE, FEDERATED = "secret", "certificate", "federated"
OPTIONS: dict[str, t.Any] = {
    **NAMED,
    "kind": {"type": "str", "choices": [SECRET, CERTIFICATE, FEDERATED], "required": True},
    "name": {"type": "str", "default": "ansible"},
    "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
    "valid_days": {"type": "int", "default": 180},
    "rotate_before": {"type": "int", "default": 30},
    "overlap": {"type": "int", "default": 0},
    "vault_file": {"type": "path"},
    "vault_variable": {"type": "str", "default": "defender_client_secret"},
    "vault_variables_also": {"type": "dict", "default": {}},
    "vault_password": {"type": "str", "no_log": True},
    "vault_password_file": {"type": "path", "no_log": False},
    "vault_id": {"type": "str"},
    "stored_secret": {"type": "str", "no_log": True},
    "return_secret": {"type": "bool", "default": False, "no_log": False},
    "new_certificate_path": {"type": "path"},
    "new_key_path": {"type": "path", "no_log": False},
    "new_key_passphrase": {"type": "str", "no_log": True},
    "issuer": {"type": "str"},
    "subject": {"type": "str"},
    "description": {"type": "str"},
    "proof_token": {"type": "str", "no_log": True},
    "allow_last": {"type": "bool", "default": False},
    **WAIT,
}
RULES = {
    "required_one_of": [("app_id", "display_name")],
    "mutually_exclusive": [("vault_file", "stored_secret"), ("vault_password", "vault_password_file")],
}
NEEDED = {SECRET: (), CERTIFICATE: ("new_certificate_path",), FEDERATED: ("issuer", "subject")}
OPERATIONS = (
    applications.LIST, applications.GET_BY_APP_ID, applications.UPDATE, api.ADD_PASSWORD, api.REMOVE_PASSWORD, api.LIST_FEDERATED,
    api.CREATE_FEDERATED, api.UPDATE_FEDERATED, api.DELETE_FEDERATED,
)


def keep_credential(client, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: the options do not fit together, or the vault file cannot be used
    :raises Refused: it is the last credential with which the app can sign in
    :raises DefenderError: the rest of the tree; ``details`` say which step failed, and what works
    """
    name, patience = name_of(params), Patience(client, params["wait_timeout"])
    _check(params)
    file = _file(params)
    held = file.read() if file else {}
    place = _place(params, file, held)
    client.require(OPERATIONS)
    application = the_app(client, name)
    if params["state"] == ABSENT:
        _guard_last(client, application, params)
        changed = _drop(client, application, params, patience)
    else:
        _guard_other_app(application, params, held)
        changed = _keep(client, application, params, place, patience)
    shown = {"secret": changed.secret} if params["return_secret"] and changed.secret is not None and params["state"] == PRESENT else {}
    return {
        "changed": changed.plans,
        "msg": f"{application['displayName']}: {changed.said}",
        "app_id": application["appId"],
        "credential": changed.credential,
        "proven": changed.proven,
        "removed": list(changed.removed),
        "kept": list(changed.kept),
        "diff": {"before": changed.before, "after": changed.after} if changed.plans else {"before": {}, "after": {}},
        **shown,
    }


def _check(params: t.Mapping[str, t.Any]) -> None:
    kind = params["kind"]
    if params["state"] == ABSENT:
        return
    missing = [option for option in NEEDED[kind] if not params[option]]
    if missing:
        raise BadInput(f"{missing[0]} is missing", hint=f"Give it with kind: {kind}")
    if kind == SECRET and not (params["vault_file"] or params["return_secret"]):
        raise BadInput("A new secret would be known to nobody", hint="Give vault_file, or return_secret: true with no_log: true on the task")
    if not 0 <= params["rotate_before"] < params["valid_days"] or params["overlap"] < 0:
        raise BadInput("rotate_before, overlap and valid_days do not fit together", hint="Give whole days, rotate_before less than valid_days")


def _file(params: t.Mapping[str, t.Any]) -> VaultFile | None:
    """The file that keeps the secret, looked at before anything is sent.

    :raises BadInput: nothing could be written there
    """
    if params["kind"] != SECRET or params["state"] == ABSENT or not params["vault_file"]:
        return None
    file = VaultFile(params["vault_file"], _password(params), params["vault_id"] or None)
    file.check_place()
    return file


def _place(params: t.Mapping[str, t.Any], file: VaultFile | None, held: t.Mapping[str, t.Any]) -> Place:
    """Where the secret lies, among what the file has ``held`` so far."""
    if file is None:
        return Place(params["stored_secret"] is not None, params["stored_secret"], lambda _secret: None)
    stored = held.get(params["vault_variable"])
    also = _plain_variables(params)
    return Place(True, None if stored is None else str(stored), lambda secret: file.write({**also, params["vault_variable"]: secret}))


def _guard_other_app(application: Record, params: t.Mapping[str, t.Any], held: t.Mapping[str, t.Any]) -> None:
    """The secret of another app lies nowhere else, so it is not written over.

    :raises Refused: the file says that it is of another app
    """
    if held.get(params["vault_variable"]) is None:
        return
    for name, value in params["vault_variables_also"].items():
        there = str(held.get(name)).lower()
        if str(value).lower() == application["appId"] and GUID.fullmatch(there) and there not in (application["appId"], NOBODY):
            raise Refused(
                f"{params['vault_file']} keeps the secret of another app: {name} in it is {there}, and this one is {application['appId']}",
                hint="Name another file as vault_file. If that app is gone, move this file away first",
            )


def _plain_variables(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """What is written beside the secret, as texts.

    :raises BadInput: a name is none that Ansible takes in a file of variables, or a value is no text
    """
    also = params["vault_variables_also"]
    wrong = next((name for name in (*also, params["vault_variable"]) if not NAME.fullmatch(str(name))), None)
    if wrong is not None:
        raise BadInput(f"{wrong!r} is no name of a variable", hint="In vault_variable and vault_variables_also, give letters, digits and underscores")
    odd = next((name for name, value in also.items() if value is None or isinstance(value, (dict, list))), None)
    if odd is not None:
        raise BadInput(f"vault_variables_also: {odd} is no text", hint="Give texts and numbers, or leave it out")
    return {name: str(value) for name, value in also.items()}


def _password(params: t.Mapping[str, t.Any]) -> bytes:
    """As Ansible reads it: blanks around it do not count."""
    path = params["vault_password_file"]
    if path:
        if os.path.isfile(path) and os.access(path, os.X_OK):
            raise BadInput(f"vault_password_file: {path} is a program", hint="Run it yourself: vault_password: \"{{ lookup('ansible.builtin.pipe', ...) }}\"")
        try:
            with open(path, "rb") as stream:
                password = stream.read()
        except OSError as error:
            raise BadInput(f"vault_password_file: {path} cannot be read: {error.strerror}", hint="Check the path where the task runs") from error
        if vault.is_vault(password):
            raise BadInput(f"vault_password_file: {path} is encrypted itself", hint="Give what is in it as vault_password")
    else:
        password = (params["vault_password"] or "").encode()
    if not password.strip():
        raise BadInput("vault_file is given without a password", hint="Give vault_password or vault_password_file")
    return password.strip()


def _keep(client, application: Record, params: t.Mapping[str, t.Any], place: Place, patience: Patience) -> Changed:
    if params["kind"] == SECRET:
        rules = Rules(params["name"], params["valid_days"], params["rotate_before"], params["overlap"])
        return keep_secret(client, application, rules, place, patience)
    if params["kind"] == CERTIFICATE:
        path = params["new_certificate_path"]
        certificate = read_public("new_certificate_path", path)
        key_path = params["new_key_path"] or (path if certificate.holds_private_key else None)
        key = {"certificate_path": path, "certificate_key_path": key_path, "certificate_passphrase": params["new_key_passphrase"]} if key_path else None
        return keep_certificate(client, application, certificate, name=params["name"], overlap=params["overlap"], key=key, patience=patience)
    wanted = {
        "name": params["name"], "issuer": params["issuer"], "subject": params["subject"], "description": params["description"],
        "audiences": [CLOUDS[client.settings.cloud].federated_audience],
    }
    return keep_federated(client, application, wanted, patience, params["proof_token"])


def _drop(client, application: Record, params: t.Mapping[str, t.Any], patience: Patience) -> Changed:
    if params["kind"] == FEDERATED:
        return drop_federated(client, application, params["name"])
    drop = drop_secrets if params["kind"] == SECRET else drop_certificates
    return drop(client, application, params["name"], patience)


def _guard_last(client, application: Record, params: t.Mapping[str, t.Any]) -> None:
    """An app without any credential cannot sign in, and whoever runs with it is locked out."""
    if params["allow_last"]:
        return
    now = moments.from_epoch(client.clock.time())
    held = {
        SECRET: [row["displayName"] for row in application.get("passwordCredentials") or () if ends(row) > now],
        CERTIFICATE: [row["displayName"] for row in application.get("keyCredentials") or () if ends(row) > now],
        FEDERATED: [row["name"] for row in read_federated(client, application)],
    }
    left = [name for kind, names in held.items() for name in names if (kind, name) != (params["kind"], params["name"])]
    if not left and params["name"] in held[params["kind"]]:
        raise Refused(
            f"{params['name']} is not taken away: {application['displayName']} could not sign in any more",
            hint="Give it another credential first, or set allow_last: true",
        )
