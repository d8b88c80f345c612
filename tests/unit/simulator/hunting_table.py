# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few rows to ask queries of, without a world."""

from __future__ import annotations

import datetime as dt
import json
import typing as t

import pytest
from simulator.hunting.answers import Answer, Limits
from simulator.hunting.database import Database
from simulator.hunting.refusals import NotHere, Refused

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)
MANY = "range {0} from 1 to 5000 step 1 | extend same = 1"
ENDLESS = f"{MANY.format('a')} | join kind=inner ({MANY.format('b')}) on same | join kind=inner ({MANY.format('c')}) on same | count"


class Asking:
    """An engine and a hand to ask it with."""

    def __init__(self) -> None:
        self.database = Database({
            "DeviceEvents": [
                {"Timestamp": NOW - HOUR, "FileName": "PowerShell.exe", "ReportId": 7, "RemotePort": 443, "DeviceName": "fin-07.contoso.com"},
                {"Timestamp": NOW - 50 * HOUR, "FileName": "cmd.exe", "ReportId": 8, "RemotePort": 80, "DeviceName": "hr-03.contoso.com"},
                {"Timestamp": NOW - 31 * 24 * HOUR, "FileName": "old.exe", "ReportId": 9, "DeviceName": "hr-03.contoso.com"},
            ],
            "UrlClickEvents": [{"Timestamp": NOW - HOUR, "Url": "https://a.example/", "IsClickedThrough": True}],
        })

    def answer(self, query: str, *, limits: Limits = Limits(), **how: t.Any) -> Answer:  # noqa: B008 - frozen
        return self.database.ask(query, now=NOW, limits=limits, **how)

    def rows(self, query: str, **how: t.Any) -> list[dict[str, t.Any]]:
        return [json.loads(row) for row in self.answer(query, **how).rows]

    def value(self, expression: str) -> t.Any:
        """What the expression is."""
        return self.rows(f"print x = {expression}")[0]["x"]

    def names(self, query: str, **how: t.Any) -> set[str]:
        return {row["FileName"] for row in self.rows(query, **how)}

    def refusal(self, query: str, **how: t.Any) -> str:
        with pytest.raises(Refused) as caught:
            self.answer(query, **how)
        return str(caught.value)

    def unable(self, query: str) -> str:
        with pytest.raises(NotHere) as caught:
            self.answer(query)
        return str(caught.value)
