# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each service is told of changes: the classic one of many alerts in one call, Graph of each with a call for the comment."""

from __future__ import annotations

import collections
import typing as t
from dataclasses import dataclass

from .._api import alerts, graph_alerts, incidents
from .._client import odata
from .._operation import Operation
from . import alert_words as words
from .changes import COMMENT, INCIDENT_ID, Change, Facts, Row
from .one_by_one import IN_FLIGHT, each_by_id
from .state import IDS_A_CALL, chunks


@dataclass(frozen=True)
class ClassicAlerts:
    """Alerts of Defender for Endpoint: those that lack the same go together."""

    client: t.Any
    batch_size: int
    at_once: int = 1

    def jobs(self, lacks: t.Sequence[tuple[str, Facts]]) -> list[list[Change]]:
        """The fewest calls that send each alert what it lacks and nothing else."""
        alike: dict[tuple[tuple[str, str], ...], list[str]] = collections.defaultdict(list)
        for id_, facts in lacks:
            alike[tuple(facts.items())].append(id_)
        return [[Change(tuple(ids), dict(facts))] for facts, all_ids in alike.items() for ids in chunks(all_ids, self.batch_size)]

    def send(self, change: Change) -> dict[str, Row] | None:
        facts = dict(change.facts)
        word = facts.get(words.DETERMINATION)
        if word:
            facts[words.DETERMINATION] = words.ALSO_CALLED.get(word, word)
        if len(change.ids) == 1:
            answer = self.client.call(alerts.UPDATE, alert_id=change.ids[0], **facts)
            return answer if answer is None else _by_id([answer])
        if word:
            facts[words.DETERMINATION] = alerts.OTHER_SPELLINGS.get(facts[words.DETERMINATION], facts[words.DETERMINATION])
        answer = self.client.call(alerts.BATCH_UPDATE, alert_ids=list(change.ids), **facts)
        return answer if answer is None else {}

    def read(self, ids: t.Sequence[str]) -> dict[str, Row]:
        """The alerts as they are; the batch call answers nothing."""
        found: dict[str, Row] = {}
        for group in chunks(ids, IDS_A_CALL):
            found.update(_by_id(self.client.list(alerts.LIST, where=odata.any_of(*(odata.eq("id", id_) for id_ in group)))))
        return found


@dataclass(frozen=True)
class AtGraph:
    """Records of one kind at Microsoft Graph; ``asked_by`` is the field that takes their ids. Alerts can be moved to another incident, many in a call."""

    client: t.Any
    get: Operation
    update: Operation
    add_comment: Operation
    asked_by: str
    move: Operation | None = None
    at_once: int = IN_FLIGHT

    @classmethod
    def alerts(cls, client) -> AtGraph:
        return cls(client, graph_alerts.GET, graph_alerts.UPDATE, graph_alerts.ADD_COMMENT, "alert_id", graph_alerts.MOVE)

    @classmethod
    def incidents(cls, client) -> AtGraph:
        return cls(client, incidents.GET, incidents.UPDATE, incidents.ADD_COMMENT, "incident_id")

    def jobs(self, lacks: t.Sequence[tuple[str, Facts]]) -> list[list[Change]]:
        """One job a record: what its update takes, and after it the comment. One more for those to be moved, at the head, and beside the others."""
        moved = [(id_, facts[INCIDENT_ID]) for id_, facts in lacks if INCIDENT_ID in facts]
        moves = [[Change(tuple(id_ for id_, _to in moved), {INCIDENT_ID: moved[0][1]})]] if moved else []
        return moves + [[Change((id_,), facts) for facts in _apart(all_facts) if facts] for id_, all_facts in lacks]

    def send(self, change: Change) -> dict[str, Row] | None:
        if self.move and INCIDENT_ID in change.facts:
            answer = self.client.call(self.move, alert_ids=list(change.ids), incident_id=change.facts[INCIDENT_ID])
            return answer if answer is None else {}
        [id_] = change.ids
        asked = {self.asked_by: id_}
        if COMMENT in change.facts:
            answer = self.client.call(self.add_comment, odata_type=graph_alerts.COMMENT_TYPE, comment=change.facts[COMMENT], **asked)
            # All comments are in the answer, but for a page that could not hold them.
            return answer if answer is None else {id_: {"comments": answer.get("value")}} if isinstance(answer.get("value"), list) else {}
        answer = self.client.call(self.update, **asked, **{name: _graphs(name, value) for name, value in change.facts.items()})
        return answer if answer is None else _by_id([answer])

    def read(self, ids: t.Sequence[str]) -> dict[str, Row]:
        return dict(each_by_id(self.client, self.get, self.asked_by, ids))


def _apart(facts: Facts) -> tuple[Facts, Facts]:
    """What an update takes, and what is a comment."""
    alone = (COMMENT, INCIDENT_ID)
    return {name: value for name, value in facts.items() if name not in alone}, {name: facts[name] for name in (COMMENT,) if name in facts}


def _graphs(name: str, value: t.Any) -> t.Any:
    return words.graphs(name, value) if name in words.GRAPH else value


def _by_id(rows: t.Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows if isinstance(row.get("id"), str)}
