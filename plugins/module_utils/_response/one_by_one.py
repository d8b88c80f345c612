# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of which each takes a call of its own, several calls at once."""

from __future__ import annotations

import typing as t

from .._client.errors import NotFound
from .._client.threads import at_once
from .._operation import Operation

IN_FLIGHT = 10


def each_by_id(client, operation: Operation, field: str, ids: t.Sequence[str]) -> dict[str, dict]:
    """By id, the records that are there.

    :param field: of the operation, which takes the id
    """
    read = at_once(client, lambda id_: _one(client, operation, {field: id_}), ids, threads=IN_FLIGHT)
    return {id_: row for id_, row in zip(ids, read) if row is not None}


def _one(client, operation: Operation, question: dict[str, str]) -> dict | None:
    try:
        return client.call(operation, **question)
    except NotFound:
        return None
