# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to one service: its host, the token for it, and the pace that the tenant is allowed there."""

from __future__ import annotations

import functools
import threading
import typing as t
from urllib.parse import urlsplit

from .._operation import DEFENDER, GRAPH, Operation
from .answers import failure
from .budget import Budget, Turn
from .budget_file import InFiles
from .clouds import CLOUDS, COMMERCIAL, REGION_HOST, REGIONS, endpoints, for_graph
from .errors import NoRoles, RoleMissing
from .exchange import Exchange, Incoming
from .pace import Pace
from .request import Request
from .retry import Patience
from .settings import Settings
from .sign_in import sign_in
from .token import Token, judge
from .token_cache import MARGIN, forget, token_for
from .token_roles import require_roles


class Line:
    """One identity at one service. Threads may share it.

    :param service: of an ``Operation``
    :param warn: is told what a person should know although nothing failed
    :param tell: shows a person what they must do to sign in, or is ``None`` where nobody would see it
    """

    def __init__(
        self, service: str, settings: Settings, *, clock: t.Any, warn: t.Callable[[str], None], tell: t.Callable[[str], None] | None = None
    ) -> None:
        self._service = service
        self._settings = for_graph(settings) if service == GRAPH else settings
        self._clock = clock
        self._warn = warn
        self._sign_in = functools.partial(sign_in, tell=tell)
        self._there = endpoints(self._settings)
        self._exchange = Exchange(self._settings, self._there.api_url, clock)
        self._pace_kept: Pace | None = None
        self._token: Token | None = None
        self._signing_in = threading.RLock()

    def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        self._exchange.close()

    @property
    def calls(self) -> int:
        """Requests sent, repetitions included."""
        return self._exchange.calls

    @property
    def url(self) -> str:
        return self._there.api_url

    @property
    def names(self) -> frozenset[str]:
        """Other names of hosts of this service: a link to one of them means the host that we speak with."""
        has_regions = self._service == DEFENDER and self._settings.cloud == COMMERCIAL
        regional = [REGION_HOST.format(region=region) for region in REGIONS] if has_regions else []
        return frozenset(host for name in (*self._there.audiences, *regional) if (host := urlsplit(name).hostname))

    @property
    def token(self) -> Token:
        """A token that is good for some minutes yet; signs in when there is none.

        :raises SignInFailed, Unreachable: there was none to be had
        """
        with self._signing_in:
            if self._token is None or self._ends_soon(self._token):
                self._token = token_for(self._settings, warn=self._warn, clock=self._clock, ask=self._sign_in)
            return self._token

    def require_roles(self, groups: t.Sequence[tuple[str, ...]]) -> Token:
        """The token, when it is good for this service and tenant and carries a role of each group.

        :raises WrongAudience, TokenExpired, NoRoles, RoleMissing, TokenRejected: it is not
        """
        token = self.token
        try:
            self.judge(token, groups)
        except (NoRoles, RoleMissing):
            # A token that was kept does not know of a role granted since; a new one does. A person is not asked to sign in again for that.
            if self._settings.device_code or not self._renew(token):
                raise
            token = self.token
            self.judge(token, groups)
        return token

    def judge(self, token: Token, groups: t.Iterable[tuple[str, ...]]) -> None:
        """Pass a token that is good for this service and tenant and carries a role of each group.

        :raises WrongAudience, TokenExpired, NoRoles, RoleMissing, TokenRejected: it is not
        """
        judge(token, audiences=self._there.audiences, tenant_id=self._settings.tenant_id, now=self._clock.time())
        require_roles(token, groups)

    def predict(self, operation: Operation, calls: int) -> float:
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
            raise failure(operation, incoming.whole(), judge=lambda: self.judge(token, operation.roles))

    def patience(self, operation: Operation) -> Patience:
        """The patience for one call of ``operation``."""
        return Patience(operation, retry_time=self._settings.retry_time, pace=self._pace, clock=self._clock)

    @property
    def _pace(self) -> Pace:
        """Made at the first call: only the token tells which tenant it is, by an id and not by one of its names."""
        with self._signing_in:
            if self._pace_kept is None:
                self._pace_kept = Pace(self._clock, budget=self._budget(), retry_time=self._settings.retry_time, warn=self._warn)
            return self._pace_kept

    def _budget(self) -> Budget | None:
        if not self._settings.rate_budget:
            return None
        cloud = CLOUDS[self._settings.cloud]
        is_known = self.url in (cloud.api_url, cloud.graph) or urlsplit(self.url).hostname in self.names
        whose = (cloud.name if is_known else self.url, self.token.tenant_id)
        return Budget(InFiles(self._settings.rate_budget_path, whose), self._clock)

    def _renew(self, refused: Token) -> bool:
        """Whether there is another token to be had than the one refused; however many threads ask, one signs in."""
        if self._settings.access_token:
            return False
        with self._signing_in:
            if self._token == refused:
                forget(self._settings, refused)
                self._token = None
        return True

    def _ends_soon(self, token: Token) -> bool:
        return not self._settings.access_token and token.expires_at - self._clock.time() <= MARGIN
