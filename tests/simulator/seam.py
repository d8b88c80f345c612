# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the server half and the world half meet: what a behaviour is given, and what it gives back.

Before a behaviour runs, the app has found the operation, judged the token and its roles, checked names of body and
query against the declarations, and counted the call. What remains is what the operation does to the world.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

if t.TYPE_CHECKING:
    from .access import Caller
    from .world import World


@dataclass(frozen=True)
class Call:
    """One request that may be carried out.

    ``values`` are the fields of the path, unquoted, by wire name; ``query`` holds the query options as sent, ``body``
    the JSON object of a write, or the parts of its form. ``origin`` is the simulator's scheme, host and port; ``url`` the address asked for,
    without its query. Headers are found whatever the case of their names.
    """

    operation: t.Any
    """The declared Operation."""
    values: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, t.Any]
    app: Caller
    now: dt.datetime
    origin: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer: ``body`` is something JSON can hold, bytes that are JSON already, or nothing."""

    status: int
    body: t.Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818 - it is the service's answer, not an error of ours
    """An answer with an error body."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


Behaviour = Callable[["World", Call], Reply]

BEHAVIOURS: dict[str, Behaviour] = {}


def behaviour(operation_id: str) -> Callable[[Behaviour], Behaviour]:
    """Registers what an operation does to a world in which all that is due has taken effect."""

    def register(function: Behaviour) -> Behaviour:
        assert operation_id not in BEHAVIOURS, f"{operation_id} has two behaviours"

        def settled(world: World, call: Call) -> Reply:
            world.settle()
            return function(world, call)

        BEHAVIOURS[operation_id] = settled
        return function

    return register
