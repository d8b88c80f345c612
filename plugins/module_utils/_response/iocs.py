# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sorts what a report names into what hunts look for: each thing once, in one spelling, and nothing of ours."""

from __future__ import annotations

import datetime
import ipaddress
import os
import re
import typing as t

from .._client.errors import BadInput
from . import indicator_stix
from .indicator_entries import Entry, Handed, from_file, from_values
from .indicator_values import CERTIFICATE
from .indicator_wanted import Rules, describe

KINDS = {"FileMd5": "files", "FileSha1": "files", "FileSha256": "files", "IpAddress": "ips", "DomainName": "domains", "Url": "urls"}
"""What a value is -> where it goes. Certificates are not among it: events do not name them."""
SHA1 = re.compile("[0-9a-fA-F]{40}")
COMMENT = "#"


def handed_in(values: t.Iterable[str], src: str | None, now: datetime.datetime) -> Handed:
    """What the list and the file name; of a file of lines what stands after a # is a comment.

    :raises BadInput: the file cannot be read
    """
    listed = from_values(values)
    if not src:
        return listed
    if os.path.splitext(src)[1].lower() == ".txt":
        return Handed([*listed.entries, *_lines(src)], [])
    found = from_file(src, lambda name, bundle: indicator_stix.from_bundle(name, bundle, now))
    return Handed([*listed.entries, *found.entries], found.skips)


def sorted_out(handed: Handed, *, own_domains: t.Iterable[str], never: t.Iterable[str], now: datetime.datetime) -> dict[str, list[t.Any]]:
    """``files``, ``ips``, ``domains`` and ``urls``, and ``refused`` with what is none of them or ours, each with its place and why."""
    # Judged as if they were to be watched, which every type but one can be.
    rules = Rules(
        now=now, defaults={"action": "Audit", "title": "IOC"}, actions={CERTIFICATE: "BlockAndRemediate"}, own_domains=tuple(own_domains), never=tuple(never),
    )
    described = describe(Handed([_bare(entry) for entry in handed.entries], handed.skips), rules)
    sorted_: dict[str, list[t.Any]] = {kind: [] for kind in (*dict.fromkeys(KINDS.values()), "refused")}
    for wanted in described.wanted.values():
        if wanted.type in KINDS:
            sorted_[KINDS[wanted.type]].append(str(ipaddress.ip_address(wanted.value)) if wanted.type == "IpAddress" else wanted.value)
        else:
            sorted_["refused"].append(_refused(wanted.place, wanted.value, "events do not name certificates, so there is nothing to look for"))
    for group in (described.refused, described.skips):
        sorted_["refused"] += [_refused(one.place, one.value, one.reason) for one in group]
    return sorted_


def _bare(entry: Entry) -> Entry:
    """What it is and no more: a file may say of an indicator what a hunt does not care for. A thumbprint that says nothing is a file's."""
    given = {name: value for name, value in entry.given.items() if name in ("value", "type")}
    if "type" not in given and SHA1.fullmatch(str(given.get("value", ""))):
        given["type"] = "FileSha1"
    return Entry(entry.place, given, fault=entry.fault)


def _lines(path: str) -> list[Entry]:
    try:
        with open(path, encoding="utf-8-sig") as stream:
            lines = [line.partition(COMMENT)[0].strip() for line in stream]
    except OSError as error:
        raise BadInput(f"src: {path} cannot be read: {error.strerror}", hint="The file is read on the controller") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"src: {path} is not UTF-8", hint="Save it as UTF-8") from error
    return [Entry(f"{os.path.basename(path)} line {number}", {"value": line}) for number, line in enumerate(lines, start=1) if line]


def _refused(place: str, value: str | None, reason: str) -> dict[str, str | None]:
    return {"place": place, "value": value, "reason": reason}
