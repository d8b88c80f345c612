# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds an app registration exactly, or says between which ones it cannot choose."""

from __future__ import annotations

import typing as t

from .._api import applications
from .._client import odata
from .._client.errors import BadInput, NotFound
from .._client.words import and_list
from .._operation import Operation

Record = dict[str, t.Any]


class Name(t.NamedTuple):
    """What a registration is known by: its app id, else its display name, which several may share."""

    app_id: str | None
    display_name: str | None

    def __str__(self) -> str:
        return self.display_name or str(self.app_id)


def find_app(client, name: Name) -> Record | None:
    """The registration, or ``None``.

    :raises BadInput: several bear the name, or one that differs in capitals alone
    """
    if name.app_id is None:
        return _by_name(client, applications.LIST, name)
    try:
        return client.call(applications.GET_BY_APP_ID, app_id=name.app_id)
    except NotFound:
        return None


def find_deleted(client, name: Name) -> Record | None:
    """The same among those that were deleted and can be restored."""
    if name.app_id is None:
        return _by_name(client, applications.LIST_DELETED, name)
    rows = client.list(applications.LIST_DELETED, where=odata.eq("appId", name.app_id))
    return next((row for row in rows if row["appId"] == name.app_id.lower()), None)


def the_app(client, name: Name) -> Record:
    """The registration, which must be there.

    :raises NotFound: it is not
    :raises BadInput: as in ``find_app``
    """
    found = find_app(client, name)
    if found is None:
        raise NotFound(f"There is no app registration {name} in this tenant", hint="Look at the id or the name, and at tenant_id")
    return found


def _by_name(client, listing: Operation, name: Name) -> Record | None:
    return the_one(client.list(listing, where=odata.eq("displayName", str(name.display_name))), name)


def the_one(found: t.Iterable[Record], name: Name) -> Record | None:
    """The registration of exactly that name; the filter of the service does not mind capitals.

    :raises BadInput: there are several, or only such as differ in capitals
    """
    rows = sorted(found, key=lambda row: str(row["appId"]))
    exact = [row for row in rows if row["displayName"] == name.display_name]
    if len(exact) == 1 or not rows:
        return exact[0] if exact else None
    shown = [_shown(row) for row in exact or rows]
    said = and_list(f"{one['display_name']} ({one['app_id']}, of {one['created']})" for one in shown)
    what = "is not the only app registration of that name" if exact else "is not there, but what differs in capitals alone is"
    raise BadInput(f"display_name: {name.display_name} {what}: {said}", hint="Give app_id to say which one is meant", details={"candidates": shown})


def _shown(row: Record) -> Record:
    return {"display_name": row["displayName"], "app_id": row["appId"], "object_id": row["id"], "created": row.get("createdDateTime")}
