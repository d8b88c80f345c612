# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks with the API of one tenant: signs in, calls, lists; in check mode it reads and does not write."""

from __future__ import annotations

import os
import threading
import typing as t
from urllib.parse import urlsplit

from .._operation import Operation, roles_needed
from .answers import failure, read
from .budget import Budget, Turn
from .budget_file import InFiles
from .clock import Clock
from .clouds import CLOUDS, COMMERCIAL, REGION_HOST, REGIONS, endpoints
from .errors import BadInput, DefenderError, NoRoles, RoleMissing
from .exchange import Exchange, Incoming
from .pace import Pace
from .paging import Listing
from .request import Request, build
from .retry import Patience
from .settings import Settings, settings_from
from .token import Token, judge, require_roles
from .token_cache import MARGIN, forget, token_for
from .words import and_list


def unwatched(_progress: t.Any) -> None:
    """Nobody is told."""


class Client:
    """One identity at one API. Threads may share it.

    :param dry: writes are checked but not sent
    :param clock: another one than ours
    :ivar warnings: what a person should know although nothing failed
    :ivar watch: is told how far long work is
    """

    def __init__(self, settings: Settings, *, dry: bool = False, clock: t.Any = None) -> None:
        self.settings = settings
        self.dry = dry
        self.clock = clock or Clock()
        self.warnings: list[str] = []
        self.watch: t.Callable[[t.Any], None] = unwatched
        self._there = endpoints(settings)
        self._exchange = Exchange(settings, self._there.api_url, self.clock)
        self._pace_kept: Pace | None = None
        self._token: Token | None = None
        self._signing_in = threading.RLock()
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
        self._exchange.close()

    @property
    def calls(self) -> int:
        """Requests sent to the API, repetitions included."""
        return self._exchange.calls

    @property
    def api_url(self) -> str:
        return self._there.api_url

    @property
    def names(self) -> frozenset[str]:
        """Other names of hosts of this API: a link to one of them means the host that we speak with."""
        regional = [REGION_HOST.format(region=region) for region in REGIONS] if self.settings.cloud == COMMERCIAL else []
        return frozenset(host for name in (*self._there.audiences, *regional) if (host := urlsplit(name).hostname))

    @property
    def token(self) -> Token:
        """A token that is good for some minutes yet; signs in when there is none.

        :raises SignInFailed, Unreachable: there was none to be had
        """
        with self._signing_in:
            if self._token is None or self._ends_soon(self._token):
                self._token = token_for(self.settings, warn=self._warn, clock=self.clock)
            return self._token

    def require(self, operations: t.Iterable[Operation]) -> None:
        """Judge from the token, before anything is sent, whether these operations will be allowed.

        :raises WrongAudience, TokenExpired, NoRoles, RoleMissing, TokenRejected: they will not
        """
        self.require_roles(roles_needed(operations))

    def require_roles(self, groups: t.Sequence[tuple[str, ...]]) -> Token:
        """The token, when it is good for this API and tenant and carries a role of each group.

        :raises WrongAudience, TokenExpired, NoRoles, RoleMissing, TokenRejected: it is not
        """
        token = self.token
        try:
            self._judge(token, groups)
        except (NoRoles, RoleMissing):
            # A token that was kept does not know of a role granted since; a new one does.
            if not self._renew(token):
                raise
            token = self.token
            self._judge(token, groups)
        return token

    def call(self, operation: Operation, **values: t.Any) -> dict[str, t.Any] | None:
        """What the service answers; ``None`` for a write that is not sent because the client is dry.

        :raises BadInput: the values do not fit the operation; nothing was sent
        :raises DefenderError: the rest of the tree
        """
        request = build(operation, values)
        if self.dry and operation.writes:
            return None
        patience = self.patience(operation)
        while True:
            token, turn = self.turn(operation)
            try:
                with self.send(operation, request, token, turn) as incoming:
                    return read(operation, incoming.whole())
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
        if limit is not None and limit < 1:
            raise BadInput(f"limit is {limit}", hint="Give a number from 1, or leave it out for all")
        strays = [name for name in expand if name not in operation.expandable]
        if strays:
            raise BadInput(f"{operation.id} cannot expand {and_list(strays)}", hint=f"It can expand {and_list(operation.expandable)}")
        options: dict[str, t.Any] = {"$filter": where, "$expand": ",".join(expand)}
        if limit is not None and limit <= (operation.page_size or 0):
            options["$top"] = limit
        plan = build(operation, values, {name: value for name, value in options.items() if value})
        return Listing(self, operation, path=plan.path, query=plan.query, limit=limit)

    def predict(self, operation: Operation, calls: int) -> float:
        """Seconds from now until so many calls can have been sent within the rate budget, if no other run calls meanwhile.

        0 where no limit is known, and without a budget.
        """
        return self._pace.predict(operation, calls)

    def turn(self, operation: Operation) -> tuple[Token, Turn]:
        """Wait until the operation may be called, and the token to call it with: sign-in has a patience of its own.

        :raises Throttled: the service has asked for a longer pause than the time for retries
        """
        turn = self._pace.before(operation)
        return self.token, turn

    def send(self, operation: Operation, request: Request, token: Token, turn: Turn) -> Incoming:
        """One request and its good answer, which is to be closed; a token that is refused is renewed once.

        :raises DefenderError: there was no answer, or it is an error
        """
        try:
            incoming = self._exchange.send(request, token)
            if incoming.status == 401 and self._renew(token):
                incoming.close()
                token = self.token
                incoming = self._exchange.send(request, token)
        finally:
            self._pace.after(operation, turn)
        if incoming.status in operation.success:
            return incoming
        with incoming:
            raise failure(operation, incoming.whole(), judge=lambda: self._judge(token, operation.roles))

    def patience(self, operation: Operation) -> Patience:
        """The patience for one call of ``operation``."""
        return Patience(operation, retry_time=self.settings.retry_time, pace=self._pace, clock=self.clock)

    @property
    def _pace(self) -> Pace:
        """Made at the first call: only the token tells which tenant it is, by an id and not by one of its names."""
        with self._signing_in:
            if self._pace_kept is None:
                self._pace_kept = Pace(self.clock, budget=self._budget(), retry_time=self.settings.retry_time, warn=self._warn)
            return self._pace_kept

    def _budget(self) -> Budget | None:
        if not self.settings.rate_budget:
            return None
        cloud = CLOUDS[self.settings.cloud]
        is_known = self.api_url == cloud.api_url or urlsplit(self.api_url).hostname in self.names
        return Budget(InFiles(self.settings.rate_budget_path, (cloud.name if is_known else self.api_url, self.token.tenant_id)), self.clock)

    def _renew(self, refused: Token) -> bool:
        """Whether there is another token to be had than the one refused; however many threads ask, one signs in."""
        if self.settings.access_token:
            return False
        with self._signing_in:
            if self._token == refused:
                forget(self.settings, refused)
                self._token = None
        return True

    def _ends_soon(self, token: Token) -> bool:
        return not self.settings.access_token and token.expires_at - self.clock.time() <= MARGIN

    def _judge(self, token: Token, groups: t.Iterable[tuple[str, ...]]) -> None:
        judge(token, audiences=self._there.audiences, tenant_id=self.settings.tenant_id, now=self.clock.time())
        require_roles(token, groups)

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)
