# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service knows of machines beside their records, read for a few of them and added to each."""

from __future__ import annotations

import itertools
import json
import typing as t

from .._api import alerts, machine_facts
from .._client.errors import BadInput, DefenderError, PartlyFailed, Refused, SignInFailed, TokenRejected
from .._client.threads import at_once
from .._operation import Operation
from . import rows_file
from .filters import some

KINDS = {
    "users": machine_facts.LIST_LOGON_USERS,
    "alerts": alerts.LIST_OF_MACHINE,
    "software": machine_facts.LIST_SOFTWARE,
    "vulnerabilities": machine_facts.LIST_VULNERABILITIES,
    "recommendations": machine_facts.LIST_RECOMMENDATIONS,
    "missing_kbs": machine_facts.LIST_MISSING_KBS,
}

OPTIONS = {
    "related": {"type": "list", "elements": "str", "choices": list(KINDS)},
    "related_max": {"type": "int", "default": 50},
}

OPERATIONS = {f"related={kind}": (operation,) for kind, operation in KINDS.items()}

IN_FLIGHT = 10

Answer = t.Union[list[dict], DefenderError]


def related(params: t.Mapping[str, t.Any]) -> tuple[Related, ...]:
    """The step that the options ask for.

    :raises BadInput: they do not go together
    """
    if params["related"] is None:
        return ()
    kinds = some("related", params["related"])
    if params["related_max"] < 1:
        raise BadInput(f"related_max: {params['related_max']} is not a number of machines", hint="Give a whole number from 1")
    if params["dest"] and rows_file.target(params["dest"]).format == rows_file.CSV:
        raise BadInput("dest is a table, which has no room for what is related", hint="Give it a name that ends in .ndjson")
    return (Related(kinds, params["related_max"], part_will_do=params["allow_incomplete"]),)


class Related:
    """One call for each machine and kind: no list of the service tells it for several machines."""

    def __init__(self, kinds: t.Sequence[str], most: int, *, part_will_do: bool) -> None:
        self._kinds = kinds
        self._most = most
        self._part_will_do = part_will_do
        self._failed: list[dict[str, t.Any]] = []

    @property
    def operations(self) -> list[Operation]:
        return [KINDS[kind] for kind in self._kinds]

    def rows(self, client, rows: t.Iterator[tuple[dict, str]]) -> t.Iterator[tuple[dict, str]]:
        """The machines with ``related``; a kind that could not be read is null.

        :raises Refused: there are more machines than may be asked about
        :raises PartlyFailed: something could not be read, and a part will not do
        """
        machines = [row for row, _text in itertools.islice(rows, self._most + 1)]
        if len(machines) > self._most:
            raise Refused(
                f"There are more than {self._most} machines, and each costs {len(self._kinds)} call(s) for what is related",
                hint="Name the machines, set limit, or raise related_max",
            )
        answers = self._asked(client, machines)
        found = [{**machine, "related": {kind: self._read(machine, kind, answers) for kind in self._kinds}} for machine in machines]
        if self._failed and not self._part_will_do:
            first = self._failed[0]
            raise PartlyFailed(
                f"{len(self._failed)} of {len(answers)} lists could not be read; first the {first['kind']} of {first['name']}: {first['msg']}",
                hint="Set allow_incomplete: true to go on without them",
                details={"machines": found, "related_failed": self._failed},
            )
        return iter([(machine, json.dumps(machine)) for machine in found])

    def verdict(self) -> dict[str, t.Any]:
        return {"related_failed": self._failed, **({"complete": False} if self._failed else {})}

    def _asked(self, client, machines: t.Sequence[dict]) -> dict[tuple[str, str], Answer]:
        """What came for each machine and kind."""
        questions = [(machine["id"], kind) for machine in machines for kind in self._kinds]
        return dict(zip(questions, at_once(client, lambda question: _ask(client, *question), questions, threads=IN_FLIGHT)))

    def _read(self, machine: dict, kind: str, answers: t.Mapping[tuple[str, str], Answer]) -> list[dict] | None:
        answer = answers[machine["id"], kind]
        if not isinstance(answer, DefenderError):
            return answer
        told = answer.as_result()
        name = machine.get("computerDnsName") or machine["id"]
        self._failed.append({"id": machine["id"], "name": name, "kind": kind, "msg": told["msg"], "error": told["error"]})
        return None


def _ask(client, machine_id: str, kind: str) -> Answer:
    try:
        return list(client.list(KINDS[kind], machine_id=machine_id))
    except (TokenRejected, SignInFailed):
        raise
    except DefenderError as error:
        return error
