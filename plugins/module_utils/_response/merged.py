# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents by their ids, where those that were merged into another lead to the one that lives on."""

from __future__ import annotations

import typing as t

from .._api import incidents
from .one_by_one import each_by_id

MOST_MERGES = 20
"""So far a chain of merges is followed."""


class Survivors(t.NamedTuple):
    """By the id that was asked for: the incident as it lives on, or a sentence that says why there is none."""

    lives_in: dict[str, dict]
    not_found: dict[str, str]


def surviving(client, ids: t.Sequence[str]) -> Survivors:
    """Where each lives on; a merge whose end cannot be seen leads nowhere, as nothing is in what was merged."""
    known: dict[str, dict] = {}
    wanted = list(ids)
    for _merge in range(MOST_MERGES):
        known.update(each_by_id(client, incidents.GET, "incident_id", wanted))
        heads = {head for row in known.values() if (head := merged_into(row))}
        wanted = sorted(heads.difference(known, wanted))
        if not wanted:
            break
    found = Survivors({}, {})
    for id_ in ids:
        end = _end(id_, known)
        if isinstance(end, str):
            found.not_found[id_] = end
        else:
            found.lives_in[id_] = end
    return found


def merged_into(incident: t.Mapping[str, t.Any]) -> str | None:
    """The id of the incident that this one was merged into."""
    head = incident.get("redirectIncidentId")
    return str(head) if head and incident.get("status") == "redirected" else None


def _end(id_: str, known: t.Mapping[str, dict]) -> dict | str:
    """The incident at the end of the chain, or why there is none."""
    if id_ not in known:
        return f"there is no incident {id_}"
    passed: set[str] = set()
    here = id_
    while here in known and here not in passed:
        head = merged_into(known[here])
        if head is None:
            return known[here]
        passed.add(here)
        here = head
    if here in passed:
        return f"{id_} was merged into {here}, and that again into itself"
    return f"{id_} was merged into {here}, which cannot be read"
