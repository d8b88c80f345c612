# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options with which a task says which machines it means, and what they come to."""

from __future__ import annotations

import typing as t

from .._response.targets import Selection, check
from .filters import moment

MACHINES = {
    "machines": {"type": "list", "elements": "str"},
    "at": {"type": "str"},
    "tag": {"type": "str"},
    "filter": {"type": "str"},
}

SELECTORS = ("machines", "tag", "filter")


def selection(params: t.Mapping[str, t.Any]) -> Selection:
    """What the options of the ``_machines`` fragment ask for.

    :raises BadInput: they cannot name a machine
    """
    chosen = Selection(
        machines=None if params["machines"] is None else tuple(word.strip() for word in params["machines"]),
        at=moment("at", params["at"]) if params["at"] else None,
        tag=params["tag"],
        filter=params["filter"],
    )
    check(chosen)
    return chosen
