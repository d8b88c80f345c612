# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine ids for the words a user has for machines: an id is taken as it is, a name or an address is looked up."""

from __future__ import annotations

import typing as t

from .._api import machines
from .._client import moments
from .._client.errors import BadInput, NotFound
from .._response.targets import Refusal, Selection, check, find, is_machine_id
from .filters import some


def machine_ids(client, option: str, words: t.Sequence[str]) -> list[str]:
    """The ids behind ``words``; only names and addresses cost a call, and the role to read machines.

    :raises BadInput: a word cannot name a machine, or names several
    :raises NotFound: a word names none
    """
    ids, refused = _looked_up(client, option, words)
    for refusal in refused:
        raise NotFound(f"{option}: {refusal.reason}", details={"refused": [entry.describe() for entry in refused]})
    return ids


def machines_of_task(client, params: t.Mapping[str, t.Any]) -> tuple[list[str], dict[str, str]]:
    """The ids for the option machine, and a sentence for every word that names none, where the task may go on without.

    :raises BadInput: there is no word, or one cannot name a machine, or names several
    :raises NotFound: a word names none, and it may not be missing
    """
    words = some("machine", params["machine"])
    if not params["allow_missing"]:
        return machine_ids(client, "machine", words), {}
    ids, refused = _looked_up(client, "machine", words)
    return ids, {refusal.target: refusal.reason for refusal in refused}


def _looked_up(client, option: str, words: t.Sequence[str]) -> tuple[list[str], list[Refusal]]:
    """The ids behind those of ``words`` that name a machine, and why the others name none.

    :raises BadInput: a word cannot name a machine, or names several
    """
    words = list(dict.fromkeys(word.strip() for word in words))
    check(Selection(machines=tuple(words)))
    ids = [word.lower() for word in words if is_machine_id(word)]
    others = tuple(word for word in words if not is_machine_id(word))
    if not others:
        return ids, []
    client.require((machines.LIST, machines.FIND_BY_IP))
    found = find(client, Selection(machines=others), moments.from_epoch(client.clock.time()))
    for refusal in found.refusals:
        if refusal.candidates:
            raise BadInput(f"{option}: {refusal.reason}", details={"refused": [entry.describe() for entry in found.refusals]})
    return ids + [machine["id"] for machine in found.machines], list(found.refusals)
