# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the module that changes incidents: what is wanted of them, whether it may be, and merging them."""

from __future__ import annotations

import typing as t

from .._api import incidents
from .._client.errors import BadInput, DefenderError, ServiceError
from .._client.words import and_list
from .._response import alert_words as words
from .._response.changes import bring
from .._response.merged import surviving
from .._response.submit import may_have_arrived
from .._response.writers import AtGraph
from .filters import some_ids
from .found import Found, missing
from .people_at_work import refuse_odd_pairs, refuse_to_take, told

Params = t.Mapping[str, t.Any]

OPTIONS = {
    "status": "status", "assigned_to": "assigned_to", "classification": "classification", "determination": "determination", "severity": "severity",
    "display_name": "name", "resolving_comment": "resolving_comment", "comment": "comment",
}
"""Option -> what it is called in a change."""
TAGS = ("add_tags", "remove_tags")
MERGE = "merge"
WANTED = (*OPTIONS, *TAGS, MERGE)


def work(client, params: Params) -> dict[str, t.Any]:
    """See to it.

    :raises BadInput: the options do not go together
    :raises NotFound: one of the incidents is not there
    :raises Refused: somebody else has taken one of them; nothing was sent
    :raises PartlyFailed: some could not be changed; its details are the whole report
    """
    wanted = wanted_of(params)
    ids = some_ids(params["id"])
    client.require((incidents.GET, incidents.MERGE) if params[MERGE] else (incidents.GET, incidents.UPDATE, incidents.ADD_COMMENT))
    lives_in, not_found = surviving(client, ids)
    rows = {row["id"]: row for row in lives_in.values()}
    found = Found(list(rows.values()), not_found)
    if found.not_found and not params["allow_missing"]:
        raise missing("incidents", found)
    redirected = [{"id": id_, "into": row["id"]} for id_, row in lives_in.items() if id_ != row["id"]]
    further = {"not_found": list(found.not_found), "redirected": redirected}
    if params[MERGE]:
        return {**_merged(client, list(rows), wanted.get("comment")), **further}
    if not params["take_over"]:
        refuse_to_take("incident", found.rows, wanted.get("assigned_to"))
    refuse_odd_pairs("incident", found.rows, wanted)
    return told("incident", bring(client, AtGraph.incidents(client), found.rows, lambda row: {**wanted, **tags_of(params, row)}), further)


def wanted_of(params: Params) -> dict[str, str]:
    """What the options want of every incident, by our names.

    :raises BadInput: one is empty, or two do not go together
    """
    wanted = {ours: params[option].strip() for option, ours in OPTIONS.items() if params[option] is not None}
    for option, ours in OPTIONS.items():
        if wanted.get(ours) == "":
            raise BadInput(f"{option} is empty", hint=f"Give {option}, or leave it out so that it stays as it is")
    words.check_verdict(wanted.get("classification"), wanted.get("determination"))
    added, removed = (_tags(params, option) for option in TAGS)
    both = [tag for tag in added if tag in removed]
    if both:
        raise BadInput(f"{and_list(both)} stands in add_tags and in remove_tags", hint="Decide for one of them")
    return wanted


def tags_of(params: Params, row: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
    """All tags that the incident is to have: the service takes a list in place of the one before."""
    if all(params[option] is None for option in TAGS):
        return {}
    added, removed = (_tags(params, option) for option in TAGS)
    now = [tag for tag in row.get("customTags") or () if tag not in removed]
    return {"tags": [*now, *(tag for tag in added if tag not in now)]}


def _tags(params: Params, option: str) -> list[str]:
    tags = list(dict.fromkeys(tag.strip() for tag in params[option] or ()))
    if "" in tags:
        raise BadInput(f"{option} holds an empty tag", hint="Look at the variable that it comes from")
    return tags


def _merged(client, ids: list[str], comment: str | None) -> dict[str, t.Any]:
    """The incidents as one. Which of them lives on is the service's choice, so check mode cannot tell it."""
    if len(ids) < 2:
        return {"changed": False, "msg": "The incidents are one already", "merged_into": ids[0] if ids else None, "diff": {"before": {}, "after": {}}}
    many = {"changed": True, "diff": {"before": {"incidents": len(ids)}, "after": {"incidents": 1}}}
    try:
        answer = client.call(incidents.MERGE, incident_ids=ids, comment=comment)
    except DefenderError as error:
        if not may_have_arrived(error):
            raise
        answer = {}
    if answer is None:
        return {**many, "msg": f"{len(ids)} incidents would be merged into one", "merged_into": None}
    left = sorted({row["id"] for row in surviving(client, ids).lives_in.values()})
    if len(left) != 1:
        raise ServiceError(
            f"The service was asked to merge {and_list(ids)}, and shows {and_list(left)}",
            hint="It may take a while; run the task again: what is merged already is left alone",
        )
    return {**many, "msg": f"{len(ids)} incidents are merged into {left[0]}", "merged_into": left[0]}
