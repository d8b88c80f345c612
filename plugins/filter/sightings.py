# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sweep has seen, by sign and by machine, and what of it is news."""

from __future__ import annotations

DOCUMENTATION = r"""
name: sightings
short_description: Put the rows of a sweep together, by sign and by machine
version_added: 0.1.0
author:
  - secops.defender maintainers
description:
  - The hunts V(sweep_files), V(sweep_addresses), V(sweep_domains) and V(sweep_urls) of M(secops.defender.hunting_query) answer a slice of time at once. This
    filter puts the rows of all slices together, and tells what was not known from the sweep before.
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
  signs:
    description: What was looked for. Signs of O(known) that are not among it are forgotten.
    type: list
    elements: str
    required: true
  known:
    description: The C(known) of the sweep before.
    type: list
    elements: dict
    default: []
seealso:
  - module: secops.defender.hunting_query
"""

EXAMPLES = r"""
- name: Look for the files in two halves of a month
  secops.defender.hunting_query:
    hunt: sweep_files
    parameters:
      hashes: "{{ hashes }}"
      since: "{{ item.0 }}"
      until: "{{ item.1 }}"
  loop: "{{ ['2026-11-01T00:00:00Z', '2026-11-15T00:00:00Z'] | zip(['2026-11-15T00:00:00Z', '2026-11-29T00:00:00Z']) | list }}"
  register: sweep

- name: Say on which machines they were seen
  ansible.builtin.debug:
    msg: "{{ (sweep.results | map(attribute='rows') | flatten(1) | secops.defender.sightings(signs=hashes)).machines }}"
"""

RETURN = r"""
_value:
  description:
    - C(hits) has one entry for each sign on each machine, with C(sign), C(device_id), C(device_name), C(first_seen), C(last_seen), C(events), C(actions),
      C(programs) and C(news), which is V(new) for what O(known) does not hold, V(again) for what was seen since, and V(known) for the rest.
    - C(signs) has the hits by C(sign), C(machines) by C(device_id). C(never_seen) are signs without a hit, now or before.
    - C(known) is what to give to the next sweep.
  type: dict
"""

import re
import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._client import moments

Hit = dict[str, t.Any]
MACHINE_ID = re.compile("[0-9a-f]{40}")
LISTS = {"actions": "Actions", "programs": "Programs"}


def sightings(rows: t.Iterable[t.Mapping[str, t.Any]], signs: t.Iterable[str], known: t.Iterable[t.Mapping[str, t.Any]] = ()) -> dict[str, t.Any]:
    """What was seen, each sign on each machine once."""
    by_folded = {sign.casefold(): sign for sign in signs}
    before = _known(known, by_folded)
    seen: dict[tuple[str, str], Hit] = {}
    for row in rows:
        _take_in(seen, row)
    hits = sorted(seen.values(), key=lambda hit: (hit["first_seen"], hit["sign"], str(hit["device_id"])))
    latest = dict(before)
    for hit in hits:
        key = (hit["sign"].casefold(), hit["device_id"])
        hit["news"] = "new" if key not in before else "again" if hit["last_seen"] > before[key] else "known"
        latest[key] = max(hit["last_seen"], before.get(key, ""))
    met = {sign for sign, _machine in latest}
    return {
        "hits": hits,
        "signs": [{"sign": group[0]["sign"], "machines": _names(group), **_span(group)} for group in _grouped(hits, "sign")],
        "machines": [
            {"device_id": group[0]["device_id"], "device_name": group[0]["device_name"], "signs": [hit["sign"] for hit in group], **_span(group)}
            for group in _grouped(hits, "device_id")
        ],
        "never_seen": [sign for folded, sign in by_folded.items() if folded not in met],
        "known": [{"sign": by_folded[sign], "device_id": machine, "last_seen": last} for (sign, machine), last in latest.items() if sign in by_folded],
    }


def _known(known: t.Iterable[t.Mapping[str, t.Any]], by_folded: t.Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Sign and machine -> when they were last seen together. What no sweep of ours has written is refused, for it would hide something."""
    before: dict[tuple[str, str], str] = {}
    try:
        for entry in known:
            key = (entry["sign"].casefold(), entry["device_id"])
            moments.parse(entry["last_seen"])
            if not MACHINE_ID.fullmatch(entry["device_id"]):
                raise ValueError("no machine")
            if key[0] in by_folded:
                before[key] = entry["last_seen"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise AnsibleFilterError("secops.defender.sightings: known is not what a sweep has left") from error
    return before


def _take_in(seen: dict[tuple[str, str], Hit], row: t.Mapping[str, t.Any]) -> None:
    try:
        key = (row["Sign"].casefold(), row["DeviceId"])
        hit = seen.setdefault(key, {
            "sign": row["Sign"], "device_id": row["DeviceId"], "device_name": row["DeviceName"], "first_seen": row["FirstSeen"],
            "last_seen": row["LastSeen"], "events": 0, **{ours: [] for ours in LISTS},
        })
        hit["first_seen"], hit["last_seen"] = min(hit["first_seen"], row["FirstSeen"]), max(hit["last_seen"], row["LastSeen"])
        hit["events"] += int(row["Events"])
        for ours, theirs in LISTS.items():
            hit[ours] += [word for word in row[theirs] or () if word and word not in hit[ours]]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise AnsibleFilterError("secops.defender.sightings takes the rows of sweep_files, sweep_addresses, sweep_domains and sweep_urls") from error


def _grouped(hits: t.Iterable[Hit], fact: str) -> list[list[Hit]]:
    groups: dict[t.Any, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit[fact], []).append(hit)
    return list(groups.values())


def _names(group: t.Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(hit["device_name"] or hit["device_id"] for hit in group))


def _span(group: t.Sequence[Hit]) -> dict[str, t.Any]:
    return {
        "first_seen": min(hit["first_seen"] for hit in group), "last_seen": max(hit["last_seen"] for hit in group),
        "events": sum(hit["events"] for hit in group),
        "news": next((word for word in ("new", "again") if any(hit["news"] == word for hit in group)), "known"),
    }


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., dict[str, t.Any]]]:
        return {"sightings": sightings}
