# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts are about: the machines, files, addresses, URLs and users they name, each once, whichever service they come from.

The classic service keeps a machine and a user at the alert and evidence in flat records (alerts.md); Graph has all of
it in evidence, where each kind is a record of its own (security-alertevidence.md). Neither promises an order, so what
comes out is sorted, and the same mentions always make the same things.
"""

from __future__ import annotations

import typing as t

from .._client.errors import BadAnswer

Row = t.Mapping[str, t.Any]
Names = t.Mapping[str, tuple[str, ...]]

# Ours -> the services', the classic one's first.
FILE: Names = {"sha256": ("sha256",), "sha1": ("sha1",), "name": ("fileName",), "path": ("filePath",)}
USER: Names = {
    "name": ("accountName", "userName"), "domain": ("domainName",), "sid": ("userSid",), "upn": ("userPrincipalName",),
    "aad_user_id": ("aadUserId", "azureAdUserId"),
}
MACHINE: Names = {"id": ("machineId", "mdeDeviceId"), "name": ("computerDnsName", "deviceDnsName")}

FILES_WITHIN = ("fileDetails", "imageFile")
"""Where Graph's evidence of a file and of a process keeps the file."""
DEVICE = "deviceEvidence"


def entities(alerts: t.Iterable[Row]) -> dict[str, list[t.Any]]:
    """Everything the alerts and their evidence name, sorted.

    :raises BadAnswer: evidence cannot be read, so that something might be missing
    """
    machines, files, users = _Things("id"), _Things("sha256", "sha1", ("name", "path")), _Things("sid", "aad_user_id", ("name", "domain"))
    ips: set[str] = set()
    urls: set[str] = set()
    for alert in alerts:
        machines.mention(alert, MACHINE)
        users.mention(_related_user(alert.get("relatedUser")), USER)
        for user in _records(alert.get("loggedOnUsers")):
            users.mention(user, USER)
        for evidence in evidence_of(alert):
            if is_device(evidence):
                machines.mention(evidence, MACHINE)
            for file in (evidence, *_within(evidence, FILES_WITHIN)):
                files.mention(file, FILE)
            for user in (evidence, *_within(evidence, ("userAccount",)), *_records(evidence.get("loggedOnUsers"))):
                users.mention(user, USER)
            ips.update(_given(evidence.get("ipAddress")))
            urls.update(_given(evidence.get("url")))
    return {"machines": machines.sorted("name"), "files": files.sorted("name"), "ips": sorted(ips), "urls": sorted(urls), "users": users.sorted("name")}


def evidence_of(alert: Row) -> list[Row]:
    """The pieces of evidence of an alert.

    :raises BadAnswer: they cannot be read
    """
    evidence = alert.get("evidence") or []
    if not isinstance(evidence, list) or not all(isinstance(piece, dict) or piece is None for piece in evidence):
        raise BadAnswer(f"The evidence of the alert {alert.get('id')} cannot be read", hint="Run the task again")
    return [piece for piece in evidence if piece]


def is_device(evidence: Row) -> bool:
    """Whether it is Graph's evidence of a machine."""
    return str(evidence.get("@odata.type")).endswith(f".{DEVICE}")


class _Things:
    """Things of one kind; two are the same when they agree on the first key that both have."""

    def __init__(self, *keys: str | tuple[str, ...]) -> None:
        self._keys = tuple((key,) if isinstance(key, str) else key for key in keys)
        self._mentions: dict[tuple[str, ...], dict[str, t.Any]] = {}

    def mention(self, record: Row, names: Names) -> None:
        """Take in one mention."""
        facts = {ours: next((value for name in theirs for value in _given(record.get(name))), None) for ours, theirs in names.items()}
        if any(True for _name in self._names(facts)):
            self._mentions[tuple(value or "" for value in facts.values())] = facts

    def sorted(self, first: str) -> list[dict[str, t.Any]]:
        """The things, by that fact. What is told most of goes first when mentions of one thing are put together."""
        by_key: dict[tuple[t.Any, ...], dict] = {}
        known: list[dict] = []
        for mention in sorted(self._mentions, key=lambda values: (values.count(""), values)):
            self._put(self._mentions[mention], by_key, known)
        return sorted(known, key=lambda thing: [(value is None, _folded(value), value or "") for value in (thing[first], *thing.values())])

    def _put(self, facts: dict[str, t.Any], by_key: dict[tuple[t.Any, ...], dict], known: list[dict]) -> None:
        """A new thing, or more about one that is known."""
        same = (by_key[name] for name in self._names(facts) if name in by_key and _agree(by_key[name], facts, self._keys))
        thing = next(same, None)
        if thing is None:
            thing = dict(facts)
            known.append(thing)
        thing.update((name, value) for name, value in facts.items() if thing[name] is None)
        for name in self._names(thing):
            by_key.setdefault(name, thing)

    def _names(self, facts: Row) -> t.Iterator[tuple[t.Any, ...]]:
        for key in self._keys:
            values = tuple(_folded(facts[name]) for name in key)
            if values[0]:
                yield (key, *values)


def _agree(one: Row, other: Row, keys: tuple[tuple[str, ...], ...]) -> bool:
    """Whether no stronger key tells them apart: two files of one name and path may differ in their hashes."""
    singles = [key[0] for key in keys if len(key) == 1]
    return all(_folded(one[name]) == _folded(other[name]) for name in singles if one[name] and other[name])


def _within(record: Row, names: t.Iterable[str]) -> t.Iterator[Row]:
    return (record[name] for name in names if isinstance(record.get(name), dict))


def _records(value: t.Any) -> list[Row]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _related_user(user: t.Any) -> Row:
    """The page calls it a text, every sample shows an object (alerts.md)."""
    return user if isinstance(user, dict) else {"userName": user}


def _given(value: t.Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else ()


def _folded(value: str | None) -> str:
    return (value or "").casefold()
