# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks with the API of one tenant: signs in, calls, lists; in check mode it reads and does not write."""

from __future__ import annotations

import datetime
import os
import threading
import typing as t

from .._operation import DEFENDER, Operation, roles_needed
from .answers import Answer, read
from .budget import Turn
from .clock import Clock
from .errors import BadInput, DefenderError, Ended, NoRoles, RoleMissing, WrongAudience
from .exchange import Incoming
from .line import Line
from .paging import Listing
from .request import Request, build
from .retry import Patience
from .settings import Settings, settings_from
from .table import Table, ask
from .token import Token
from .words import and_list

Found = t.TypeVar("Found")

NOTICE = datetime.timedelta(days=180)
"""How long before an operation ends one is told."""


def unwatched(_progress: t.Any) -> None:
    """Nobody is told."""


class Client:
    """One identity in one tenant, at Defender for Endpoint and at Microsoft Graph. Threads may share it.

    An operation says by itself at which of the two; each has a host and a token of its own.

    :param dry: writes are checked but not sent
    :param clock: another one than ours
    :ivar warnings: what a person should know although nothing failed
    :ivar watch: is told how far long work is
    :ivar tell: shows a person at once what they must do to sign in; ``None`` where nobody would see it
    :ivar past_end: operations may be called although their end date has come
    """

    def __init__(self, settings: Settings, *, dry: bool = False, clock: t.Any = None) -> None:
        self.settings = settings
        self.dry = dry
        self.clock = clock or Clock()
        self.warnings: list[str] = []
        self.watch: t.Callable[[t.Any], None] = unwatched
        self.tell: t.Callable[[str], None] | None = None
        self.past_end = False
        self._lines: dict[str, Line] = {}
        self._opening = threading.Lock()
        if not settings.validate_certs:
            self._warn("validate_certs is false: whoever sits in between can read the token and act with it")

    @classmethod
    def open(cls, params: t.Mapping[str, t.Any], *, dry: bool = False) -> Client:
        """A client from options, with the environment for what they leave out.

        :raises BadInput: an option is missing or wrong
        """
        return cls(settings_from(params, os.environ), dry=dry)

    def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        for line in self._lines.values():
            line.close()

    def line(self, service: str = DEFENDER) -> Line:
        """The way to one service; nothing is sent yet."""
        with self._opening:
            if service not in self._lines:
                self._lines[service] = Line(service, self.settings, clock=self.clock, warn=self._warn, tell=self.tell)
            return self._lines[service]

    @property
    def calls(self) -> int:
        """Requests sent to the services, repetitions included."""
        return sum(line.calls for line in self._lines.values())

    @property
    def token(self) -> Token:
        """The token for Defender for Endpoint, good for some minutes yet; signs in when there is none.

        :raises SignInFailed, Unreachable: there was none to be had
        """
        return self.line().token

    def require(self, operations: t.Iterable[Operation]) -> None:
        """Judge from the tokens, before anything is sent, whether these operations will be allowed.

        :raises Ended: one of them has come to its end
        :raises WrongAudience, TokenExpired, NoRoles, RoleMissing, TokenRejected: they will not
        """
        for service, those in self._by_service(operations).items():
            self.line(service).require_roles(roles_needed(those))

    def may(self, operations: t.Iterable[Operation]) -> bool:
        """Whether the tokens at hand carry the roles for these operations; unlike ``require`` it never renews one.

        :raises Ended: one of them has come to its end
        :raises TokenExpired, TokenRejected, SignInFailed, Unreachable: there is no good token
        """
        try:
            for service, those in self._by_service(operations).items():
                line = self.line(service)
                line.judge(line.token, roles_needed(those))
        except (NoRoles, RoleMissing, WrongAudience):
            return False
        return True

    def call(self, operation: Operation, **values: t.Any) -> dict[str, t.Any] | None:
        """What the service answers; ``None`` for a write that is not sent because the client is dry.

        :raises BadInput: the values do not fit the operation; nothing was sent
        :raises DefenderError: the rest of the tree
        """
        self._check_end(operation)
        return self.ask(operation, build(operation, values), read)

    def ask(self, operation: Operation, request: Request, reading: t.Callable[[Operation, Answer], Found]) -> Found | None:
        """What ``reading`` makes of the answer to a request that was built elsewhere; as ``call`` otherwise.

        :raises DefenderError: the whole tree but BadInput
        """
        self._check_end(operation)
        if self.dry and operation.writes:
            return None
        patience = self.patience(operation)
        while True:
            token, turn = self.turn(operation)
            try:
                with self.send(operation, request, token, turn) as incoming:
                    return reading(operation, incoming.whole())
            except DefenderError as error:
                patience.after(error)

    def list(
        self, operation: Operation, *, where: str | None = None, expand: t.Sequence[str] = (), limit: int | None = None, **values: t.Any
    ) -> Listing:
        """The rows of a list; nothing is asked for until one iterates.

        :param where: a filter in the service's own language, see ``odata``
        :param expand: related things to be sent along
        :param limit: rows at most
        :raises BadInput: the values do not fit the operation
        """
        self._check_end(operation)
        if limit is not None and limit < 1:
            raise BadInput(f"limit is {limit}", hint="Give a number from 1, or leave it out for all")
        strays = [name for name in expand if name not in operation.expandable]
        if strays:
            raise BadInput(f"{operation.id} cannot expand {and_list(strays)}", hint=f"It can expand {and_list(operation.expandable)}")
        options: dict[str, t.Any] = {"$filter": where, "$expand": ",".join(expand)}
        if limit is not None and limit <= (operation.page_size or 0):
            options["$top"] = limit
        plan = build(operation, values, {name: value for name, value in options.items() if value})
        return Listing(self.line(operation.service), operation, path=plan.path, query=plan.query, limit=limit)

    def table(self, operation: Operation, *, folder: str | None = None, **values: t.Any) -> Table:
        """The rows that a query finds, all of them here before the first is handed out; close it.

        :param folder: where an answer too long for memory waits meanwhile
        :raises BadInput: the values do not fit the operation
        :raises QueryRejected, ResultTooLarge, TooCostly: the query is not answered for what it is
        """
        self._check_end(operation)
        return ask(self.line(operation.service), operation, build(operation, values), folder=folder)

    def predict(self, operation: Operation, calls: int) -> float:
        """Seconds from now until so many calls can have been sent within the rate budget, if no other run calls meanwhile.

        0 where no limit is known, and without a budget.
        """
        return self.line(operation.service).predict(operation, calls)

    def turn(self, operation: Operation) -> tuple[Token, Turn]:
        """As ``Line.turn``, at the operation's service."""
        return self.line(operation.service).turn(operation)

    def send(self, operation: Operation, request: Request, token: Token, turn: Turn) -> Incoming:
        """As ``Line.send``, at the operation's service."""
        return self.line(operation.service).send(operation, request, token, turn)

    def patience(self, operation: Operation) -> Patience:
        """As ``Line.patience``, at the operation's service."""
        return self.line(operation.service).patience(operation)

    def _by_service(self, operations: t.Iterable[Operation]) -> t.Mapping[str, t.Sequence[Operation]]:
        sorted_out: dict[str, t.Any] = {}  # within the class "list" is the method
        for operation in operations:
            self._check_end(operation)
            sorted_out.setdefault(operation.service, []).append(operation)
        return sorted_out

    def _check_end(self, operation: Operation) -> None:
        """Warn of an end that is near, and refuse what has ended: an empty answer would look like an all-clear."""
        if operation.ends is None:
            return
        today = datetime.datetime.fromtimestamp(self.clock.time(), datetime.timezone.utc).date()
        instead = operation.instead or (f"Use {operation.replacement}" if operation.replacement else "Nothing takes its place")
        if today < operation.ends - NOTICE:
            return
        if today < operation.ends:
            self._warn(f"The service ends {operation.id} on {operation.ends}. {instead}")
            return
        ended = f"The service ended {operation.id} on {operation.ends}"
        if not self.past_end:
            raise Ended(f"{ended}, so it is not asked", hint=instead)
        self._warn(f"{ended}. {instead}")

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)
