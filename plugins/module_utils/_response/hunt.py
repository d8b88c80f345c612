# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hunt is: a query with a purpose, and parameters of known types."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._client.errors import BadInput
from .._client.kql_binding import with_constants
from .._client.words import and_list
from . import hunt_values

OF_DEFENDER_FOR_ENDPOINT = "Device"
"""How the names of the tables begin which the classic service knows (run-advanced-query-api.md)."""


@dataclass(frozen=True)
class Parameter:
    """``kind`` is one of ``hunt_values.KINDS``; ``default`` stands in the query when nothing is given, as an expression of its language.

    ``hosts`` is the name of a second constant, of the hosts within the values.
    """

    name: str
    kind: str
    about: str
    default: str | None = None
    hosts: str | None = None

    @property
    def required(self) -> bool:
        return self.default is None


SINCE = Parameter("since", "moment", "The earliest moment to look at.", default="ago(30d)")
UNTIL = Parameter("until", "moment", "The latest moment to look at.", default="now()")
MACHINES = Parameter("machines", "machines", "Machines, by id or name.")
HASHES = Parameter("hashes", "hashes", "Files, by SHA-1, SHA-256 or MD5.")
ADDRESSES = Parameter("addresses", "addresses", "IP addresses.")
DOMAINS = Parameter("domains", "domains", "Domains; what lies below them counts as well.")
# Filters by has come first, as they are cheap, but a text that is cut within a word has no word in common with what it begins. Hosts are whole.
URLS = Parameter(
    "urls", "urls", "Addresses of pages, from the scheme on; whatever begins like one of them counts as well. Their hosts are in the query as hosts.",
    hosts="hosts",
)


@dataclass(frozen=True)
class Hunt:
    """A query of the library.

    ``tables`` are what it reads, ``columns`` what it answers with, in order. Of the parameters named in ``one_of``, if any are, at
    least one must be given.
    """

    name: str
    purpose: str
    parameters: tuple[Parameter, ...]
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    query: str
    one_of: tuple[str, ...] = ()

    @property
    def for_any_service(self) -> bool:
        """Whether the classic service has all the tables."""
        return all(table.startswith(OF_DEFENDER_FOR_ENDPOINT) for table in self.tables)

    def bind(self, given: t.Mapping[str, t.Any]) -> str:
        """The query with these values for its parameters.

        :raises BadInput: one is missing, unknown or no value of its kind
        """
        strays = [name for name in given if name not in {parameter.name for parameter in self.parameters}]
        if strays:
            raise BadInput(f"parameters: the hunt {self.name} takes no {and_list(strays)}", hint=f"It takes {self._names()}")
        missing = [parameter.name for parameter in self.parameters if parameter.required and given.get(parameter.name) is None]
        if missing:
            raise BadInput(f"parameters: the hunt {self.name} needs {and_list(missing)}", hint=f"It takes {self._names()}")
        if self.one_of and all(given.get(name) is None for name in self.one_of):
            raise BadInput(f"parameters: the hunt {self.name} needs at least one of {and_list(self.one_of)}", hint="Give what to look for")
        literals = {parameter.name: _literal(parameter, given.get(parameter.name)) for parameter in self.parameters}
        hosts = {parameter.hosts: hunt_values.hosts_of(given[parameter.name]) for parameter in self.parameters if parameter.hosts}
        return with_constants(self.query, {**literals, **hosts})

    def _names(self) -> str:
        return and_list(parameter.name for parameter in self.parameters)


def _literal(parameter: Parameter, value: t.Any) -> str:
    if value is None:
        return t.cast(str, parameter.default)
    return hunt_values.KINDS[parameter.kind](f"parameters: {parameter.name}", value)
