# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the ledger of a case lies: one file for each tenant and case."""

from __future__ import annotations

import os
import re
import typing as t

from .._client.errors import BadInput
from .._client.private_folder import FOLDER
from .._client.settings import GUID

CASE = re.compile(r"[A-Za-z0-9#._-]{1,64}")
SUFFIX = ".ndjson"


def case_of(params: t.Mapping[str, t.Any]) -> str | None:
    """The case that is named; an empty text counts as not given.

    :raises BadInput: it cannot be the name of a case
    """
    case = (params["case"] or "").strip()
    if case and not CASE.fullmatch(case):
        raise BadInput(
            f"case is {case!r}, which cannot name a case",
            hint="Give the id of the incident or ticket: up to 64 letters, digits, hyphens, underscores, dots and number signs",
        )
    return case or None


def folder_of(params: t.Mapping[str, t.Any]) -> str:
    """The folder of the ledgers: the one that is given, or one for state that outlives a boot."""
    if params["ledger"]:
        return os.path.expanduser(params["ledger"])
    states = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(states, FOLDER, "ledgers")


def file_name(tenant_id: str, case: str) -> str:
    """The file's name in that folder.

    :raises BadInput: the token names no tenant
    """
    if not GUID.fullmatch(tenant_id):
        raise BadInput("case is given, but the access token does not say its tenant", hint="Get the token anew from the sign-in service")
    return f"{tenant_id.lower()}_{case}{SUFFIX}"


def existing(folder: str, case: str, tenant_id: str | None) -> str:
    """The path of the ledger of ``case``, found without asking anybody for the tenant.

    :param tenant_id: narrows the search where it is an id; the name of a domain does not
    :raises BadInput: there is none, or there are several
    """
    tenant = tenant_id.lower() if tenant_id and GUID.fullmatch(tenant_id) else None
    names = [name for name in _names(folder) if _is_of(name, case, tenant)]
    if not names:
        of_tenant = f" for the tenant {tenant}" if tenant else ""
        raise BadInput(f"There is no ledger of the case {case}{of_tenant} in {folder}", hint="Give the folder in ledger, or the file in path")
    if len(names) > 1:
        tenants = " and ".join(name.partition("_")[0] for name in names)
        raise BadInput(f"The case {case} has a ledger for each of several tenants: {tenants}", hint="Say in tenant_id which one is meant, by its id")
    return os.path.join(folder, names[0])


def _is_of(name: str, case: str, tenant: str | None) -> bool:
    whose, _underscore, rest = name.partition("_")
    return rest == case + SUFFIX and bool(GUID.fullmatch(whose)) and tenant in (None, whose)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadInput(f"ledger: {folder} cannot be read: {error.strerror}", hint="Name the folder of the ledgers") from error
