# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app for tests of what it signs in with."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client import vault
from ansible_collections.secops.defender.plugins.module_utils._client.errors import DefenderError
from ansible_collections.secops.defender.plugins.module_utils._response import app_patience, app_secrets
from unit.plugins.modules.playing import work

PASSWORD = "not-a-secret-of-the-vault"


def hurried(tenant, monkeypatch):
    """A tenant with nothing in it, whose directory is late by little, and waits that are as short."""
    tenant.load("from_nothing")
    tenant.settings(directory_lag=0.05, listing_lag=0.1, credential_lag=0.3)
    monkeypatch.setattr(app_patience, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(app_secrets, "LOOKS", 1)
    return tenant


class Responder:
    """An app without a credential, and the file that is to keep its secret."""

    def __init__(self, tenant, folder, name: str = "responder") -> None:
        self.tenant = tenant
        self.file = folder / "defender.yml"
        self.app_id = work(tenant, "app_registration", app="bootstrapper", display_name=name)["app_id"]

    def __call__(self, kind: str = "secret", **options: t.Any) -> dict[str, t.Any]:
        place = {"vault_file": str(self.file), "vault_password": PASSWORD} if kind == "secret" and options.get("state") != "absent" else {}
        given = {"app_id": self.app_id, "kind": kind, **place, **options}
        return work(self.tenant, "app_credential", app="bootstrapper", **{name: value for name, value in given.items() if value is not None})

    def stored(self) -> str:
        text = vault.decrypt(self.file.read_bytes(), PASSWORD.encode()).text
        return text.partition('defender_client_secret: "')[2].partition('"')[0]

    def works(self, secret: str) -> bool:
        return self._sign_in(client_secret=secret)

    def _sign_in(self, **proof: str) -> bool:
        scope = "https://graph.microsoft.com/.default"
        form = {"grant_type": "client_credentials", "scope": scope, "client_id": self.app_id, **proof}
        return self.tenant.session.post(f"{self.tenant.url}/{self.tenant.tenant_id}/oauth2/v2.0/token", data=form).ok

    def failure(self, **options: t.Any) -> DefenderError:
        with pytest.raises(DefenderError) as caught:
            self(**options)
        return caught.value
