# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets, certificates and federated credentials of an app."""

from __future__ import annotations

import datetime as dt
import typing as t
import uuid

import jwt

from ..clock import moment, stamp
from ..contract import endpoints
from ..directory.shelf import Row
from ..seam import Call, Problem, Reply, behaviour
from ..world import World
from .applications import new_key
from .directory_lists import listing, single
from .directory_things import application, bad, check_parts, taken, to_change, unknown

OLD_DIRECTORY = "00000002-0000-0000-c000-000000000000"
"""What the proof of a key is for (application-addkey.md)."""
PROOF_LASTS = 600
SKEW = 300
FEDERATED = "application.create_federated_credential"


def _app(world: World, call: Call) -> Row:
    return to_change(world, call, application(world, call))


@behaviour("application.add_password")
def add_password(world: World, call: Call) -> Reply:
    row, sent = _app(world, call), call.body["passwordCredential"]
    check_parts(sent, "PasswordCredential", "passwordCredential")
    if sent.get("secretText") or sent.get("keyId") or sent.get("hint"):
        raise bad("Updates to the secretText, keyId and hint of a password credential are not allowed.")
    facts = {name: stamp(moment(value)) if name.endswith("DateTime") and value else value for name, value in sent.items()}
    _check_lifetime(world, facts)
    return single(call, "microsoft.graph.passwordCredential", world.directory.proofs.new_secret(row, facts), "PasswordCredential")


def _check_lifetime(world: World, facts: Row) -> None:
    if not world.settings.secrets_allowed:
        raise bad("Credential type not allowed as per assigned policy '5a1f0e4c-0000-4000-8000-0000000000b1'.")
    begins = moment(facts.get("startDateTime") or stamp(world.clock.now()))
    ends = moment(facts["endDateTime"]) if facts.get("endDateTime") else begins + dt.timedelta(days=730)
    if ends <= begins:
        raise bad("The end date of the password credential is not after its start date.")
    if world.settings.secret_days and ends - begins > dt.timedelta(days=world.settings.secret_days):
        raise bad("Credential lifetime exceeds the max value allowed as per assigned policy '5a1f0e4c-0000-4000-8000-0000000000b1'.")


@behaviour("application.remove_password")
def remove_password(world: World, call: Call) -> Reply:
    row = _app(world, call)
    kept = [one for one in row["passwordCredentials"] if one["keyId"] != call.body["keyId"].lower()]
    if len(kept) == len(row["passwordCredentials"]):
        raise bad("No password credential found with keyId.")
    row["passwordCredentials"] = kept
    return Reply(204)


@behaviour("application.add_key")
def add_key(world: World, call: Call) -> Reply:
    row = _app(world, call)
    check_parts(call.body["keyCredential"], "KeyCredential", "keyCredential")
    _check_proof(world, row, call.body["proof"])
    made = new_key(world, call.body["keyCredential"])
    row["keyCredentials"].append(made)
    return single(call, "microsoft.graph.keyCredential", {**made, "key": None}, "KeyCredential")


@behaviour("application.remove_key")
def remove_key(world: World, call: Call) -> Reply:
    row = _app(world, call)
    _check_proof(world, row, call.body["proof"])
    kept = [one for one in row["keyCredentials"] if one["keyId"] != call.body["keyId"].lower()]
    if len(kept) == len(row["keyCredentials"]):
        raise bad("No key credential found with keyId.")
    row["keyCredentials"] = kept
    return Reply(204)


def _check_proof(world: World, row: Row, proof: str) -> None:
    """Signed with the key of a certificate that the app has already, for the directory, for ten minutes at most."""
    keys = [certificate.public_key() for certificate, is_in_time in world.directory.proofs.certificates(row) if is_in_time]
    claims = next((claims for claims in (_verified(proof, key) for key in keys) if claims), None)
    if claims is None:
        raise Problem(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed: the proof is not signed by a key of the application.")
    now, begins, ends = world.clock.time(), claims.get("nbf"), claims.get("exp")
    is_in_time = isinstance(begins, int) and isinstance(ends, int) and begins - SKEW <= now < ends + SKEW and ends - begins <= PROOF_LASTS
    if not is_in_time or claims.get("aud") != OLD_DIRECTORY or claims.get("iss") != row["id"]:
        raise bad("The proof of possession is expired or not for this application.")


def _verified(proof: str, key: t.Any) -> Row | None:
    checks: t.Any = {"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        return jwt.decode(proof, key, ["RS256"], options=checks)
    except jwt.InvalidTokenError:
        return None


@behaviour("application.list_federated_credentials")
def list_federated(world: World, call: Call) -> Reply:
    shelf = world.directory.federated[application(world, call)["id"]]
    what = f"applications('{call.values['id']}')/federatedIdentityCredentials"
    return listing(call, "application.list_federated_credentials", what, shelf.all())


@behaviour(FEDERATED)
def create_federated(world: World, call: Call) -> Reply:
    row = _app(world, call)
    shelf = world.directory.federated[row["id"]]
    if len(shelf) >= endpoints()["application.list_federated_credentials"]["most"]:
        raise bad("The application has as many federated identity credentials as are allowed.")
    if shelf.holds(name=call.body["name"]):
        raise taken("FederatedIdentityCredential with that name already exists.")
    made = {"id": str(uuid.uuid4()), "description": None, **call.body}
    _check_federated(shelf, made)
    world.directory.proofs.begin(made["id"])
    what = f"applications('{row['id']}')/federatedIdentityCredentials"
    return single(call, what, shelf.put(made), "FederatedIdentityCredential", status=201)


@behaviour("application.update_federated_credential")
def update_federated(world: World, call: Call) -> Reply:
    shelf = world.directory.federated[_app(world, call)["id"]]
    row = _federated(shelf, call)
    _check_federated(shelf, {**row, **call.body})
    row.update(call.body)
    world.directory.proofs.begin(row["id"])
    return Reply(204)


@behaviour("application.delete_federated_credential")
def delete_federated(world: World, call: Call) -> Reply:
    shelf = world.directory.federated[_app(world, call)["id"]]
    shelf.take(_federated(shelf, call)["id"])
    return Reply(204)


def _federated(shelf: t.Any, call: Call) -> Row:
    key = call.values["federatedIdentityCredentialId"]
    row = shelf.find(name=key.partition("=")[2]) if key.startswith("name=") else shelf.get(key.lower())
    if row is None:
        raise unknown(key)
    return row


def _check_federated(shelf: t.Any, wanted: Row) -> None:
    if len(wanted["audiences"]) != 1:
        raise bad("A federated identity credential takes exactly one audience.")
    for one in shelf.all(0):
        if one["id"] != wanted["id"] and (one["issuer"], one["subject"]) == (wanted["issuer"], wanted["subject"]):
            raise Problem(400, "InvalidFederatedIdentityCredentialValue", "FederatedIdentityCredential with issuer and subject already exists.")
