# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All alerts of a tenant: those of Defender for Endpoint, and those of other products, which only Graph shows."""

from __future__ import annotations

import collections

from .living import Living
from .rows import Row


class AlertBook:
    def __init__(self, *shelves: Living) -> None:
        self._shelves = shelves
        self._known: int | None = None
        self._newest: list[str] = []
        self._by_incident: dict[int, list[str]] = {}

    def get(self, id_: str) -> Row | None:
        return next((row for shelf in self._shelves if (row := shelf.get(id_)) is not None), None)

    def at_first(self, id_: str) -> Row | None:
        """As it was when the world began, or as it is when it came later."""
        return next((row for shelf in self._shelves if (row := shelf.at_first(id_)) is not None), None)

    def shelf(self, id_: str) -> Living:
        """Where an alert is kept."""
        return next(shelf for shelf in self._shelves if shelf.get(id_) is not None)

    def newest_first(self) -> list[str]:
        self._read()
        return self._newest

    def by_incident(self) -> dict[int, list[str]]:
        """Incident -> the ids of its alerts, oldest first."""
        self._read()
        return self._by_incident

    def move(self, ids: list[str], incident: int) -> None:
        for id_ in ids:
            self.shelf(id_).write(id_, incidentId=incident)
        self._known = None

    def _read(self) -> None:
        """Go through all alerts, again when some came or were moved: a large world has very many."""
        count = sum(map(len, self._shelves))
        if self._known == count:
            return
        found = sorted((row["alertCreationTime"][:-1], row["id"], row["incidentId"]) for shelf in self._shelves for row in shelf)
        self._by_incident = collections.defaultdict(list)
        for _created, id_, incident in found:
            if incident is not None:
                self._by_incident[incident].append(id_)
        self._newest = [id_ for _created, id_, _incident in reversed(found)]
        self._known = count
