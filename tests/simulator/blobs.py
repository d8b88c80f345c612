# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files behind links, as cloud storage hands them out: whoever has the link has the file, until it expires.

A signature over path and expiry stands in the query. A bearer token is refused there, as the storage service refuses one
that comes with a signed link: who sends it has shown a secret to another service.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import os
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from .clock import moment, stamp

ROOT = "blobs"
"""First part of the paths."""
SECRET = "sig"
"""The query option that may not be written down."""


class Refused(Exception):  # noqa: N818 - it is the storage's answer, not an error of ours
    """An answer with an error body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Blobs:
    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._contents: dict[str, bytes] = {}
        self.folder = ""
        """Before the name of every file."""

    def put(self, name: str, content: bytes) -> None:
        self._contents[self.folder + name] = content

    def link(self, origin: str, name: str, *, now: dt.datetime, lasts: dt.timedelta) -> str:
        """Where the file can be had for so long; at another host than the API's, as it really is."""
        name = self.folder + name
        path = f"/{ROOT}/{quote(name)}"
        until = stamp((now + lasts).replace(microsecond=0))
        query = {"sv": "2020-08-04", "se": until, "sr": "b", "sp": "r", SECRET: self._signature(name, until)}
        return f"{_elsewhere(origin)}{path}?{urlencode(query)}"

    def open(self, name: str, query: Mapping[str, str], headers: Mapping[str, str], now: dt.datetime) -> bytes:
        """The file, when the query proves a right to it; Refused otherwise."""
        if "authorization" in headers:
            raise Refused(400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format.")
        until = query.get("se", "")
        if not hmac.compare_digest(self._signature(name, until).encode(), query.get(SECRET, "").encode()):
            raise Refused(403, "AuthenticationFailed", "Signature did not match.")
        if moment(until) <= now:
            raise Refused(403, "AuthenticationFailed", "Signature not valid in the specified time frame.")
        if name not in self._contents:
            raise Refused(404, "BlobNotFound", "The specified blob does not exist.")
        return self._contents[name]

    def _signature(self, name: str, until: str) -> str:
        signed = hmac.digest(self._key, f"{name}\n{until}".encode(), "sha256")
        return base64.b64encode(signed).decode()


def _elsewhere(origin: str) -> str:
    """The same door by another name, where there is one."""
    here, there = ("//127.0.0.1:", "//localhost:") if "//127.0.0.1:" in origin else ("//localhost:", "//127.0.0.1:")
    return origin.replace(here, there, 1)
