# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machines are meant: ids, DNS names, addresses, a tag or a filter become machine records, or a refusal."""

from __future__ import annotations

import datetime
import ipaddress
import re
import typing as t
from dataclasses import dataclass

from .._api import machines
from .._client import moments, odata
from .._client.errors import BadInput, NotFound
from .near import near
from .state import IDS_A_CALL, chunks

_MACHINE_ID = re.compile(r"[0-9a-fA-F]{40}$")
_DNS_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253}[A-Za-z0-9_])?$")


@dataclass(frozen=True)
class Selection:
    """What the user named: exactly one of ``machines``, ``tag`` and ``filter`` is set."""

    machines: tuple[str, ...] | None = None
    at: datetime.datetime | None = None
    tag: str | None = None
    filter: str | None = None


@dataclass(frozen=True)
class Refusal:
    """One machine, or one word for a machine, that the task must not act on, and why."""

    target: str
    rule: str
    reason: str
    candidates: tuple[dict, ...] = ()

    def describe(self) -> dict[str, t.Any]:
        return {
            "target": self.target,
            "rule": self.rule,
            "reason": self.reason,
            "candidates": [identify(machine) for machine in self.candidates],
        }


class Targets(t.NamedTuple):
    """The machines found, each once, and the words that did not lead to exactly one machine."""

    machines: list[dict]
    refusals: list[Refusal]


def identify(machine: dict) -> dict[str, t.Any]:
    """Enough of a machine record for a person to tell it from its namesakes."""
    return {
        "id": machine["id"],
        "name": machine.get("computerDnsName"),
        "last_seen": machine.get("lastSeen"),
        "last_ip": machine.get("lastIpAddress"),
        "health": machine.get("healthStatus"),
    }


def check(selection: Selection) -> None:
    """Refuse what cannot name a machine, before anything is sent.

    :raises BadInput: naming the option, the value and the mend
    """
    if selection.machines is None:
        return
    if not selection.machines:
        raise BadInput("machines is empty: nothing was asked for.", hint="Name at least one machine, or skip the task by a condition (when)")
    for word in selection.machines:
        if not (is_machine_id(word) or is_address(word) or _DNS_NAME.match(word)):
            raise BadInput(
                f"machines: {word!r} is neither a machine id, a DNS name nor an IP address.",
                hint="A machine id has 40 hexadecimal digits; a name is the computerDnsName that the portal shows",
            )


def find(client, selection: Selection, now: datetime.datetime) -> Targets:
    """The machine records behind ``selection``, in the fewest calls, merged records followed.

    :raises DefenderError: when a list could not be read to its end
    """
    check(selection)
    if selection.machines is not None:
        found = records_by_word(client, selection, now)
        told = near(client, [word for word, records in found.items() if not records and _is_name(word)])
        return _settle(client, found, told)
    if selection.tag is not None:
        asked, rows = f"tag {selection.tag}", _rows(client, machines.FIND_BY_TAG, tag=selection.tag)
    else:
        asked, rows = "filter", _rows(client, machines.LIST, where=selection.filter)
    if not rows:
        return Targets([], [Refusal(asked, "not_found", f"no machine is found by the {asked}, or the token may not see it")])
    return _settle(client, {row["id"]: [row] for row in rows}, {})


def is_machine_id(word: str) -> bool:
    """Whether ``word`` is a machine id: 40 hexadecimal digits."""
    return _MACHINE_ID.match(word) is not None


def is_address(word: str) -> bool:
    """Whether ``word`` is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _is_name(word: str) -> bool:
    return not is_machine_id(word) and not is_address(word)


def records_by_word(client, selection: Selection, now: datetime.datetime) -> dict[str, list[dict]]:
    """For every word among the machines of ``selection`` the records it may mean, in the user's order."""
    words = list(dict.fromkeys(selection.machines or ()))
    ids = [word for word in words if is_machine_id(word)]
    addresses = [word for word in words if is_address(word)]
    names = [word for word in words if word not in set(ids).union(addresses)]
    found: dict[str, list[dict]] = {word: [] for word in words}
    for machine in _asked_in_chunks(client, ids, lambda word: odata.eq("id", word.lower())):
        for word in ids:
            if word.lower() == machine["id"]:
                found[word].append(machine)
    for machine in _asked_in_chunks(client, names, _name_clause):
        for word in names:
            if _bears(machine, word):
                found[word].append(machine)
    for word in addresses:
        moment = moments.spell(selection.at or now)
        found[word].extend(_rows(client, machines.FIND_BY_IP, ip=word, timestamp=moment))
    return found


def _asked_in_chunks(client, words: list[str], clause: t.Callable[[str], str]) -> t.Iterator[dict]:
    for group in chunks(words, IDS_A_CALL):
        yield from _rows(client, machines.LIST, where=odata.any_of(*(clause(word) for word in group)))


def _name_clause(word: str) -> str:
    spellings = dict.fromkeys((word, word.lower()))
    clauses = [odata.eq("computerDnsName", spelling) for spelling in spellings]
    if "." not in word:
        clauses += [odata.startswith("computerDnsName", spelling + ".") for spelling in spellings]
    return odata.any_of(*clauses)


def _bears(machine: dict, word: str) -> bool:
    """Whether ``word`` is the machine's DNS name, or the first label of it."""
    name = (machine.get("computerDnsName") or "").casefold()
    return word.casefold() in (name, name.partition(".")[0])


def _rows(client, operation, **question: t.Any) -> list[dict]:
    """All rows of one question; a tenant without machines answers 404 (get-machines.md)."""
    try:
        return list(client.list(operation, **question))
    except NotFound:
        return []


def _settle(client, found: dict[str, list[dict]], told: t.Mapping[str, str]) -> Targets:
    """Follow merges, drop what is the same machine twice, refuse what is none or several. ``told`` is more about words that lead to none."""
    known = _with_merge_heads(client, found)
    settled: dict[str, dict] = {}
    refusals: list[Refusal] = []
    for word, records in found.items():
        heads = {head["id"]: head for head in (_head(record, known) for record in records)}
        if len(heads) == 1:
            settled.update(heads)
        elif heads:
            refusals.append(Refusal(word, "ambiguous", f"{word} means {len(heads)} machines; name the id of one", tuple(heads.values())))
        else:
            refusals.append(Refusal(word, "not_found", _nothing_found(word) + told.get(word, "")))
    return Targets(list(settled.values()), refusals)


def _nothing_found(word: str) -> str:
    if is_address(word):
        return f"no machine had the address {word} within 15 minutes of that time"
    return f"no machine is known as {word}, or the token may not see it"


def _with_merge_heads(client, found: dict[str, list[dict]]) -> dict[str, dict]:
    """All records by id, with those that any of them was merged into."""
    known = {record["id"]: record for records in found.values() for record in records}
    missing = _unknown_heads(known)
    while missing:
        fetched = list(_asked_in_chunks(client, missing, lambda word: odata.eq("id", word)))
        known.update((record["id"], record) for record in fetched)
        missing = _unknown_heads(known) if fetched else []
    return known


def _unknown_heads(known: dict[str, dict]) -> list[str]:
    heads = {record.get("mergedIntoMachineId") for record in known.values()}
    return sorted(head for head in heads if head and head not in known)


def _head(record: dict, known: dict[str, dict]) -> dict:
    """The record that ``record`` was merged into, at the end of the chain."""
    seen = {record["id"]}
    while (head := record.get("mergedIntoMachineId")) and head in known and head not in seen:
        seen.add(head)
        record = known[head]
    return record
