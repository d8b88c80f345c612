# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Defender for Endpoint and Graph call the same value, by the table in the contract."""

from __future__ import annotations

import typing as t

from .contract import area

_ROWS = area("graph")["alert_words"]
_TO_GRAPH = {(name, ours): graph for name, ours, graph in _ROWS}
_TO_DEFENDER = {(name, graph): ours for name, ours, graph in reversed(_ROWS)}
"""Of several that mean the same, the one that stands first."""


def to_graph(name: str, word: str | None) -> str:
    """Graph's word for a value of an alert; those that differ by the case of their first letter only are not in the table."""
    return _TO_GRAPH.get((name, word)) or small(t.cast(str, word))


def to_defender(name: str, word: str) -> str | None:
    found = _TO_DEFENDER.get((name, word), word)
    return found and found[0].upper() + found[1:]


def small(word: str) -> str:
    """``InProgress`` as ``inProgress``."""
    return word[0].lower() + word[1:]
