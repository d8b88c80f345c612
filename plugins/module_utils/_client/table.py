# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the table that a hunting query is answered with, at flat memory: 100,000 rows are 50 MB of JSON."""

from __future__ import annotations

import json
import tempfile
import typing as t
from dataclasses import dataclass

from .._operation import Operation
from .errors import BadAnswer, BadInput, DefenderError, TooCostly
from .query_trouble import told_apart
from .request import Request
from .stream import Page

if t.TYPE_CHECKING:
    from .line import Line

ROWS = "results"
IN_MEMORY = 1024 * 1024
"""Bytes; what is longer waits in a file that has no name."""
PIECE = 64 * 1024
LARGEST = 512 * 1024 * 1024
"""Bytes: four times what the service has ever allowed (run-advanced-query-api.md, 2025)."""

_TYPE_OF_A_MEMBER = "@odata.type"

Row = dict[str, t.Any]


@dataclass(frozen=True)
class Column:
    """One column, its type in the words of the engine."""

    name: str
    type: str | None

    def describe(self) -> dict[str, t.Any]:
        return {"name": self.name, "type": self.type}


class Table:
    """The whole answer to one query, checked to its end before a row is handed out.

    :ivar columns: in the order of the query
    :ivar count: how many rows there are
    :ivar statistics: what the service says of its own work, where it does
    """

    def __init__(self, spool: t.IO[bytes]) -> None:
        self._spool = spool
        page = Page(self._pieces(), ROWS)
        self.count = sum(1 for _row in page)
        beside = {name.lower(): value for name, value in page.rest.items()}
        self.columns = _columns(beside.get("schema"))
        if self.count and not self.columns:
            raise BadAnswer("The answer has rows and describes no column")
        statistics = beside.get("stats")
        self.statistics: dict[str, t.Any] | None = statistics if isinstance(statistics, dict) else None
        self._names = [column.name for column in self.columns]
        self._exact = frozenset(self._names)
        self._by_small_letters = {name.lower(): name for name in self._names}

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_reason: t.Any) -> None:
        self._spool.close()

    def rows(self) -> t.Iterator[tuple[Row, str]]:
        """Each row with its JSON, which is what the service sent unless something had to be set right.

        Every row has every column, and no other member: the service adds the type of a number to it, may leave out what is empty, and
        spells the names of columns in more than one way (security-security-runhuntingquery.md).
        """
        for row, spelling in Page(self._pieces(), ROWS):
            if list(row) == self._names:
                yield row, spelling
                continue
            whole = {**dict.fromkeys(self._names), **self._given(row)}
            yield whole, json.dumps(whole, ensure_ascii=False)

    def _given(self, row: Row) -> Row:
        """Its members by their columns; names of columns may differ in letter case alone, so the very name wins."""
        given: Row = {}
        for name, value in row.items():
            if name in self._exact:
                given[name] = value
            elif not name.endswith(_TYPE_OF_A_MEMBER):
                given.setdefault(self._by_small_letters.get(name.lower(), name), value)
        return given

    def _pieces(self) -> t.Iterator[bytes]:
        self._spool.seek(0)
        return iter(lambda: self._spool.read(PIECE), b"")


def ask(line: Line, operation: Operation, request: Request, *, folder: str | None = None) -> Table:
    """The table that ``request`` is answered with, which is to be closed.

    An answer that breaks off is asked for again as a whole: the rows of a second one may come in another order. A query that took
    too long would take as long again, so that one is not.

    :param folder: where an answer too long for memory waits; the system's own place for such files when not given
    :raises QueryRejected, ResultTooLarge, TooCostly: the query is not answered for what it is
    :raises BadInput: there is no room to keep the answer in
    """
    patience = line.patience(operation)
    while True:
        token, turn = line.turn(operation)
        try:
            with line.send(operation, request, token, turn) as incoming:
                return _whole(incoming.chunks(), folder)
        except DefenderError as error:
            failure = told_apart(operation, error)
            if isinstance(failure, TooCostly):
                raise failure from None
            patience.after(failure)


def _whole(chunks: t.Iterable[bytes], folder: str | None) -> Table:
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=folder)  # noqa: SIM115 - the table closes it
    try:
        for chunk in chunks:
            spool.write(chunk)
            if spool.tell() > LARGEST:
                raise BadAnswer(f"The answer is larger than {LARGEST} bytes", hint="Check the address: no answer of this service is so long")
        return Table(spool)
    except OSError as error:
        spool.close()
        where = folder or tempfile.gettempdir()
        raise BadInput(f"The answer cannot be kept in {where}: {error.strerror}", hint="Look at the space left and the rights of the folder") from error
    except DefenderError:
        spool.close()
        raise


def _columns(schema: t.Any) -> tuple[Column, ...]:
    if not isinstance(schema, list):
        raise BadAnswer("The answer describes no columns, so it is none to a query", hint="Check whether something else than the service answers")
    columns = []
    for entry in schema:
        facts = {str(name).lower(): value for name, value in entry.items()} if isinstance(entry, dict) else {}
        if not isinstance(facts.get("name"), str):
            raise BadAnswer("The answer describes a column without a name")
        columns.append(Column(facts["name"], facts.get("type")))
    return tuple(columns)
