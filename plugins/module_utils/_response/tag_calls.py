# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fewest calls that bring the tags of many machines to what is wanted."""

from __future__ import annotations

import collections
import typing as t

from .._api import machines
from .records import Call, Drift
from .state import chunks

ADD = "Add"
REMOVE = "Remove"

MACHINES_A_CALL = t.cast(int, next(known.max_items for known in machines.TAG_MULTIPLE.body_fields if known.name == "machine_ids"))


class Change(t.NamedTuple):
    """One tag that is put on, or taken off."""

    direction: str
    tag: str


Piece = tuple[Change, int]
"""A change and the number of a call that could make it on up to 500 machines."""


def changes(now: t.Collection[str], wanted: t.Collection[str]) -> list[Change]:
    """What is between two lists of tags, which are compared to the letter."""
    return [Change(REMOVE, tag) for tag in sorted(set(now) - set(wanted))] + [Change(ADD, tag) for tag in sorted(set(wanted) - set(now))]


def waves(drift: Drift, *, whole_lists: bool = True) -> list[list[Call]]:
    """The calls against a drift of tags.

    A call either makes one change on many machines, or sends one machine its whole list. The calls of a wave may be
    under way together: no machine is in two of them, so that the service never writes two lists of one machine at once.

    :param whole_lists: whether the second kind may be used
    """
    by_change: dict[Change, list[str]] = collections.defaultdict(list)
    for machine_id, (now, wanted) in drift.items():
        for change in changes(now, wanted):
            by_change[change].append(machine_id)
    whole = _sent_whole(by_change) if whole_lists else set()
    found = [[_whole_list(machine_id, drift[machine_id][1]) for machine_id in drift if machine_id in whole]]
    for change, machine_ids in by_change.items():
        others = [machine_id for machine_id in machine_ids if machine_id not in whole]
        found.append([_one_change(change, group) for group in chunks(others, MACHINES_A_CALL)])
    return [wave for wave in found if wave]


def _whole_list(machine_id: str, wanted: list[str]) -> Call:
    return Call(machines.UPDATE, {"machine_id": machine_id, "tags": wanted}, (machine_id,))


def _one_change(change: Change, machine_ids: t.Sequence[str]) -> Call:
    values = {"tag": change.tag, "change": change.direction}
    if len(machine_ids) == 1:
        return Call(machines.TAG, {**values, "machine_id": machine_ids[0]}, tuple(machine_ids))
    return Call(machines.TAG_MULTIPLE, {**values, "machine_ids": list(machine_ids)}, tuple(machine_ids))


def _sent_whole(by_change: t.Mapping[Change, list[str]]) -> set[str]:
    """The machines that are best sent their whole list.

    Every change on a machine is made by a call for the change or by one for the machine. So the fewest calls are the
    smallest set of both that touches all changes: as many as can be paired without sharing one (Kőnig's theorem).
    """
    pieces: dict[Piece, t.Sequence[str]] = {}
    for change, machine_ids in by_change.items():
        pieces.update(((change, number), group) for number, group in enumerate(chunks(machine_ids, MACHINES_A_CALL)))
    machine_of = _paired(pieces)
    piece_of = {machine_id: piece for piece, machine_id in machine_of.items()}
    reached = _reached(pieces, piece_of, [piece for piece in pieces if piece not in machine_of])
    return set(reached)


def _paired(pieces: t.Mapping[Piece, t.Sequence[str]]) -> dict[Piece, str]:
    """As many pairs of a piece and one of its machines as there can be, none in two pairs."""
    machine_of: dict[Piece, str] = {}
    piece_of: dict[str, Piece] = {}
    for piece in pieces:
        via = _reached(pieces, piece_of, [piece], stop_at_free=True)
        free = next((machine_id for machine_id in reversed(via) if machine_id not in piece_of), None)
        while free is not None:
            # Along the way back each piece leaves its machine to the one before it, and takes the next.
            taker = via[free]
            left = machine_of.get(taker)
            machine_of[taker], piece_of[free] = free, taker
            free = left
    return machine_of


def _reached(
    pieces: t.Mapping[Piece, t.Sequence[str]], piece_of: t.Mapping[str, Piece], start: t.Iterable[Piece], *, stop_at_free: bool = False
) -> dict[str, Piece]:
    """The machines that one gets to from ``start``, each with the piece one came from: to any machine, on through its pair."""
    via: dict[str, Piece] = {}
    queue = collections.deque(start)
    while queue:
        piece = queue.popleft()
        for machine_id in pieces[piece]:
            if machine_id in via:
                continue
            via[machine_id] = piece
            if machine_id in piece_of:
                queue.append(piece_of[machine_id])
            elif stop_at_free:
                return via
    return via
