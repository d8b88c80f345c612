# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the live response library: described from a file or a text, found, uploaded, removed."""

from __future__ import annotations

import hashlib
import os
import re
import typing as t

from .._api import library
from .._client.errors import BadInput
from .._client.request import Upload
from .ensure import ABSENT, Record, Wanted

MOST_BYTES = t.cast(int, library.UPLOAD.body_fields[0].max_bytes)
NAME = re.compile(r"[A-Za-z0-9._-]+")
"""Letters, digits, hyphen, underscore and full stop (live-response.md)."""


def describe(params: t.Mapping[str, t.Any]) -> Wanted:
    """What the options ask for.

    :raises BadInput: the name is none for the library, or the file cannot be read or is too large
    """
    name = params["name"] or os.path.basename(params["src"])
    if not NAME.fullmatch(name) or name in (".", ".."):
        raise BadInput(f"name: {name!r} is not a name for a file of the library", hint="Use letters, digits, hyphen, underscore and full stop")
    if params["state"] == ABSENT:
        return Wanted(name, {})
    content = _read(params["src"]) if params["src"] else params["content"].encode("utf-8", "surrogateescape")
    if len(content) > MOST_BYTES:
        raise _too_large(len(content))
    facts: dict[str, t.Any] = {"fileName": name, "sha256": hashlib.sha256(content).hexdigest()}
    if params["description"] is not None:
        facts["description"] = params["description"].strip() or None
    if params["parameters_description"] is not None:
        facts["parametersDescription"] = params["parameters_description"].strip() or None
        facts["hasParameters"] = facts["parametersDescription"] is not None
    return Wanted(name, facts, content)


def find(client, wanted: Wanted) -> Record | None:
    """The record of the file, from the list of all: there is no call for one."""
    return next((shown(row) for row in client.list(library.LIST) if row["fileName"] == wanted.name), None)


def put(client, wanted: Wanted, before: Record | None) -> Record | None:
    """Upload the file; what is not described stays as it was."""
    record = {**(before or {}), **wanted.facts}
    answer = client.call(
        library.UPLOAD,
        file=Upload(wanted.name, wanted.content),
        description=record.get("description"),
        parameters_description=record.get("parametersDescription"),
        has_parameters=record.get("hasParameters"),
        override=None if before is None else True,
    )
    return None if answer is None else shown(answer)


def remove(client, wanted: Wanted) -> t.Any:
    """Take the file away."""
    return client.call(library.DELETE, file_name=wanted.name)


def shown(row: Record) -> Record:
    """A record in one spelling: hashes in small letters, and a description that is empty or left out is none."""
    return {
        **row,
        "sha256": (row.get("sha256") or "").lower(),
        "description": row.get("description") or None,
        "parametersDescription": row.get("parametersDescription") or None,
    }


def _read(path: str) -> bytes:
    try:
        size = os.path.getsize(path)
        if size > MOST_BYTES:
            raise _too_large(size)
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise BadInput(f"src: {path} cannot be read: {error.strerror}", hint="The file is read where the task runs") from error


def _too_large(size: int) -> BadInput:
    return BadInput(f"The file has {size} bytes, and the library takes at most {MOST_BYTES}", hint="Pack it, or split it")
