# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token endpoint: client credentials by secret, certificate or foreign token (v2-oauth2-client-creds-grant-flow.md).

Checks go from the tenant over the form to the app, its credential and the resource; the first that fails answers.
"""

from __future__ import annotations

import base64
import binascii
import re
import typing as t
import uuid
from urllib.parse import parse_qsl, unquote_plus

from . import entra_assertion, tenants
from .directory import Directory
from .directory.model import MANAGED_IDENTITY
from .directory.proofs import EXPIRED, GOOD
from .directory.shelf import Row
from .entra_errors import UNSUPPORTED_GRANT, Refused
from .entra_federated import Issuer, check_federated, trusted
from .entra_tokens import BY_CERTIFICATE, BY_SECRET, Subject

FIELDS = frozenset(
    {
        "grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "scope", "resource", "client_info", "device_code",
        "code",  # MSAL sends the device code under both names (msal 1.39.0)
        "claims",
    }
)
SHARED_TENANTS = ("common", "organizations", "consumers")
SCOPE_TEXT = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""scope-token of RFC 6749, section 3.3."""
SUFFIX = "/.default"
SCOPE, RESOURCE = "scope", "resource"


class Login(t.NamedTuple):
    """What the login host judges by."""

    directory: Directory
    assertions: entra_assertion.Assertions
    issuer: Issuer
    now: float


class Client(t.NamedTuple):
    """An app that may ask: its registration, and its service principal here."""

    application: Row
    principal: Row

    @property
    def subject(self) -> Subject:
        return Subject(self.application["appId"], self.principal["displayName"], self.principal["id"])


class Wanted(t.NamedTuple):
    """A token that may be issued."""

    subject: Subject
    audience: str
    rights: list[str]
    proof: str


