# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that narrow a list: sent as ``$filter`` where the list takes one, applied here where it does not."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass, field

from .._client import moments, odata
from .._client.errors import BadInput
from .._client.record_types import moment_in

SINCE = "ge"
BEFORE = "lt"
ONE_OF = "eq"


@dataclass(frozen=True)
class Filter:
    """One option and the property it looks at.

    ``compare`` is ``ONE_OF`` for a list of values, or ``SINCE`` and ``BEFORE`` for a moment. ``sent`` is false
    for a property that the service cannot filter by: then all rows are read and looked at here. ``spelt`` are words that the
    service calls otherwise than the user does.
    """

    option: str
    prop: str
    compare: str = ONE_OF
    elements: str = "str"
    choices: tuple[str, ...] = ()
    sent: bool = True
    spelt: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def argument(self) -> dict[str, t.Any]:
        if self.compare != ONE_OF:
            return {"type": "str"}
        argument: dict[str, t.Any] = {"type": "list", "elements": self.elements}
        return {**argument, "choices": list(self.choices)} if self.choices else argument


@dataclass(frozen=True)
class Narrowing:
    """A filter with what the user wants of it: values, or one moment."""

    filter: Filter
    wanted: t.Any

    def clause(self) -> str:
        prop = self.filter.prop
        if self.filter.compare == ONE_OF:
            return odata.any_of(*(odata.eq(prop, value) for value in self.wanted))
        return {SINCE: odata.ge, BEFORE: odata.lt}[self.filter.compare](prop, self.wanted)

    def fits(self, row: t.Mapping[str, t.Any]) -> bool:
        value = row.get(self.filter.prop)
        if self.filter.compare == ONE_OF:
            # The service compares words without case, so does this.
            return _folded(value) in [_folded(wanted) for wanted in self.wanted]
        moment = moment_in(row, self.filter.prop)
        if moment is None:
            return False
        return moment >= self.wanted if self.filter.compare == SINCE else moment < self.wanted


def narrowings(filters: t.Iterable[Filter], params: t.Mapping[str, t.Any]) -> tuple[Narrowing, ...]:
    """Of ``filters`` those that the user gave.

    :raises BadInput: an empty list, or a text that is no moment
    """
    return tuple(Narrowing(entry, _wanted(entry, params[entry.option])) for entry in filters if params.get(entry.option) is not None)


def where(narrowed: t.Iterable[Narrowing], own: str | None = None) -> str | None:
    """The ``$filter`` that asks for all of it, with the user's ``own`` clause; ``None`` when there is nothing to ask."""
    clauses = [entry.clause() for entry in narrowed if entry.filter.sent]
    if own:
        clauses.append(own if not clauses else f"({own})")
    return odata.all_of(*clauses) if clauses else None


def moment(option: str, text: str) -> datetime.datetime:
    """What the user wrote as a time.

    :raises BadInput: it is none
    """
    try:
        return moments.parse(text.strip())
    except ValueError as error:
        raise BadInput(f"{option}: {error}", hint="Write it in UTC, as date, T, time and Z") from error


def some(option: str, values: t.Sequence[t.Any]) -> list[t.Any]:
    """The values, each once.

    :raises BadInput: there are none, which is a mistake of the play more often than a wish
    """
    if not values:
        raise BadInput(f"{option} is empty: nothing was asked for", hint="Name at least one, or skip the task by a condition (when)")
    return list(dict.fromkeys(values))


def some_ids(values: t.Sequence[str]) -> list[str]:
    """The ids, bare and each once.

    :raises BadInput: there are none, or an empty one
    """
    ids = list(dict.fromkeys(word.strip() for word in some("id", values)))
    if "" in ids:
        raise BadInput("id holds an empty text", hint="Look at the variable that it comes from")
    return ids


def _wanted(entry: Filter, given: t.Any) -> t.Any:
    if entry.compare != ONE_OF:
        return moment(entry.option, given)
    return [entry.spelt.get(value, value) for value in some(entry.option, given)]


def _folded(value: t.Any) -> t.Any:
    return value.casefold() if isinstance(value, str) else value
