# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service knows of machines or alerts beside their records, read for a few of them and added to each."""

from __future__ import annotations

import itertools
import json
import typing as t

from .._api import alert_facts, alerts, machine_facts
from .._client.errors import BadInput, DefenderError, NotFound, PartlyFailed, Refused, SignInFailed, TokenRejected
from .._client.threads import at_once
from .._operation import PAGE, Operation
from . import rows_file
from .filters import some


class Relations(t.NamedTuple):
    """What may be read of each of them. ``noun`` names them in the plural, ``asked_by`` is the field that takes their ids."""

    noun: str
    asked_by: str
    name: str
    kinds: t.Mapping[str, Operation]

    @property
    def options(self) -> dict[str, t.Any]:
        return {"related": {"type": "list", "elements": "str", "choices": list(self.kinds)}, "related_max": {"type": "int", "default": 50}}

    @property
    def operations(self) -> dict[str, tuple[Operation, ...]]:
        return {f"related={kind}": (operation,) for kind, operation in self.kinds.items()}

    def step(self, params: t.Mapping[str, t.Any]) -> tuple[Related, ...]:
        """The step that the options ask for.

        :raises BadInput: they do not go together
        """
        if params["related"] is None:
            return ()
        kinds = some("related", params["related"])
        if params["related_max"] < 1:
            raise BadInput(f"related_max: {params['related_max']} is not a number of {self.noun}", hint="Give a whole number from 1")
        if params.get("dest") and rows_file.target(params["dest"]).format == rows_file.CSV:
            raise BadInput("dest is a table, which has no room for what is related", hint="Give it a name that ends in .ndjson")
        return (Related(self, kinds, params["related_max"], part_will_do=params["allow_incomplete"]),)


OF_MACHINES = Relations(
    "machines", "machine_id", "computerDnsName",
    {
        "users": machine_facts.LIST_LOGON_USERS,
        "alerts": alerts.LIST_OF_MACHINE,
        "software": machine_facts.LIST_SOFTWARE,
        "vulnerabilities": machine_facts.LIST_VULNERABILITIES,
        "recommendations": machine_facts.LIST_RECOMMENDATIONS,
        "missing_kbs": machine_facts.LIST_MISSING_KBS,
    },
)
OF_ALERTS = Relations(
    "alerts", "alert_id", "title",
    {
        "files": alert_facts.LIST_FILES,
        "ips": alert_facts.LIST_IPS,
        "domains": alert_facts.LIST_DOMAINS,
        "machine": alert_facts.GET_MACHINE,
        "user": alert_facts.GET_USER,
    },
)

IN_FLIGHT = 10

Answer = t.Union[list[dict], dict, None, DefenderError]


class Related:
    """One call for each of them and kind: no list of the service tells it for several."""

    def __init__(self, relations: Relations, kinds: t.Sequence[str], most: int, *, part_will_do: bool) -> None:
        self._of = relations
        self._kinds = kinds
        self._most = most
        self._part_will_do = part_will_do
        self._failed: list[dict[str, t.Any]] = []

    @property
    def operations(self) -> list[Operation]:
        return [self._of.kinds[kind] for kind in self._kinds]

    def rows(self, client, rows: t.Iterator[tuple[dict, str]]) -> t.Iterator[tuple[dict, str]]:
        """The records with ``related``; a kind that could not be read is null.

        :raises Refused: there are more of them than may be asked about
        :raises PartlyFailed: something could not be read, and a part will not do
        """
        records = [row for row, _text in itertools.islice(rows, self._most + 1)]
        if len(records) > self._most:
            raise Refused(
                f"There are more than {self._most} {self._of.noun}, and each costs {len(self._kinds)} call(s) for what is related",
                hint=f"Name the {self._of.noun}, set limit, or raise related_max",
            )
        answers = self._asked(client, records)
        found = [{**record, "related": {kind: self._read(record, kind, answers) for kind in self._kinds}} for record in records]
        if self._failed and not self._part_will_do:
            first = self._failed[0]
            raise PartlyFailed(
                f"{len(self._failed)} of {len(answers)} lists could not be read; first the {first['kind']} of {first['name']}: {first['msg']}",
                hint="Set allow_incomplete: true to go on without them",
                details={self._of.noun: found, "related_failed": self._failed},
            )
        return iter([(record, json.dumps(record)) for record in found])

    def verdict(self) -> dict[str, t.Any]:
        return {"related_failed": self._failed, **({"complete": False} if self._failed else {})}

    def _asked(self, client, records: t.Sequence[dict]) -> dict[tuple[str, str], Answer]:
        """What came for each record and kind."""
        questions = [(record["id"], kind) for record in records for kind in self._kinds]
        return dict(zip(questions, at_once(client, lambda question: self._ask(client, *question), questions, threads=IN_FLIGHT)))

    def _read(self, record: dict, kind: str, answers: t.Mapping[tuple[str, str], Answer]) -> list[dict] | dict | None:
        answer = answers[record["id"], kind]
        if not isinstance(answer, DefenderError):
            return answer
        told = answer.as_result()
        name = record.get(self._of.name) or record["id"]
        self._failed.append({"id": record["id"], "name": name, "kind": kind, "msg": told["msg"], "error": told["error"]})
        return None

    def _ask(self, client, record_id: str, kind: str) -> Answer:
        operation = self._of.kinds[kind]
        question = {self._of.asked_by: record_id}
        try:
            return list(client.list(operation, **question)) if operation.reply == PAGE else _one(client, operation, question)
        except (TokenRejected, SignInFailed):
            raise
        except DefenderError as error:
            return error


def _one(client, operation: Operation, question: dict[str, str]) -> dict | None:
    """The one thing, ``None`` where there is none: for an alert without a user the service answers 404 (get-alert-related-user-info.md)."""
    try:
        return client.call(operation, **question)
    except NotFound:
        return None
