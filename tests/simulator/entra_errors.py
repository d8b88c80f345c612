# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of the token service: AADSTS numbers with their error word and status, and the body that carries them."""

from __future__ import annotations

import datetime as dt
import functools
import re
import typing as t
import uuid

from starlette.responses import JSONResponse

from . import contract

UNSUPPORTED_GRANT = "AADSTS70003"
DECLINED = "AADSTS65004"


class Refused(Exception):  # noqa: N818 - it is the service's answer, not an error of ours
    """A sign-in that is turned down; the number decides error word and status."""

    def __init__(self, number: str, message: str, *, error: str | None = None) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.error, self.status = table()[number]
        if error:
            self.error = error

    def body(self, *, now: dt.datetime, correlation_id: str | None = None) -> dict[str, t.Any]:
        """TokenErrorResponse of the reference."""
        code = int(self.number.removeprefix("AADSTS"))
        stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), correlation_id or str(uuid.uuid4())
        return {
            "error": self.error,
            "error_description": f"{self.number}: {self.message} "
            f"Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={code}",
        }

    def response(self, *, now: dt.datetime, correlation_id: str | None = None) -> JSONResponse:
        return JSONResponse(self.body(now=now, correlation_id=correlation_id), self.status)


@functools.cache
def table() -> dict[str, tuple[str, int]]:
    """Number -> error word and status; where the pages know two, the first."""
    known = {
        UNSUPPORTED_GRANT: ("unsupported_grant_type", 400),
        "AADSTS9001023": ("invalid_request", 400),
        DECLINED: ("authorization_declined", 400),
    }
    for row in contract.endpoints()["token.device_code_poll"]["errors"]:
        error, _slash, number = row["code"].partition(" / ")
        if number:
            known[number] = (error, row["status"])
    for row in contract.area("errors")["aadsts"]:
        error = row["error"].split(" or ", maxsplit=1)[0]
        status = int(str(row["status"]).split(" or ", maxsplit=1)[0])
        known.update(dict.fromkeys(re.findall(r"AADSTS\d+", row["code"]), (error, status)))
    return known
