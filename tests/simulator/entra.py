# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra ID: discovery, keys and tokens of one tenant."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable

from starlette.responses import JSONResponse, PlainTextResponse, Response

from . import entra_consent, entra_discovery, entra_people, entra_token
from .asked import Asked
from .certificates import Folder, base64url
from .clock import Clock
from .directory import Directory
from .directory.furniture import PEOPLE
from .entra_assertion import Assertions, parsed
from .entra_errors import Refused
from .entra_federated import Issuer
from .entra_people import DeviceCodes
from .entra_tokens import BACKDATED, PUBLIC, Mint, correlation
from .settings import Settings
from .tenants import Tenant

BY_SECRET = "token.client_credentials_secret"
V1 = "token.client_credentials_v1"
BY_CERTIFICATE = "token.client_credentials_certificate"
FEDERATED = "token.client_credentials_federated"
DEVICE_START, DEVICE_POLL = "token.device_code_start", "token.device_code_poll"
ADMIN_CONSENT, PARTNER_AUTHORIZE = "consent.admin_consent", "consent.partner_authorize"
WELL_KNOWN = (".well-known", "openid-configuration")
ROUTES: dict[tuple[str, ...], tuple[str, str]] = {
    ("oauth2", "v2.0", "token"): ("POST", BY_SECRET),
    ("oauth2", "token"): ("POST", V1),
    ("oauth2", "v2.0", "devicecode"): ("POST", DEVICE_START),
    ("v2.0", *WELL_KNOWN): ("GET", "token.openid_configuration"),
    WELL_KNOWN: ("GET", "token.openid_configuration_v1"),
    ("discovery", "v2.0", "keys"): ("GET", "token.jwks"),
    ("discovery", "keys"): ("GET", "token.jwks_v1"),
    ("discovery", "instance"): ("GET", "token.instance_discovery"),
    ("adminconsent",): ("GET", ADMIN_CONSENT),
    ("oauth2", "authorize"): ("GET", PARTNER_AUTHORIZE),
}
"""What follows the tenant in the path -> method and operation."""
SECRET_FIELDS = ("client_secret", "client_assertion", "device_code", "code")
REMOVED = "(removed)"
OF_CONSENT, OF_LINK = ("client_id", "redirect_uri", "state"), ("prompt", "client_id", "response_type", "sso_reload")
"""What may stand in the address of either page."""


