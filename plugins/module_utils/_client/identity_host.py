# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that hands out the tokens of a managed identity, and what its refusals mean.

It is on the machine itself or on the link beside it, so no proxy is asked, and plain HTTP leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import json
import typing as t
from urllib.parse import urlsplit

from . import aadsts
from .errors import BadInput, SignInFailed, Unreachable
from .no_answer import no_answer
from .refusal import Busy, for_support, number_in, pause_in
from .settings import Settings
from .transport import open_session
from .ways import MANAGED_IDENTITY, SYSTEM
from .wire import load_msal


class Host(t.NamedTuple):
    """A kind of host. ``passing`` are statuses besides 429 and 5xx that mean: come again (how-to-use-vm-token.md)."""

    title: str
    passing: tuple[int, ...] = ()


VM = Host("the metadata service of the virtual machine", passing=(404, 410))
APP_SERVICE = Host("App Service")
MACHINE_LEARNING = Host("Azure Machine Learning")
ARC = Host("the agent of Azure Arc")
SERVICE_FABRIC = Host("Service Fabric")
CLOUD_SHELL = Host("Azure Cloud Shell")
SERVED = (VM, APP_SERVICE, MACHINE_LEARNING, ARC)

NOWHERE = (
    "Managed identities exist on virtual machines of Azure, in App Service, Container Apps, Functions and Automation, and on servers with Azure Arc; "
    "elsewhere sign in another way"
)


def host_here() -> Host:
    """The kind that MSAL is going to ask."""
    known = load_msal().managed_identity
    return {
        known.SERVICE_FABRIC: SERVICE_FABRIC,
        known.APP_SERVICE: APP_SERVICE,
        known.MACHINE_LEARNING: MACHINE_LEARNING,
        known.AZURE_ARC: ARC,
        known.CLOUD_SHELL: CLOUD_SHELL,
    }.get(known.get_managed_identity_source(), VM)


class IdentityHost:
    """What MSAL sends through: it gets good answers only, and the one refusal with which Azure Arc begins."""

    def __init__(self, settings: Settings, host: Host) -> None:
        self._settings = settings
        self._host = host
        self._session = open_session(settings, nearby=True)

    def get(self, url: str, **rest: t.Any) -> t.Any:
        import requests

        check_nearby(url)
        try:
            answer = self._session.get(url, **rest)
        except requests.RequestException as error:
            failure = no_answer(error, url, self._settings)
            if isinstance(failure, Unreachable) and not failure.maybe_sent:
                failure.hint = NOWHERE
            raise failure from None
        asks_for_proof = answer.status_code == 401 and self._host == ARC and "Authorization" not in rest.get("headers", {})
        if not asks_for_proof:
            self._check(answer)
        return answer

    def close(self) -> None:
        """Called by MSAL, which does not own the session; ``hang_up`` closes it."""

    def hang_up(self) -> None:
        self._session.close()

    def _check(self, answer: t.Any) -> None:
        try:
            body = json.loads(answer.text)
        except ValueError:
            body = None
        status = answer.status_code
        said = body if isinstance(body, dict) else {}
        if status == 429 or status >= 500 or status in self._host.passing:
            raise Busy(self._refused(status, said, aadsts.BUSY), pause_in(answer))
        if status >= 400 or "error" in said:
            raise self._refused(status, said, _meaning(said, self._settings))
        if not said:
            raise SignInFailed(f"{self._host.title} did not answer with JSON (HTTP {status})", status=status, hint=NOWHERE)

    def _refused(self, status: int, said: t.Mapping[str, t.Any], refusal: aadsts.Refusal) -> SignInFailed:
        number = number_in(said)
        # App Service says it in words of its own: statusCode and message.
        details = for_support({**said, "error_description": said.get("error_description") or said.get("message")})
        word = said.get("error")
        return SignInFailed(
            f"{self._host.title} gave no token: {refusal.meaning}",
            code=f"AADSTS{number}" if number else word if isinstance(word, str) else None,
            status=status,
            hint=refusal.hint,
            details=details,
        )


def _meaning(said: t.Mapping[str, t.Any], settings: Settings) -> aadsts.Refusal:
    number, word = number_in(said), said.get("error")
    if number:
        return aadsts.explain(number, MANAGED_IDENTITY)
    if isinstance(word, str) and word in aadsts.WORDS:
        return aadsts.WORDS[word]
    if settings.managed_identity == SYSTEM:
        return aadsts.Refusal("this machine has no identity of its own", "Turn it on in the portal, under Identity; or give the client id of another")
    return aadsts.Refusal(
        f"the identity {settings.managed_identity} is not attached to this machine",
        "Attach it in the portal, under Identity, User assigned; and check its id",
    )


def check_nearby(url: str) -> None:
    """Pass TLS, and plain HTTP to this machine or its own network: what comes back is a token in the clear."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return
    try:
        is_nearby = parts.scheme == "http" and (parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_private)
    except ValueError:
        is_nearby = False
    if not is_nearby:
        raise BadInput(
            f"The host of managed identities in the environment is at {parts.scheme}://{parts.hostname}, where a token would travel in the clear",
            hint="Check IDENTITY_ENDPOINT, MSI_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST",
        )
