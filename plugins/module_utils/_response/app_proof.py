# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a credential of an app: it gets a token, or it is not good."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._client.clouds import for_graph
from .._client.errors import SignInFailed
from .._client.sign_in import sign_in
from .._client.ways import ONLY_WITH_A_CERTIFICATE, WAYS_TO_SIGN_IN
from .app_consent import tenant_of
from .app_patience import Patience

LATE = frozenset(f"AADSTS{number}" for number in (7000215, 7000222, 700016, 700027, 70021, 700211, 700212, 700213))
"""What the login host says of a credential or an app while it has not heard of it: of a secret that it is wrong, or that all it knows have expired."""
NOTHING: dict[str, t.Any] = dict.fromkeys((*WAYS_TO_SIGN_IN, *ONLY_WITH_A_CERTIFICATE))


def prove(client, app_id: str, patience: Patience, **credential: t.Any) -> None:
    """Sign in as the app until the login host takes the credential, which is given as options of a connection.

    The token is for Microsoft Graph, which every tenant has, and is thrown away.

    :raises SignInFailed: it was not taken, or not in time
    :raises DefenderError: as ``sign_in``
    """
    nobody = replace(client.settings, **{**NOTHING, "device_code": False, "certificate_send_chain": False})
    settings = for_graph(replace(nobody, tenant_id=tenant_of(client), client_id=app_id, token_cache=False, **credential))
    failures: list[SignInFailed] = []

    def is_taken() -> bool:
        try:
            sign_in(settings, clock=client.clock)
        except SignInFailed as error:
            failures.append(error)
            if error.code not in LATE:
                raise
            return False
        return True

    if not patience.until(is_taken):
        raise failures[-1]
