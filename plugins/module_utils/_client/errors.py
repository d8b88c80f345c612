# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, as one tree.

::

    DefenderError
    ├── BadInput             an option is wrong; nothing was sent
    ├── SignInFailed         no token: refused by Entra ID, or the credential cannot be used
    ├── TokenRejected        there is a token, but it is not good for this
    │   ├── WrongAudience    it was issued for another service
    │   ├── TokenExpired     too old, or not valid yet
    │   ├── NoRoles          it carries no application roles: no consent was given
    │   └── RoleMissing      it carries roles, but not the one that is needed
    ├── Unreachable          no answer came: name, connection, TLS, proxy, time-out
    ├── ServiceError         an answer came and it is an error
    │   ├── NotFound
    │   ├── AlreadyRunning   the same action is pending on the machine
    │   ├── QueryRejected    the hunting query is wrong
    │   ├── ResultTooLarge   a hunting query has found more than one answer may hold
    │   ├── TooCostly        a hunting query takes longer, or more of the service, than one may
    │   └── Throttled        still refused for its rate when the time for retries was used up
    ├── BadAnswer            an answer came that cannot be read or trusted
    ├── Incomplete           a list could not be read to its end
    ├── Refused              the guard said no; nothing was sent
    ├── Ended                the service has ended the operation, or is said to; nothing was sent
    ├── NotRecorded          the ledger of the case could not be written; what it was to hold was not sent
    ├── LedgerBroken         the ledger of a case was changed after it was written
    └── PartlyFailed         work on several things ended badly for some; the details say for which
"""

from __future__ import annotations

import typing as t


class DefenderError(Exception):
    """The root. ``msg`` is for a person; the rest is for code and for support.

    :ivar code: the service's own word, such as ``ResourceNotFound`` or ``AADSTS7000215``
    :ivar status: the HTTP status, where an answer came
    :ivar request_id: the service's id of the call, to be quoted to support
    :ivar hint: what to do about it
    :ivar details: further facts for the result, never secret
    """

    def __init__(
        self,
        msg: str,
        *,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        hint: str | None = None,
        details: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(msg)
        self.msg = msg
        self.code = code
        self.status = status
        self.request_id = request_id
        self.hint = hint
        self.details = dict(details or {})

    def sentence(self) -> str:
        """The message with its hint and the id for support, as one text for a person."""
        parts = [self.msg.rstrip(".") + "."]
        if self.hint:
            parts.append(self.hint.rstrip(".") + ".")
        if self.request_id:
            parts.append(f"(request id {self.request_id})")
        return " ".join(parts)

    def as_result(self) -> dict[str, t.Any]:
        """What a failed task returns beside ``failed``."""
        return {
            "msg": self.sentence(),
            "error": {
                "kind": type(self).__name__,
                "code": self.code,
                "status": self.status,
                "request_id": self.request_id,
                "hint": self.hint,
            },
            **self.details,
        }


class BadInput(DefenderError):
    """An option is wrong. The message names the option, the value and the mend."""


class SignInFailed(DefenderError):
    """No token was to be had."""


class TokenRejected(DefenderError):
    """A token is at hand but is not good for what is asked."""


class WrongAudience(TokenRejected):
    """The token was issued for another service."""


class TokenExpired(TokenRejected):
    """The token is too old or not valid yet."""


class NoRoles(TokenRejected):
    """The token carries no application roles at all."""


class RoleMissing(TokenRejected):
    """The token carries roles, but not those that are needed."""


class Unreachable(DefenderError):
    """No answer came. ``maybe_sent`` says whether the request may have arrived."""

    def __init__(self, msg: str, *, maybe_sent: bool = False, **facts: t.Any) -> None:
        super().__init__(msg, **facts)
        self.maybe_sent = maybe_sent


class ServiceError(DefenderError):
    """The service answered with an error."""


class NotFound(ServiceError):
    """The service knows nothing of that name."""


class AlreadyRunning(ServiceError):
    """The same kind of action is pending on the machine."""


class QueryRejected(ServiceError):
    """The hunting query is wrong: its syntax, or a table or column that the tenant does not have."""


class ResultTooLarge(ServiceError):
    """A hunting query has found more than one answer may hold."""


class TooCostly(ServiceError):
    """A hunting query takes longer, or more of the service, than one may."""


class Throttled(ServiceError):
    """The rate limit still stood when the time for retries was used up."""


class BadAnswer(DefenderError):
    """The answer cannot be read, or must not be trusted."""


class Incomplete(DefenderError):
    """A list could not be read to its end."""


class Refused(DefenderError):
    """The guard said no; nothing was sent."""


class Ended(DefenderError):
    """The end date of the operation has come; nothing was sent."""


class NotRecorded(DefenderError):
    """The ledger of the case could not be written, so that was not sent which it was to hold."""


class LedgerBroken(DefenderError):
    """The ledger of a case was changed after it was written. ``details`` say where."""


class PartlyFailed(DefenderError):
    """Of several things asked for, some ended badly. ``details`` hold the whole report."""
