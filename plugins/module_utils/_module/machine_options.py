# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that modules which act on machines share, and what they say once they are read."""

from __future__ import annotations

import typing as t

from .._client import moments
from .._client.errors import BadInput
from .._client.kept_file import check_folder
from .._response.targets import Selection, check

MACHINES = {
    "machines": {"type": "list", "elements": "str"},
    "at": {"type": "str"},
    "tag": {"type": "str"},
    "filter": {"type": "str"},
}

GUARD = {
    "max_machines": {"type": "int", "default": 10},
    "confirm": {"type": "int"},
    "protected_tags": {"type": "list", "elements": "str", "default": []},
    "protected_groups": {"type": "list", "elements": "str", "default": []},
    "protected_values": {"type": "list", "elements": "str", "default": ["High"]},
    "protected_names": {"type": "list", "elements": "str", "default": []},
    "refuse_inactive": {"type": "bool", "default": False},
    "refused": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    "max_failures": {"type": "int", "default": 0},
}

WAIT = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 900},
    "poll_interval": {"type": "int", "default": 5},
    "allow_pending": {"type": "bool", "default": False},
    "action_ids": {"type": "list", "elements": "str"},
}

CASE = {
    "case": {"type": "str"},
    "ledger": {"type": "path"},
}

FILES = {
    "dest": {"type": "path"},
    "max_file_size": {"type": "bytes", "default": "2G"},
}

COMMENT = {"comment": {"type": "str"}}

SELECTORS = ("machines", "tag", "filter", "action_ids")


def selection_of(params: t.Mapping[str, t.Any]) -> Selection:
    """The machines that are meant.

    :raises BadInput: a word cannot name a machine, or ``at`` is no moment
    """
    selection = Selection(
        machines=None if params["machines"] is None else tuple(word.strip() for word in params["machines"]),
        at=_moment(params["at"]),
        tag=params["tag"],
        filter=params["filter"],
    )
    check(selection)
    return selection


def comment_of(params: t.Mapping[str, t.Any]) -> str:
    """The reason for the record of the service, which every action needs; none for a wait that is taken up again.

    :raises BadInput: there is none
    """
    comment = (params["comment"] or "").strip()
    if not comment and params["action_ids"] is None:
        raise BadInput("comment is empty: the service keeps a reason for every action.", hint="Name the incident or the ticket in comment")
    return comment


def folder_of(params: t.Mapping[str, t.Any]) -> str | None:
    """The folder for files, looked at before anything is asked for; ``None`` when none is named.

    :raises BadInput: nothing can be kept there, or no file is small enough
    """
    if params["max_file_size"] < 1:
        raise BadInput(f"max_file_size: {params['max_file_size']} is no size for a file.", hint="Give a size such as 500M or 2G")
    if not params["dest"]:
        return None
    check_folder("dest", params["dest"])
    return params["dest"]


def action_ids_of(params: t.Mapping[str, t.Any]) -> list[str]:
    """The actions whose wait is taken up, each once.

    :raises BadInput: the list is empty
    """
    if not params["action_ids"]:
        raise BadInput("action_ids is empty: there is nothing to wait for.", hint="Leave the task out with when: when the earlier result has none")
    return list(dict.fromkeys(params["action_ids"]))


def _moment(text: str | None) -> t.Any:
    if not text:
        return None
    try:
        return moments.parse(text)
    except ValueError as error:
        raise BadInput(f"at: {error}.", hint="Write the time in UTC as in the example") from error
