# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: what their alerts say, and what has been said of them since."""

from __future__ import annotations

import datetime as dt
import typing as t
from collections.abc import Callable, Iterable

from .alert_book import AlertBook
from .clock import stamp
from .graph_words import to_graph
from .rows import Row
from .shown import Shown

PORTAL = "https://security.microsoft.com"
SEVERITIES = ("unknown", "informational", "low", "medium", "high")
BY_ITSELF = "Microsoft Defender XDR"
ACTIVE, RESOLVED, REDIRECTED = "active", "resolved", "redirected"


class Incidents:
    """An incident is there as soon as an alert names it. What nobody has changed follows from the alerts as they were at first."""

    def __init__(self, alerts: AlertBook, tenant_id: str) -> None:
        self.book = alerts
        self.tenant_id = tenant_id
        self._said: dict[int, dict[str, t.Any]] = {}
        self._newest: list[int] = []
        self._of: tuple[t.Any, int] = ({}, 0)

    def newest_first(self) -> list[int]:
        known, said = self.book.by_incident(), len(self._said)
        if self._of[0] is not known or self._of[1] != said:
            self._newest = sorted({*known, *self._said}, key=self._age, reverse=True)
            self._of = (known, said)
        return self._newest

    def _age(self, number: int) -> tuple[str, int]:
        return self.get(number)["createdDateTime"][:-1], number

    def number(self, text: str) -> int | None:
        """The incident of that id, if there is one."""
        number = int(text) if text.isascii() and text.isdigit() and str(int(text)) == text else None
        return number if number in self._said or number in self.book.by_incident() else None

    def get(self, number: int) -> Row:
        return Shown(FIELDS, self, number)

    def alerts(self, number: int) -> list[Row]:
        """The alerts that it has now, oldest first."""
        return [t.cast(Row, self.book.get(id_)) for id_ in self.book.by_incident().get(number, ())]

    def at_first(self, number: int) -> list[Row]:
        return [t.cast(Row, self.book.at_first(id_)) for id_ in self.book.by_incident().get(number, ())]

    def said(self, number: int, name: str, otherwise: Callable[[], t.Any]) -> t.Any:
        said = self._said.get(number, {})
        return said[name] if name in said else otherwise()

    def write(self, number: int, *, now: dt.datetime, by: str, **fields: t.Any) -> None:
        """Change an incident; whatever was not said of it before stays as it was shown."""
        before = {name: value for name, value in self.get(number).items() if name != "lastUpdateDateTime"}
        self._said[number] = {**before, **fields, "lastUpdateDateTime": stamp(now), "lastModifiedBy": by}

    def comment(self, number: int, text: str, *, now: dt.datetime, by: str) -> list[dict[str, t.Any]]:
        """Add a comment; all that it has now."""
        added = {"comment": text, "createdByDisplayName": by, "createdDateTime": stamp(now)}
        comments = [*self.get(number)["comments"], added]
        self.write(number, now=now, by=by, comments=comments)
        return comments

    def move(self, ids: list[str], number: int | None, *, now: dt.datetime, by: str) -> int:
        """Put alerts into an incident, or into a new one, which is told."""
        left = {t.cast(Row, self.book.get(id_))["incidentId"] for id_ in ids} - {None}
        for incident in left:
            self.write(incident, now=now, by=by)
        if number is not None:
            self.write(number, now=now, by=by)
        target = max({*self.book.by_incident(), *self._said}) + 1 if number is None else number
        self.book.move(ids, target)
        if number is None:
            self.write(target, now=now, by=by, createdDateTime=stamp(now), status=ACTIVE)
        return target

    def merge(self, numbers: Iterable[int], *, now: dt.datetime, by: str) -> int:
        """One of them takes in the others; which is not told beforehand. The others stay readable and point to it."""
        target, *others = sorted(set(numbers), key=self._age)
        severity = max((self.get(number)["severity"] for number in (target, *others)), key=SEVERITIES.index)
        for number in others:
            self.write(number, now=now, by=by, status=REDIRECTED, redirectIncidentId=str(target))
        self.write(target, now=now, by=by, severity=severity)
        self.book.move([id_ for number in others for id_ in self.book.by_incident().get(number, ())], target)
        return target


def _name(incidents: Incidents, number: int) -> str:
    """After its oldest alert."""
    alerts = incidents.at_first(number)
    machines = len({row["machineId"] for row in alerts if row["machineId"]})
    where = {0: "", 1: " on one endpoint"}.get(machines, f" on {machines} endpoints")
    return alerts[0]["title"] + where


def _severity(incidents: Incidents, number: int) -> str:
    return max((to_graph("severity", row["severity"]) for row in incidents.at_first(number)), key=SEVERITIES.index)


def _status(incidents: Incidents, number: int) -> str:
    return RESOLVED if all(row["status"] == "Resolved" for row in incidents.at_first(number)) else ACTIVE


def _in_common(name: str) -> Callable[[Incidents, int], t.Any]:
    """What all its alerts say, else nothing."""

    def value(incidents: Incidents, number: int) -> t.Any:
        values = {row[name] for row in incidents.at_first(number)}
        return values.pop() if len(values) == 1 else None

    return value


def _word_in_common(name: str) -> Callable[[Incidents, int], str]:
    value = _in_common(name)
    return lambda incidents, number: to_graph(name, value(incidents, number))


def _updated(incidents: Incidents, number: int) -> str:
    own = incidents.said(number, "lastUpdateDateTime", lambda: incidents.get(number)["createdDateTime"])
    return max([own, *(row["lastUpdateTime"] for row in incidents.alerts(number))], key=lambda moment: moment[:-1])


def _always(value: t.Any) -> Callable[[Incidents, int], t.Any]:
    return lambda _incidents, _number: value


def _unless_said(name: str, at_first: Callable[[Incidents, int], t.Any]) -> Callable[[Incidents, int], t.Any]:
    return lambda incidents, number: incidents.said(number, name, lambda: at_first(incidents, number))


AT_FIRST: dict[str, Callable[[Incidents, int], t.Any]] = {
    "redirectIncidentId": _always(None),
    "displayName": _name,
    "createdDateTime": lambda incidents, number: incidents.at_first(number)[0]["alertCreationTime"],
    "assignedTo": _in_common("assignedTo"),
    "classification": _word_in_common("classification"),
    "determination": _word_in_common("determination"),
    "status": _status,
    "severity": _severity,
    "customTags": _always([]),
    "comments": _always([]),
    "systemTags": _always([]),
    "description": _always(""),
    "lastModifiedBy": _always(BY_ITSELF),
    "resolvingComment": _always(None),
    "summary": _always(""),
    "priorityScore": _always(None),
}
FIELDS: dict[str, Callable[[Incidents, int], t.Any]] = {
    "@odata.type": _always("#microsoft.graph.security.incident"),
    "id": lambda _incidents, number: str(number),
    "tenantId": lambda incidents, _number: incidents.tenant_id,
    "incidentWebUrl": lambda incidents, number: f"{PORTAL}/incidents/{number}?tid={incidents.tenant_id}",
    "lastUpdateDateTime": _updated,
    **{name: _unless_said(name, at_first) for name, at_first in AT_FIRST.items()},
}
