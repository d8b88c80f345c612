# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row for every request, so that tests and benches can count and compare; secrets never get here."""

from __future__ import annotations

import collections
import typing as t

from .asked import Asked
from .clock import Clock, stamp

LONGEST = 500_000
"""Rows kept; older ones are forgotten."""


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: collections.deque[dict[str, t.Any]] = collections.deque(maxlen=LONGEST)
        self._count = 0

    def begin(self, asked: Asked) -> dict[str, t.Any]:
        """The row of a request that has just come in; its status follows with ``end``."""
        self._count += 1
        row = {
            "n": self._count,
            "time": stamp(self._clock.now()),
            "service": asked.service,
            "operation": asked.operation,
            "method": asked.method,
            "path": asked.path,
            "query": asked.shown_query,
            "status": None,
            "tenant": asked.tenant,
            "app_id": asked.app_id,
            "fault": None,
            "body": asked.shown,
        }
        self._rows.append(row)
        return row

    @staticmethod
    def end(row: dict[str, t.Any], asked: Asked, status: int | None) -> None:
        """``status`` is what the client was sent, ``None`` when it got no answer."""
        row.update(
            operation=asked.operation,
            status=status,
            app_id=asked.app_id,
            fault=asked.fault.kind if asked.fault else None,
            body=asked.shown,
        )

    def rows(self) -> list[dict[str, t.Any]]:
        return list(self._rows)

    def clear(self) -> None:
        self._rows.clear()
        self._count = 0
