# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine of Azure signs in as itself: its host hands out the token, and there is nothing to keep or to leak.

MSAL finds the host as every tool of Azure does: by IDENTITY_ENDPOINT and its like in the environment, by the agent
of Azure Arc on the disk, and else at the address that all virtual machines know.
"""

from __future__ import annotations

import typing as t

from .clouds import DEFAULT_SUFFIX, endpoints
from .errors import BadInput, SignInFailed, TokenRejected
from .identity_host import ARC, SERVED, IdentityHost, host_here
from .settings import GUID, Settings
from .token import Token, decode
from .ways import SYSTEM
from .wire import WHAT_MSAL_RAISES, load_msal, silent


class Machine:
    """The machine this runs on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host = host_here()
        if self._host not in SERVED:
            raise BadInput(f"managed_identity is not served in {self._host.title}", hint="Sign in by certificate_path or federated_token_path there")
        self._line = IdentityHost(settings, self._host)

    def ask(self) -> Token:
        """Ask once."""
        msal = load_msal()
        resource = endpoints(self._settings).scope[: -len(DEFAULT_SUFFIX)]
        try:
            with silent():
                client = msal.ManagedIdentityClient(_identity(msal, self._settings), http_client=self._line, http_cache={})
                answer = client.acquire_token_for_client(resource=resource)
        except OSError as error:
            # The agent of Azure Arc proves who asks by a file that only some may read.
            raise SignInFailed(
                f"The key that {self._host.title} has written for this sign-in cannot be read: {error.strerror}",
                hint="Run the task as a member of the group himds: usermod -aG himds <user>",
            ) from None
        except WHAT_MSAL_RAISES:
            raise self._strange() from None
        value = answer.get("access_token")
        if not isinstance(value, str):
            raise self._strange()
        return of_the_identity(decode(value), self._settings)

    def close(self) -> None:
        self._line.hang_up()

    def _strange(self) -> SignInFailed:
        hint = "Check what answers there, and a proxy in between"
        if self._host == ARC:
            hint = "Update the agent and the library msal: older ones know only managed_identity: system"
        return SignInFailed(f"{self._host.title} gave an answer that is not that of a managed identity", hint=hint)


def _identity(msal: t.Any, settings: Settings) -> t.Any:
    wanted = settings.managed_identity or SYSTEM
    if wanted == SYSTEM:
        return msal.SystemAssignedManagedIdentity()
    if GUID.fullmatch(wanted):
        return msal.UserAssignedManagedIdentity(client_id=wanted)
    return msal.UserAssignedManagedIdentity(resource_id=wanted)


def of_the_identity(token: Token, settings: Settings) -> Token:
    """The token, if it is that of the identity that was asked for.

    Older agents of Azure Arc hand out the machine's own for any (msal 1.39.0), and to act as somebody else is worse than to fail.

    :raises TokenRejected: it is another's
    """
    wanted = (settings.managed_identity or SYSTEM).lower()
    got = token.app_id if GUID.fullmatch(wanted) else token.machine
    if wanted != SYSTEM and got and got.lower() != wanted:
        raise TokenRejected(
            f"The machine gave a token of {got}, not of the managed identity {settings.managed_identity}",
            hint="Attach that identity to the machine; on Azure Arc update the agent and the library msal",
        )
    return token