def check_tenant(tenant: str, own: tenants.Tenant) -> None:
    """Refused unless it is the login host's own, by id or by domain."""
    if tenant in own:
        return
    if tenant == tenants.ABROAD:
        raise Refused("AADSTS90038", f"Tenant '{tenant}' request is being redirected to the National Cloud.")
    if "." not in tenant and not _is_guid(tenant):
        raise Refused("AADSTS900023", f"Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.")
    raise Refused("AADSTS90002", f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.")


def form_of(body: bytes, content_type: str, authorization: str | None) -> dict[str, str]:
    """The form's fields, with those of HTTP Basic authentication."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused("AADSTS900144", "The request body must contain the following parameter: 'grant_type'.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict")
    except ValueError as error:  # not ASCII, not pairs, or not UTF-8 once unquoted
        raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.") from error
    pairs += _basic(authorization)
    form = dict(pairs)
    if len(form) < len(pairs) or not FIELDS.issuperset(form):
        raise Refused("AADSTS90013", "Invalid input received from the user.")
    return form


def client_of(form: t.Mapping[str, str], login: Login) -> Client:
    """The app that the form names; Refused when it is not here or may not sign in."""
    client_id = form["client_id"].lower()
    application, principal = login.directory.application_of(client_id), login.directory.principal_of(client_id)
    if principal is not None and principal["servicePrincipalType"] == MANAGED_IDENTITY:
        raise Refused("AADSTS7000232", f"Application '{client_id}' is a managed identity and cannot sign in with a credential of its own.")
    if application is None or principal is None:
        raise Refused("AADSTS700016", f"Application with identifier '{form['client_id']}' was not found in the directory.")
    if application["isDisabled"] or not principal["accountEnabled"]:
        raise Refused("AADSTS7000112", f"Application '{client_id}'({principal['displayName']}) is disabled.")
    return Client(application, principal)


def need(form: t.Mapping[str, str], *names: str) -> None:
    """Refused unless the form has them all."""
    for name in names:
        if not form.get(name):
            raise Refused("AADSTS900144", f"The request body must contain the following parameter: '{name}'.")


def wanted(form: t.Mapping[str, str], *, resource_field: str, login: Login, audiences: t.Container[str]) -> Wanted:
    """What the form proves a right to; Refused otherwise. The resource is named by ``scope``, at the v1 endpoint by ``resource``."""
    if resource_field == SCOPE and RESOURCE in form:
        raise Refused("AADSTS901002", "The 'resource' request parameter is not supported.")
    need(form, "grant_type", "client_id", resource_field)
    if form["grant_type"] != "client_credentials":
        raise Refused(UNSUPPORTED_GRANT, "The app requested an unsupported grant type.")
    client = client_of(form, login)
    proof = _proof(form, client.application, login, audiences)
    audience = form[RESOURCE] if resource_field == RESOURCE else _identifier(form[SCOPE])
    return Wanted(client.subject, audience, app_rights(login.directory, client.principal, audience), proof)


def app_rights(directory: Directory, principal: Row, audience: str) -> list[str]:
    """The roles that a token of the principal carries; Refused where there is none to be had."""
    resource = directory.resource(audience)
    if resource is None:
        raise Refused("AADSTS500011", f"The resource principal named {audience} was not found in the tenant.")
    if not resource["accountEnabled"]:
        raise Refused("AADSTS50001", f"The resource principal named {audience} is disabled.")
    if resource["id"] == principal["id"] and audience.lower() != principal["appId"]:
        raise Refused("AADSTS90009", "The app asks a token for itself. That takes the app identifier in GUID form.")
    roles = directory.roles(principal["id"], resource)
    if resource["appRoleAssignmentRequired"] and not roles:
        raise Refused("AADSTS501051", f"Application '{principal['appId']}' is not assigned to a role for the application '{audience}'.")
    return roles


def _proof(form: t.Mapping[str, str], application: Row, login: Login, audiences: t.Container[str]) -> str:
    secret, assertion = form.get("client_secret"), form.get("client_assertion")
    if secret and assertion:
        raise Refused("AADSTS90013", "Invalid input received from the user.")
    if application["isFallbackPublicClient"] and (secret or assertion):
        raise Refused("AADSTS700025", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
    if assertion:
        if form.get("client_assertion_type") != entra_assertion.TYPE:
            raise Refused("AADSTS900144", "The request body must contain the following parameter: 'client_assertion_type'.")
        _check_assertion(assertion, application, login, audiences)
        return BY_CERTIFICATE
    if not secret:
        raise Refused(
            "AADSTS7000218",
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )
    verdict = login.directory.proofs.judge_secret(application, secret)
    if verdict == EXPIRED:
        raise Refused("AADSTS7000222", f"The provided client secret keys for app '{application['appId']}' are expired.")
    if verdict != GOOD:
        raise Refused(
            "AADSTS7000215",
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{application['appId']}'.",
        )
    return BY_SECRET


def _check_assertion(assertion: str, application: Row, login: Login, audiences: t.Container[str]) -> None:
    """Signed by the app itself, or by an issuer that it trusts."""
    claims = entra_assertion.parsed(assertion)[1]
    if claims.get("iss") == application["appId"]:
        login.assertions.verify(assertion, application["appId"], login.directory.proofs.certificates(application), audiences)
    else:
        check_federated(assertion, claims, trusted(login.directory, application["id"]), login.issuer, login.now)


def _identifier(scope: str) -> str:
    """The one resource that the scope asks a token for."""
    asked = scope.split()
    if not all(SCOPE_TEXT.fullmatch(one) for one in asked) or SUFFIX in asked or not asked:
        raise Refused("AADSTS70011", f"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.")
    if not all(one.endswith(SUFFIX) for one in asked):
        raise Refused(
            "AADSTS1002012",
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default "
            "suffixed to the resource identifier (application ID URI).",
        )
    identifiers = {one.removesuffix(SUFFIX) for one in asked}
    if len(identifiers) > 1:
        raise Refused("AADSTS700022", "The provided value for the input parameter scope is not valid because it contains more than one resource.")
    return identifiers.pop()


def _basic(authorization: str | None) -> list[tuple[str, str]]:
    """client_id and client_secret of an Authorization header, which are form encoded there (RFC 6749, section 2.3.1)."""
    if authorization is None:
        return []
    kind, _space, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.") from error
    if kind.lower() != "basic" or not colon:
        raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.")
    return [("client_id", unquote_plus(client_id)), ("client_secret", unquote_plus(secret))]


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
