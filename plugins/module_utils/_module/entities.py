# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What alerts are about: the machines, files, addresses, URLs and users they name, each once."""

from __future__ import annotations

import typing as t

Row = t.Mapping[str, t.Any]

# Ours -> the service's, as alerts.md spells it in the evidence.
FILE = {"sha256": "sha256", "sha1": "sha1", "name": "fileName", "path": "filePath"}
USER = {
    "name": "accountName", "domain": "domainName", "sid": "userSid",
    "upn": "userPrincipalName", "aad_user_id": "aadUserId",
}
RELATED_USER = {"name": "userName", "domain": "domainName"}
MACHINE = {"id": "machineId", "name": "computerDnsName"}


def entities(alerts: t.Iterable[Row]) -> dict[str, list[t.Any]]:
    """Everything the alerts and their evidence name, in the order of first mention."""
    machines, files, users = _Things("id"), _Things("sha256", "sha1", ("name", "path")), _Things("sid", "aad_user_id", ("name", "domain"))
    ips: dict[str, None] = {}
    urls: dict[str, None] = {}
    for alert in alerts:
        machines.add(_facts(alert, MACHINE))
        users.add(_related_user(alert.get("relatedUser")))
        for user in alert.get("loggedOnUsers") or ():
            users.add(_facts(user, USER))
        for evidence in alert.get("evidence") or ():
            files.add(_facts(evidence, FILE))
            users.add(_facts(evidence, USER))
            ips.update(_given(evidence.get("ipAddress")))
            urls.update(_given(evidence.get("url")))
    return {"machines": machines.known, "files": files.known, "ips": list(ips), "urls": list(urls), "users": users.known}


class _Things:
    """Things of one kind; two are the same when they agree on the first key that both have."""

    def __init__(self, *keys: str | tuple[str, ...]) -> None:
        self._keys = tuple((key,) if isinstance(key, str) else key for key in keys)
        self._by_key: dict[tuple[t.Any, ...], dict] = {}
        self.known: list[dict] = []

    def add(self, facts: dict[str, t.Any]) -> None:
        """Take in one mention: a new thing, or more about one that is known."""
        names = list(self._names(facts))
        if not names:
            return
        thing = next((self._by_key[name] for name in names if name in self._by_key and _agree(self._by_key[name], facts, self._keys)), None)
        if thing is None:
            thing = dict(facts)
            self.known.append(thing)
        thing.update((name, value) for name, value in facts.items() if thing[name] is None)
        for name in self._names(thing):
            self._by_key.setdefault(name, thing)

    def _names(self, facts: Row) -> t.Iterator[tuple[t.Any, ...]]:
        for key in self._keys:
            values = tuple(_folded(facts[name]) for name in key)
            if values[0]:
                yield (key, *values)


def _agree(one: Row, other: Row, keys: tuple[tuple[str, ...], ...]) -> bool:
    """Whether no stronger key tells them apart: two files of one name and path may differ in their hashes."""
    singles = [key[0] for key in keys if len(key) == 1]
    return all(_folded(one[name]) == _folded(other[name]) for name in singles if one[name] and other[name])


def _facts(record: Row, names: t.Mapping[str, str]) -> dict[str, t.Any]:
    return {ours: record.get(theirs) or None for ours, theirs in names.items()}


def _related_user(user: t.Any) -> dict[str, t.Any]:
    """The page calls it a text, every sample shows an object (alerts.md)."""
    record = user if isinstance(user, dict) else {"userName": user}
    return {**dict.fromkeys(USER), **_facts(record, RELATED_USER)}


def _given(value: str | None) -> dict[str, None]:
    return {value: None} if value else {}


def _folded(value: t.Any) -> t.Any:
    return value.casefold() if isinstance(value, str) else value
