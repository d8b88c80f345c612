# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in a person by device code (v2-oauth2-device-code.md); the person is played by the control API."""

from __future__ import annotations

import secrets
import typing as t
from dataclasses import dataclass

from .clock import Clock
from .directory import Directory
from .directory.furniture import PEOPLE
from .directory.shelf import Row
from .entra_errors import DECLINED, Refused
from .entra_tokens import Subject
from .settings import Settings

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
OF_OPENID = frozenset({"openid", "profile", "offline_access", "email"})
GRAPH_IDENTIFIER = "https://graph.microsoft.com"
ALL_CONSENTED = ".default"
PAGE = "https://microsoft.com/devicelogin"


@dataclass
class DeviceCode:
    app_id: str
    scope: str
    user_code: str
    ends: float
    person: str | None = None
    declined: bool = False


class Access(t.NamedTuple):
    """What a person lets an app have."""

    identifier: str
    resource: Row
    scopes: list[str]


class DeviceCodes:
    """Codes that were handed out, until they are used or their time is over."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._codes: dict[str, DeviceCode] = {}

    def start(self, app_id: str, scope: str) -> dict[str, t.Any]:
        """DeviceCodeResponse of the reference."""
        code, user_code = secrets.token_urlsafe(32), secrets.token_hex(5).upper()[:9]
        self._codes[code] = DeviceCode(app_id, scope, user_code, self._clock.time() + self._settings.device_code_lifetime)
        return {
            "device_code": code,
            "user_code": user_code,
            "verification_uri": PAGE,
            "expires_in": self._settings.device_code_lifetime,
            "interval": self._settings.device_code_interval,
            "message": f"To sign in, use a web browser to open the page {PAGE} and enter the code {user_code} to authenticate.",
        }

    def waiting(self) -> list[dict[str, t.Any]]:
        """For tests: whose codes wait for a person."""
        return [{"user_code": one.user_code, "app_id": one.app_id, "scope": one.scope} for one in self._codes.values() if not one.person and not one.declined]

    def decide(self, user_code: str, *, person: str | None) -> DeviceCode:
        """The person signs in, or (without one) turns the app down.

        :raises KeyError: there is no such code
        """
        found = next((one for one in self._codes.values() if one.user_code == user_code), None)
        if found is None:
            raise KeyError(user_code)
        found.person, found.declined = person, person is None
        return found

    def poll(self, code: str, app_id: str) -> DeviceCode:
        """Refused until the person has signed in; a code is good for one token."""
        found = self._codes.get(code)
        if found is None or found.app_id != app_id:
            raise Refused("AADSTS70018", "Verification code is not correct.")
        if self._clock.time() >= found.ends:
            raise Refused("AADSTS70019", "Verification code expired.")
        if found.declined:
            raise Refused(DECLINED, "User declined to consent to access the app.")
        if found.person is None:
            raise Refused("AADSTS70016", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
        del self._codes[code]
        return found


def access(directory: Directory, client: Row, scope: str, person: str) -> Access:
    """What the scope asks for, as far as it was consented to; Refused where it was not."""
    wanted: dict[str, list[str]] = {}
    for one in scope.split():
        if one in OF_OPENID:
            continue
        identifier, slash, name = one.rpartition("/")
        wanted.setdefault(identifier if slash else GRAPH_IDENTIFIER, []).append(name)
    if len(wanted) > 1:
        raise Refused("AADSTS28000", "The provided value for the input parameter scope is not valid because it contains more than one resource.")
    identifier, names = wanted.popitem() if wanted else (GRAPH_IDENTIFIER, [])
    resource = directory.resource(identifier)
    if resource is None:
        raise Refused("AADSTS500011", f"The resource principal named {identifier} was not found in the tenant.")
    consented = directory.scopes(client["id"], resource["id"], PEOPLE[person])
    named = [name for name in names if name != ALL_CONSENTED]
    if not consented or not set(named) <= set(consented):
        raise Refused("AADSTS65001", "The user or administrator has not consented to use the application.")
    return Access(identifier, resource, consented)


def id_token_claims(subject: Subject, tenant_id: str, now: int, lifetime: int) -> dict[str, t.Any]:
    """Who signed in, told to the app."""
    return {
        "aud": subject.app_id, "iss": f"https://login.microsoftonline.com/{tenant_id}/v2.0", "iat": now, "nbf": now, "exp": now + lifetime,
        "name": str(subject.person).partition("@")[0], "oid": subject.object_id, "preferred_username": subject.person, "sub": subject.pairwise,
        "tid": tenant_id, "ver": "2.0",
    }