class Entra:
    """The login host."""

    def __init__(self, folder: Folder, clock: Clock, settings: Settings, directory: Directory, tenant: Tenant) -> None:
        self.mint = Mint(folder.certificate("signing"), clock, tenant)
        self.issuer = Issuer(folder, clock)
        self.device_codes = DeviceCodes(clock, settings)
        self._tenant = tenant
        self._clock = clock
        self._settings = settings
        self._directory = directory
        self._assertions = Assertions(clock)

    def find(self, asked: Asked) -> None:
        """Fill in which operation is asked for, by whom, and what the journal may show."""
        _method, asked.operation = ROUTES.get(asked.segments[1:], ("", None))
        if asked.operation not in (BY_SECRET, V1, DEVICE_START) or asked.method != "POST":
            return
        try:
            form = _form(asked)
        except Refused:
            return
        if asked.operation == BY_SECRET:
            asked.operation = _way(form)
        asked.app_id = form.get("client_id")
        asked.shown = {name: REMOVED if name in SECRET_FIELDS else value for name, value in form.items()}

    def answer(self, asked: Asked) -> Response:
        method, operation = ROUTES.get(asked.segments[1:], ("", ""))
        if not operation:
            return PlainTextResponse("Not Found", 404)
        if asked.method != method:
            return PlainTextResponse("Method Not Allowed", 405, {"Allow": method})
        correlation_id = correlation(asked.headers.get("client-request-id"))
        try:
            if operation in entra_discovery.ANSWERS:
                return JSONResponse(entra_discovery.ANSWERS[operation](self.mint, asked))
            if operation in (ADMIN_CONSENT, PARTNER_AUTHORIZE):
                return self._consent(asked, operation)
            return JSONResponse(ANSWERS[operation](self, asked))
        except Refused as refused:
            return refused.response(now=self._clock.now(), correlation_id=correlation_id)

    def _consent(self, asked: Asked, operation: str) -> Response:
        agrees = self._settings.administrator_agrees
        if operation == ADMIN_CONSENT:
            entra_token.check_tenant(asked.segments[0], self._tenant)
            return entra_consent.admin_consent(self._tenant.id, self._directory, entra_discovery.check_query(asked, *OF_CONSENT), agrees=agrees)
        return entra_consent.partner_authorize(self._tenant.id, self._directory, entra_discovery.check_query(asked, *OF_LINK), agrees=agrees)

    def _token(self, asked: Asked) -> dict[str, t.Any]:
        if _form(asked).get("grant_type") == entra_people.GRANT:
            return self._token_of_person(asked)
        token, lifetime = self._issued(asked, entra_token.SCOPE)[:2]
        return {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}

    def _token_v1(self, asked: Asked) -> dict[str, t.Any]:
        """The older endpoint, which sends numbers as text (TokenResponse of the reference)."""
        token, lifetime, resource = self._issued(asked, entra_token.RESOURCE)
        now = int(self._clock.time())
        return {
            "token_type": "Bearer",
            "expires_in": str(lifetime),
            "ext_expires_in": str(lifetime),
            "expires_on": str(now + lifetime),
            "not_before": str(now - BACKDATED),
            "resource": resource,
            "access_token": token,
        }

    def _issued(self, asked: Asked, resource_field: str) -> tuple[str, int, str]:
        """A token, how long it holds, and the identifier it is for; Refused without a good reason to issue it."""
        tenant = asked.segments[0]
        if tenant in entra_token.SHARED_TENANTS:
            raise Refused("AADSTS9001023", f"The grant type is not supported over the /{tenant} endpoint.")
        entra_token.check_tenant(tenant, self._tenant)
        entra_discovery.check_query(asked)
        wanted = entra_token.wanted(
            _form(asked),
            resource_field=resource_field,
            login=self._login(),
            audiences={
                f"{asked.origin}/{name}/oauth2/{version}token"
                for name in self._tenant
                for version in ("", "v2.0/")
            },
        )
        return (*self._minted(asked, wanted), wanted.audience)

    def _login(self) -> entra_token.Login:
        return entra_token.Login(self._directory, self._assertions, self.issuer, self._clock.time())

    def _minted(self, asked: Asked, wanted: entra_token.Wanted) -> tuple[str, int]:
        lifetime = self._settings.token_lifetime
        token = self.mint.token(
            wanted.subject,
            audience=wanted.audience,
            rights=wanted.rights,
            proof=wanted.proof,
            lifetime=lifetime,
            age=lifetime + 60 if asked.faulty("expired_token") else 0,
        )
        return token, lifetime

    def _device_code(self, asked: Asked) -> dict[str, t.Any]:
        entra_token.check_tenant(asked.segments[0], self._tenant)
        form = _form(asked)
        entra_token.need(form, "client_id", entra_token.SCOPE)
        client = entra_token.client_of(form, self._login())
        return self.device_codes.start(client.application["appId"], form[entra_token.SCOPE])

    def _token_of_person(self, asked: Asked) -> dict[str, t.Any]:
        """For an app that anyone may run, and a person who has signed in elsewhere meanwhile."""
        entra_token.check_tenant(asked.segments[0], self._tenant)
        form = _form(asked)
        entra_token.need(form, "client_id", "device_code")
        client = entra_token.client_of(form, self._login())
        if not client.application["isFallbackPublicClient"]:
            raise Refused("AADSTS7000218", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
        code = self.device_codes.poll(form["device_code"], client.application["appId"])
        person = str(code.person)
        access = entra_people.access(self._directory, client.principal, code.scope, person)
        subject = client.subject._replace(object_id=PEOPLE[person], person=person)
        token, lifetime = self._minted(asked, entra_token.Wanted(subject, access.identifier, access.scopes, PUBLIC))
        answer = {
            "token_type": "Bearer", "scope": " ".join(f"{access.identifier}/{name}" for name in access.scopes), "expires_in": lifetime,
            "ext_expires_in": lifetime, "access_token": token,
        }
        if "openid" in code.scope.split():
            now = int(self._clock.time())
            answer["id_token"] = self.mint.signed(entra_people.id_token_claims(subject, self._tenant.id, now, lifetime))
        if form.get("client_info"):
            answer["client_info"] = base64url(json.dumps({"uid": subject.object_id, "utid": self._tenant.id}).encode())
        return answer


ANSWERS: dict[str, Callable[[Entra, Asked], dict[str, t.Any]]] = {
    BY_SECRET: Entra._token,
    V1: Entra._token_v1,
    DEVICE_START: Entra._device_code,
}


def _way(form: t.Mapping[str, str]) -> str:
    """Which way to sign in the form goes. An assertion that the app did not sign itself is a foreign token."""
    if form.get("grant_type") == entra_people.GRANT:
        return DEVICE_POLL
    if "client_assertion" not in form:
        return BY_SECRET
    try:
        claims = parsed(form["client_assertion"])[1]
    except Refused:
        return BY_CERTIFICATE
    return BY_CERTIFICATE if claims.get("iss") == form.get("client_id") else FEDERATED


def _form(asked: Asked) -> dict[str, str]:
    return entra_token.form_of(asked.body, asked.headers.get("content-type", ""), asked.headers.get("authorization"))
