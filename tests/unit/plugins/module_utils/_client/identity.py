# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens and settings as the tests of sign-in need them."""

from __future__ import annotations

import base64
import json
import time

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import DefenderError
from ansible_collections.secops.defender.plugins.module_utils._client.settings import Settings, settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.sign_in import sign_in
from ansible_collections.secops.defender.plugins.module_utils._client.token import Token, decode

TENANT = "5a1f0e4c-0000-4000-8000-00000000d0d0"
APP = "5a1f0e4c-0000-4000-8000-0000000000a1"
SECRET = "not-a-secret-of-a-test"
NOW = 1_795_600_000.0
CLAIMS = {
    "aud": "https://api.securitycenter.microsoft.com",
    "iss": f"https://sts.windows.net/{TENANT}/",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 3900,
    "appid": APP,
    "app_displayname": "responder",
    "appidacr": "1",
    "oid": "5a1f0e4c-0000-4000-8000-0000000000b1",
    "sub": "5a1f0e4c-0000-4000-8000-0000000000b1",
    "roles": ["Alert.Read.All", "Machine.Read.All"],
    "tid": TENANT,
    "ver": "1.0",
}


def encode(claims: dict, header: dict | None = None) -> str:
    """A token in the three parts of one, without a real signature."""
    parts = (json.dumps(part).encode() for part in (header or {"alg": "RS256", "typ": "JWT"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "not-a-signature"])


def a_token(**changes) -> Token:
    """A good token of the responder, with some claims changed, or taken out by ``None``."""
    return decode(encode({name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}))


def some_settings(**changes) -> Settings:
    """Settings that sign in by secret, with some changed."""
    return settings_from({"tenant_id": TENANT, "client_id": APP, "client_secret": SECRET, **changes})


def refused(settings: Settings, clock=time) -> DefenderError:
    """The failure of a real sign-in, in which no secret stands."""
    with pytest.raises(DefenderError) as raised:
        sign_in(settings, clock=clock)
    shown = raised.value.sentence() + repr(raised.value.as_result())
    assert not any(secret in shown for secret in (settings.client_secret, settings.certificate_passphrase) if secret)
    assert raised.value.hint
    return raised.value
