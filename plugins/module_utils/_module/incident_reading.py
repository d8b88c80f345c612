# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents by their ids, and with their alerts."""

from __future__ import annotations

import itertools
import json
import typing as t

from .._api import incidents
from .._client.errors import BadInput, DefenderError, PartlyFailed, Refused, SignInFailed, TokenRejected
from .._client.threads import at_once
from .._response.merged import surviving
from .._response.one_by_one import IN_FLIGHT
from .entities import entities
from .filters import some_ids
from .found import Found

Params = t.Mapping[str, t.Any]
Rows = t.Iterator[tuple[dict, str]]

ALERTS = "alerts"
REDIRECTED_FROM = "redirected_from"


def by_id(client, params: Params) -> Found:
    """The incidents of these ids, each once; one that lives on in another is told by that one."""
    ids = some_ids(params["id"])
    client.require((incidents.GET,))
    found = surviving(client, ids)
    rows: dict[str, dict] = {}
    for id_, row in found.lives_in.items():
        known = rows.setdefault(row["id"], {**row, REDIRECTED_FROM: []})
        if id_ != row["id"]:
            known[REDIRECTED_FROM].append(id_)
    return Found(list(rows.values()), found.not_found)


def summary(rows: list[dict]) -> dict[str, t.Any]:
    """Which incidents live on in others, and what they are about, where their alerts were read."""
    redirected = [{"id": id_, "into": row["id"]} for row in rows for id_ in row.get(REDIRECTED_FROM, ())]
    if not all(ALERTS in row for row in rows):
        return {"redirected": redirected}
    return {"redirected": redirected, "entities": entities(alert for row in rows for alert in row[ALERTS] or ())}


def with_alerts(params: Params) -> tuple[WithAlerts, ...]:
    """The step that the options ask for.

    :raises BadInput: the number is none
    """
    if not params["alerts"]:
        return ()
    if params["alerts_max"] < 1:
        raise BadInput(f"alerts_max is {params['alerts_max']}", hint="Give a number from 1")
    return (WithAlerts(params["alerts_max"], part_will_do=params["allow_incomplete"]),)


class WithAlerts:
    """A list for each incident: to have the service put alerts into the list of incidents fails in large tenants, and does not say where it cuts."""

    operations = (incidents.LIST_ALERTS,)

    def __init__(self, most: int, *, part_will_do: bool) -> None:
        self._most = most
        self._part_will_do = part_will_do
        self._failed: list[dict[str, t.Any]] = []

    def rows(self, client, rows: Rows) -> Rows:
        """The incidents with ``alerts``; null where they could not be read.

        :raises Refused: there are more incidents than their alerts may be read of
        :raises PartlyFailed: some could not be read, and a part will not do
        """
        found = [row for row, _text in itertools.islice(rows, self._most + 1)]
        if len(found) > self._most:
            raise Refused(
                f"There are more than {self._most} incidents, and each costs a call or more for its alerts",
                hint="Name the incidents, set limit, or raise alerts_max",
            )
        answers = at_once(client, lambda row: _alerts(client, row["id"]), found, threads=IN_FLIGHT)
        whole = [{**row, ALERTS: self._read(row, answer)} for row, answer in zip(found, answers)]
        if self._failed and not self._part_will_do:
            raise PartlyFailed(
                f"The alerts of {len(self._failed)} of {len(found)} incidents could not be read; first {self._failed[0]['id']}: {self._failed[0]['msg']}",
                hint="Set allow_incomplete: true to go on without them",
                details={"incidents": whole, "alerts_failed": self._failed},
            )
        return iter([(row, json.dumps(row)) for row in whole])

    def verdict(self) -> dict[str, t.Any]:
        return {"alerts_failed": self._failed, **({"complete": False} if self._failed else {})}

    def _read(self, row: dict, answer: list[dict] | DefenderError) -> list[dict] | None:
        if not isinstance(answer, DefenderError):
            return answer
        told = answer.as_result()
        self._failed.append({"id": row["id"], "msg": told["msg"], "error": told["error"]})
        return None


def _alerts(client, incident_id: str) -> list[dict] | DefenderError:
    try:
        return list(client.list(incidents.LIST_ALERTS, incident_id=incident_id))
    except (TokenRejected, SignInFailed):
        raise
    except DefenderError as error:
        return error
