# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of advanced hunting in DuckDB, shut off from files and network, and queries on them."""

from __future__ import annotations

import datetime as dt
import json
import threading
import typing as t
from collections.abc import Mapping

import duckdb
from duckdb_kql.types import kusto_type

from ..contract import hunting_tables
from . import kql
from .answers import Answer, Limits, collected
from .quota import CYCLES, Quota
from .refusals import Refused, TimedOut
from .spans import Span

TYPES = {"string": "VARCHAR DEFAULT ''", "long": "BIGINT", "int": "INTEGER", "real": "DOUBLE", "bool": "BOOLEAN", "datetime": "TIMESTAMP",
         "dynamic": "JSON", "guid": "UUID", "timespan": "INTERVAL", "decimal": "DECIMAL(38, 18)"}
"""A text is never null in Kusto: what is not there is empty."""
HELD = "held"
"""The schema of what the tables hold; a query sees views on it, cut to its span of time."""
CONFIG = {
    "enable_external_access": False, "autoinstall_known_extensions": False, "autoload_known_extensions": False, "python_enable_replacements": False,
    "memory_limit": "512MB", "threads": 2, "temp_directory": "",
}
LOOK_BACK = dt.timedelta(days=30)


class Database:
    """:param bulk: table -> SQL that makes more rows of it"""

    def __init__(self, rows: Mapping[str, t.Sequence[Mapping[str, t.Any]]], bulk: Mapping[str, str] | None = None) -> None:
        self.quotas = {service: Quota(service) for service in CYCLES}
        self._connection = duckdb.connect(config=CONFIG)
        self._connection.execute("SET TimeZone='UTC'")
        self._connection.execute(f"CREATE SCHEMA {HELD}")
        for name, facts in hunting_tables().items():
            columns = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in facts["columns"].items())
            self._connection.execute(f'CREATE TABLE {HELD}."{name}" ({columns})')
            if rows.get(name):
                self._fill(name, facts["columns"], rows[name])
        for name, more in (bulk or {}).items():
            self._connection.execute(f'INSERT INTO {HELD}."{name}" BY NAME {more}')
        self._connection.execute("SET lock_configuration=true")

    def _fill(self, name: str, columns: Mapping[str, str], rows: t.Sequence[Mapping[str, t.Any]]) -> None:
        """All at once, as JSON: one statement a row would take seconds."""
        shape = json.dumps([{column: TYPES[kind].partition(" ")[0] for column, kind in columns.items()}])
        cells = ", ".join(f"coalesce(row.\"{column}\", '')" if kind == "string" else f'row."{column}"' for column, kind in columns.items())
        given = json.dumps(rows, default=lambda moment: _naive(moment).isoformat())
        self._connection.execute(f'INSERT INTO {HELD}."{name}" SELECT {cells} FROM (SELECT unnest(from_json(?, ?)) AS row)', [given, shape])

    def ask(self, query: str, *, now: dt.datetime, span: Span | None = None, endpoint_only: bool = False, odata: bool = False, limits: Limits) -> Answer:
        """The answer to a query at that time.

        :param endpoint_only: the tables of Defender for Endpoint are all there are
        :raises Refused, NotHere, TimedOut, TooMuch: it is not answered
        """
        tables = {name: facts["columns"] for name, facts in hunting_tables().items() if facts["endpoint"] or not endpoint_only}
        since, until = span or (now, now)
        asked = kql.translated(query, tables, _naive(now))
        for name in asked.tables:
            self._show(name, "Timestamp" in tables[name], max(since, now - LOOK_BACK) if span else now - LOOK_BACK, min(until, now))
        return self._run(asked, limits, odata=odata)

    def has_event(self, report_id: int, time: dt.datetime, machine_id: str) -> bool:
        """Whether any table of events on machines has that row, its time to the last digit that is kept."""
        events = [name for name, facts in hunting_tables().items() if {"ReportId", "DeviceId", "Timestamp"} <= set(facts["columns"])]
        same = "\"ReportId\" = $report AND \"DeviceId\" = $machine AND epoch_us(\"Timestamp\") = epoch_us($time::TIMESTAMP)"
        statement = " UNION ALL ".join(f'SELECT 1 FROM {HELD}."{name}" WHERE {same}' for name in events if name.startswith("Device"))
        values = {"report": report_id, "machine": machine_id, "time": _naive(time)}
        return self._connection.execute(f"{statement} LIMIT 1", values).fetchone() is not None

    def _show(self, name: str, has_time: bool, since: dt.datetime, until: dt.datetime) -> None:
        within = f" WHERE \"Timestamp\" BETWEEN TIMESTAMP '{_naive(since)}' AND TIMESTAMP '{_naive(until)}'" if has_time else ""
        self._connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {HELD}."{name}"{within}')

    def _run(self, asked: kql.Translated, limits: Limits, *, odata: bool) -> Answer:
        cursor = self._connection.cursor()
        timer = threading.Timer(limits.seconds, cursor.interrupt)
        timer.start()
        try:
            described = cursor.execute(f"DESCRIBE {asked.sql}", asked.parameters).fetchall()
            columns = {name: asked.columns.get(name) or kusto_type(kind) for name, kind, *_rest in described}
            return collected(cursor, asked, columns, limits, odata=odata)
        except duckdb.InterruptException as error:
            raise TimedOut("Query exceeded the timeout period.") from error
        except duckdb.OutOfMemoryException as error:
            raise Refused("Query stopped due to excessive resource consumption.") from error
        except duckdb.Error as error:
            raise _refusal(error) from error
        finally:
            timer.cancel()
            cursor.close()


def _refusal(error: duckdb.Error) -> Refused:
    """What DuckDB finds wrong is what Kusto would: a name in a place where it means nothing, kinds that do not go together."""
    return Refused(f"Semantic error: {str(error).partition(chr(10))[0]}")


def _naive(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.timezone.utc).replace(tzinfo=None)
