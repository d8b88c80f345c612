# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents by their ids, where those that were merged into another lead to the one that lives on."""

from __future__ import annotations

import typing as t

from .._api import incidents
from .one_by_one import each_by_id

MOST_MERGES = 20
"""A chain that is longer goes in a circle."""


def surviving(client, ids: t.Sequence[str]) -> dict[str, dict]:
    """By the id that was asked for, the incident as it lives on; what is not there is left out."""
    known: dict[str, dict] = {}
    wanted = list(ids)
    for _merge in range(MOST_MERGES):
        known.update(each_by_id(client, incidents.GET, "incident_id", wanted))
        heads = {head for row in known.values() if (head := merged_into(row))}
        wanted = sorted(heads.difference(known, wanted))
        if not wanted:
            break
    return {id_: _head(known[id_], known) for id_ in ids if id_ in known}


def merged_into(incident: t.Mapping[str, t.Any]) -> str | None:
    """The id of the incident that this one was merged into."""
    head = incident.get("redirectIncidentId")
    return str(head) if head and incident.get("status") == "redirected" else None


def _head(incident: dict, known: t.Mapping[str, dict]) -> dict:
    """The end of the chain, as far as it may be seen."""
    seen = set()
    while (head := merged_into(incident)) and head in known and head not in seen:
        seen.add(head)
        incident = known[head]
    return incident
