# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to sign in: which options each takes, and that exactly one is given."""

from __future__ import annotations

import typing as t

from .errors import BadInput
from .words import and_list

SECRET = "client_secret"
CERTIFICATE = "certificate_path"
FEDERATED_FILE = "federated_token_path"
FEDERATED = "federated_token"
MANAGED_IDENTITY = "managed_identity"
DEVICE_CODE = "device_code"
GIVEN = "access_token"
WAYS_TO_SIGN_IN = (SECRET, CERTIFICATE, FEDERATED_FILE, FEDERATED, MANAGED_IDENTITY, DEVICE_CODE, GIVEN)

ONLY_WITH_A_CERTIFICATE = ("certificate_key_path", "certificate_passphrase", "certificate_send_chain")
NAME_NO_APP = (MANAGED_IDENTITY, GIVEN)
"""Tenant and app need not be named: the machine has one identity, and a token says both."""

SYSTEM = "system"
"""The managed identity that is the machine's own."""


def given_ways(given: t.Mapping[str, t.Any]) -> list[str]:
    """The ways among what is given; ``device_code: false`` is none."""
    return [way for way in WAYS_TO_SIGN_IN if given.get(way)]


def is_of_another_way(name: str, chosen: t.Sequence[str]) -> bool:
    """Whether the option has no say once ``chosen`` is given: the environment must not put a second way beside it."""
    if name == "client_id":
        return MANAGED_IDENTITY in chosen
    return name in WAYS_TO_SIGN_IN or (name in ONLY_WITH_A_CERTIFICATE and CERTIFICATE not in chosen)


def check_way(given: t.Mapping[str, t.Any]) -> None:
    """Pass options with exactly one way to sign in, and all that it takes.

    :raises BadInput: names the options that are too many or missing
    """
    chosen = given_ways(given)
    missing = [name for name in ("tenant_id", "client_id") if name not in given]
    if not chosen:
        raise BadInput(
            f"Nothing to sign in with is given{', and no ' + ' and no '.join(missing) if missing else ''}",
            hint=f"Give tenant_id, client_id and one of {', '.join(WAYS_TO_SIGN_IN[:-1])} or {WAYS_TO_SIGN_IN[-1]}: "
            "as options of the task or in module_defaults; as defender_client_secret and so on in the file that the playbooks read, "
            "playbooks/vars/defender.yml; or as DEFENDER_CLIENT_SECRET and so on in the environment",
        )
    if len(chosen) > 1:
        raise BadInput(
            f"More than one way to sign in is given: {and_list(chosen)}",
            hint="Give one of them; look in the task, in module_defaults and for DEFENDER_* in the environment",
        )
    stray = [name for name in ONLY_WITH_A_CERTIFICATE if given.get(name)]
    if stray and chosen != [CERTIFICATE]:
        raise BadInput(f"{and_list(stray)} is given without certificate_path", hint="Give certificate_path too, or leave it out")
    if missing and chosen[0] not in NAME_NO_APP:
        raise BadInput(
            f"{and_list(missing)} is not given",
            hint="Both stand on the overview page of the app registration in the Entra admin center",
        )
    if chosen == [MANAGED_IDENTITY] and "client_id" in given:
        raise BadInput(
            "client_id is given with managed_identity, which names the identity by itself",
            hint="Leave client_id out. A user-assigned identity is chosen by giving its client id as managed_identity",
        )
