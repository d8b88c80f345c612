# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding alerts at Microsoft Graph by what its list cannot be filtered by: ids, incidents, machines."""

from __future__ import annotations

import typing as t

from .._api import graph_alerts, incidents
from .._client import odata
from .._client.errors import BadInput, NotFound
from .._client.threads import at_once
from .._operation import Operation
from .._response.merged import surviving
from .._response.one_by_one import IN_FLIGHT, each_by_id
from .._response.targets import Refusal, Selection, check, is_address, is_machine_id
from .entities import evidence_of, is_device
from .filters import some, some_ids
from .found import Found

Params = t.Mapping[str, t.Any]
Rows = t.Iterator[tuple[dict, str]]

SOURCE = "serviceSource"
OURS = "microsoftDefenderForEndpoint"


def by_id(client, params: Params) -> Found:
    """The alerts of these ids, in the user's order."""
    ids = some_ids(params["id"])
    client.require((graph_alerts.GET,))
    read = each_by_id(client, graph_alerts.GET, "alert_id", ids)
    return Found(list(read.values()), {id_: f"there is none with the id {id_}" for id_ in ids if id_ not in read})


def of_incidents(client, params: Params) -> Found:
    """The alerts of these incidents, which Graph cannot filter by."""
    ids = [str(number) for number in some("incident_id", params["incident_id"])]
    client.require((incidents.LIST_ALERTS, incidents.GET))
    read = alerts_of(client, ids)
    heads = _lived_on_in(client, [id_ for id_ in ids if not read.get(id_)])
    read.update(alerts_of(client, sorted(set(heads.values()))))
    rows = {row["id"]: row for rows in read.values() for row in rows}
    return Found(list(rows.values()), {id_: f"there is no incident {id_}" for id_ in ids if id_ not in read and id_ not in heads})


def alerts_of(client, incident_ids: t.Sequence[str]) -> dict[str, list[dict]]:
    """Incident -> its alerts, for those incidents that are there."""
    read = at_once(client, lambda id_: _alerts_of_one(client, id_), incident_ids, threads=IN_FLIGHT)
    return {id_: rows for id_, rows in zip(incident_ids, read) if rows is not None}


def _lived_on_in(client, ids: t.Sequence[str]) -> dict[str, str]:
    """Incident -> the one that it was merged into: what is merged has no alerts any more."""
    heads = {id_: row["id"] for id_, row in surviving(client, ids).lives_in.items() if row["id"] != id_}
    client.warnings += [f"Incident {id_} was merged into {head}, whose alerts these are" for id_, head in heads.items()]
    return heads


def _alerts_of_one(client, incident_id: str) -> list[dict] | None:
    try:
        return list(client.list(incidents.LIST_ALERTS, incident_id=incident_id))
    except NotFound:
        return None


def only_ours(params: Params) -> str | None:
    """The clause for alerts of Defender for Endpoint alone."""
    return None if params["all_products"] else odata.eq(SOURCE, OURS)


def sift(params: Params) -> tuple[t.Any, ...]:
    """The steps that look at what Graph cannot filter by."""
    ours = () if params["incident_id"] is None or params["all_products"] else (OfOurs(),)
    return ours if params["machine"] is None else (*ours, OnMachines(params["machine"], allow_missing=params["allow_missing"]))


def addresses(params: Params) -> list[str]:
    """The machines that are named by an address, which Graph cannot look up."""
    return [word for word in params["machine"] or () if is_address(word.strip())]


class OfOurs:
    """Only alerts of Defender for Endpoint go on: an incident holds those of all products."""

    operations: tuple[Operation, ...] = ()

    def rows(self, client, rows: Rows) -> Rows:
        return (pair for pair in rows if pair[0].get(SOURCE) == OURS)

    def verdict(self) -> dict[str, t.Any]:
        return {}


class OnMachines:
    """Only alerts go on whose evidence names one of the machines.

    Whether there is a machine that no alert names is not known here, so that is an error as an unknown machine is.
    """

    operations: tuple[Operation, ...] = ()

    def __init__(self, words: t.Sequence[str], *, allow_missing: bool) -> None:
        self._meant: dict[str, dict[str, dict]] = {word.strip(): {} for word in some("machine", words)}
        self._allow_missing = allow_missing
        self._not_found: list[str] = []
        check(Selection(machines=tuple(self._meant)))

    def rows(self, client, rows: Rows) -> Rows:
        """The rows of these machines.

        :raises BadInput: a word means several machines
        :raises NotFound: no alert names one of them, and it may not be missing
        """
        for row, text in rows:
            if self._names(row):
                yield row, text
        self._not_found = [word for word, machines in self._meant.items() if not machines]
        if self._not_found and not self._allow_missing:
            raise NotFound(
                f"machine: no alert names {', '.join(self._not_found)}, and Microsoft Graph does not tell whether there is such a machine",
                hint="Set allow_missing: true when that may be so, or service: defender where the app may read there",
                details={"not_found": self._not_found},
            )

    def verdict(self) -> dict[str, t.Any]:
        return {"not_found": self._not_found} if self._not_found else {}

    def _names(self, row: dict) -> bool:
        is_named = False
        for device in filter(is_device, evidence_of(row)):
            for word, machines in self._meant.items():
                if _is(device, word):
                    machines[str(device.get("mdeDeviceId"))] = _identified(device)
                    is_named = True
                    if len(machines) > 1:
                        raise _ambiguous(word, machines)
        return is_named


def _is(device: t.Mapping[str, t.Any], word: str) -> bool:
    """Whether ``word`` is the id of the machine, its DNS name, or the first label of it."""
    if is_machine_id(word):
        return word.lower() == device.get("mdeDeviceId")
    name = str(device.get("deviceDnsName") or "").casefold()
    return word.casefold() in (name, name.partition(".")[0])


def _identified(device: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A machine as the classic service records it, as far as evidence goes."""
    return {
        "id": device.get("mdeDeviceId"), "computerDnsName": device.get("deviceDnsName"), "lastIpAddress": device.get("lastIpAddress"),
        "healthStatus": device.get("healthStatus"),
    }


def _ambiguous(word: str, machines: t.Mapping[str, dict]) -> BadInput:
    refusal = Refusal(word, "ambiguous", f"{word} means {len(machines)} machines; name the id of one", tuple(machines.values()))
    return BadInput(f"machine: {refusal.reason}", details={"refused": [refusal.describe()]})
