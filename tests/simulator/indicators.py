# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The indicators of a tenant, each known by its type and value."""

from __future__ import annotations

import datetime as dt
import ipaddress
import itertools
import re
import typing as t
from collections.abc import Iterator

from .clock import moment, stamp

MOST = 15_000
"""Active indicators in a tenant (post-ti-indicator.md)."""
DIGITS = {"FileMd5": 32, "FileSha1": 40, "FileSha256": 64, "CertificateThumbprint": 40}
FILES = ("FileSha1", "FileSha256", "FileMd5")
ACTIONS = {
    **dict.fromkeys(FILES, {"Allowed", "Audit", "Warn", "Block", "BlockAndRemediate"}),
    **dict.fromkeys(("IpAddress", "DomainName", "Url"), {"Allowed", "Audit", "Warn", "Block"}),
    "CertificateThumbprint": {"Allowed", "BlockAndRemediate"},
}
"""Type -> what may be done about it (indicators-overview.md)."""
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
URL = re.compile(r"https?://[^\s/]+(/\S*)?", re.IGNORECASE)
REQUIRED = ("indicatorValue", "indicatorType", "action", "title", "description")
EMPTY: dict[str, t.Any] = {
    "application": None, "externalId": None, "sourceType": "AadApp", "createdBySource": "PublicApi", "severity": "Informational",
    "recommendedActions": None, "expirationTime": None, "rbacGroupNames": [], "rbacGroupIds": [], "generateAlert": False,
    "educateUrl": None, "lastUpdatedBy": None,
}

Row = dict[str, t.Any]


class Wrong(ValueError):  # noqa: N818 - it is the service's answer, not an error of ours
    """An indicator that is not taken; ``code`` is one of common-errors.md."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Indicators:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Row] = {}
        self._numbers = itertools.count(994)

    def active(self, now: dt.datetime) -> Iterator[Row]:
        """Those that have not expired, which they do to the second."""
        return (row for row in self._rows.values() if _lives(row, now))

    def put(self, sent: t.Mapping[str, t.Any], owner: str, name: str, now: dt.datetime, *, everyones: bool = True) -> Row:
        """Create or update one.

        :raises Wrong: it is not taken
        """
        check(sent)
        key = (sent["indicatorType"], folded(sent["indicatorType"], sent["indicatorValue"]))
        before = self._rows.get(key)
        if before is not None and not _lives(before, now):
            before = None
        if before is not None and not everyones and before["createdBy"] != owner:
            raise Wrong("Forbidden", "The indicator was made by someone else")
        if before is None and len(self._rows) >= MOST and sum(1 for _row in self.active(now)) >= MOST:
            raise Wrong("InvalidInput", "The tenant has the most indicators that it may have")
        written = stamp(now)
        made = before or {
            "id": str(next(self._numbers)), **EMPTY, "source": name, "createdBy": owner, "createdByDisplayName": name,
            "creationTimeDateTimeUtc": written,
        }
        given = {field: value for field, value in sent.items() if value is not None}
        if before is not None:
            given = {**given, "application": before["application"]}  # honoured on creation only (post-ti-indicator.md)
        self._rows.pop(key, None)
        self._rows[key] = {**made, **given, "lastUpdateTime": written, "lastUpdatedBy": owner if before else None}
        return self._rows[key]

    def remove(self, ids: t.Collection[str]) -> None:
        self._rows = {key: row for key, row in self._rows.items() if row["id"] not in ids}


def _lives(row: Row, now: dt.datetime) -> bool:
    return row["expirationTime"] is None or moment(row["expirationTime"]) > now


def folded(type_: str, value: str) -> str:
    """Hashes and names are the same in any case; of a URL the path is not."""
    return value if type_ == "Url" else value.lower()


def check(sent: t.Mapping[str, t.Any]) -> None:
    """Judge an indicator by the pages.

    :raises Wrong: it is not taken
    """
    for name in REQUIRED:
        if not isinstance(sent.get(name), str) or not sent[name].strip():
            raise Wrong("InvalidInput", f"{name} must not be empty")
    type_, value, action = sent["indicatorType"], sent["indicatorValue"], sent["action"]
    if type_ not in ACTIONS or action not in ACTIONS[type_]:
        raise Wrong("InvalidInput", f"The action {action} is not supported for {type_}")
    if action == "Audit" and not sent.get("generateAlert"):
        raise Wrong("InvalidInput", "generateAlert must be true for Audit")
    if type_ in DIGITS and not re.fullmatch(f"[0-9a-fA-F]{{{DIGITS[type_]}}}", value):
        raise Wrong("InvalidHashValue", f"'{value}' is not a valid hash for {type_}")
    if type_ == "IpAddress" and not _is_address(value):
        raise Wrong("InvalidIpAddress", f"'{value}' is not a valid IP address")
    if type_ == "DomainName" and (_is_address(value) or not HOST.fullmatch(value)):
        raise Wrong("InvalidDomainName", f"'{value}' is not a valid domain name")
    if type_ == "Url" and not URL.fullmatch(value):
        raise Wrong("InvalidUrl", f"'{value}' is not a valid URL")
    if sent.get("educateUrl") and (type_ != "Url" or action not in ("Block", "Warn")):
        raise Wrong("InvalidInput", "educateUrl is for URLs that are blocked or warned about")


def _is_address(value: str) -> bool:
    """No range, and IPv6 with all eight groups (indicators-overview.md)."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return address.version == 4 or len(value.split(":")) == 8
