#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put tags on machines, take them off, or set them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_tags
short_description: Put tags on machines, take them off, or set them
version_added: 0.1.0
description:
  - Brings the tags of one machine, or of thousands, to what is wanted. Device groups, filters and the portal go by these tags.
  - The tags that are there are read first, and only what differs is sent, in the fewest calls. One tag goes to up to 500 machines in one call; a
    machine that differs in many tags is sent its whole list in one call.
  - What the service answers is compared with what was wanted, machine by machine.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  add:
    description:
      - Tags that the machines shall bear. Other tags stay.
      - Tags are compared to the letter, so V(Finance) is another tag than V(finance). Blanks around a tag are dropped.
    type: list
    elements: str
  remove:
    description:
      - Tags that the machines shall not bear. Other tags stay.
      - A tag that was set on the machine itself, in its registry, comes back with its next report.
    type: list
    elements: str
  set:
    description:
      - The tags that the machines shall bear, and no others. An empty list takes all tags off.
      - Cannot stand beside O(add) and O(remove).
    type: list
    elements: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._machines
  - secops.defender._guard.count
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_tags
notes:
  - Tags can move a machine into another device group, and with that change who may act on it.
  - A tag is a note and no proof. The record of actions says whether a machine is isolated, see M(secops.defender.machine_isolation).
  - When a whole list is sent, a tag that someone else puts on the machine in that very moment is lost.
seealso:
  - module: secops.defender.machine_info
  - module: secops.defender.machine_value
  - name: Add or remove a tag for multiple machines
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/add-or-remove-multiple-machine-tags
"""

EXAMPLES = r"""
- name: Mark the machines of the first wave
  secops.defender.machine_tags:
    machines: "{{ involved_machines }}"
    add: [incident-1126093]
    confirm: "{{ involved_machines | length }}"

- name: See what would change before it does
  secops.defender.machine_tags:
    filter: startswith(computerDnsName,'fin-')
    add: [finance]
    remove: [Finance]
  check_mode: true
  diff: true

- name: Take the mark off when the case is closed
  secops.defender.machine_tags:
    tag: incident-1126093
    remove: [incident-1126093]
    confirm: 34

- name: Give the new file server the tags of its kind and no others
  secops.defender.machine_tags:
    machines: [files-02.contoso.com]
    set: [file-server, tier-1]
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'tags: of 3 machine(s) 2 changed, 1 so already'
machines:
  description: One entry for each machine.
  returned: when the guard let the task pass
  type: list
  elements: dict
  contains:
    id:
      description: The machine id; empty for a word that led to no single machine.
      type: str
    name:
      description: The DNS name of the machine, or the word that was refused.
      type: str
    outcome:
      description: V(succeeded), V(unchanged), V(planned) (check mode), V(failed), V(unknown), V(not_sent) or V(refused).
      type: str
    reason:
      description: Why, in words.
      type: str
    changed:
      description: Whether this task changed the machine.
      type: bool
    before:
      description: What was there before.
      type: dict
      contains:
        tags:
          description: The tags, sorted.
          type: list
          elements: str
    after:
      description: What is there now, as the service shows it; in check mode what would be there.
      type: dict
      contains:
        tags:
          description: The tags, sorted.
          type: list
          elements: str
    candidates:
      description: The machines that a refused word may mean, each with id, name, last_seen, last_ip and health.
      type: list
      elements: dict
    error:
      description: What went wrong, with the code, the HTTP status, the request id for support and a hint.
      type: dict
summary:
  description: How many machines there are in all and of each outcome.
  returned: when the guard let the task pass
  type: dict
  sample: {total: 3, succeeded: 2, unchanged: 1, planned: 0, failed: 0, unknown: 0, not_sent: 0, refused: 0}
plan:
  description: What would have been done with the machines that were found, each with id, name, before and after.
  returned: when the guard refused
  type: list
  elements: dict
refused:
  description: Every refusal with its rule, its reason and the machines it is about.
  returned: when the guard refused
  type: list
  elements: dict
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: on failure
  type: dict
"""

from ..module_utils._api import machines
from ..module_utils._client.errors import BadInput
from ..module_utils._client.words import and_list
from ..module_utils._module.ensure_machines import EnsureMachines
from ..module_utils._module.run import run
from ..module_utils._response.records import Trait
from ..module_utils._response.tag_calls import waves

TAGS = {"type": "list", "elements": "str"}
LONGEST = 200
"""Characters of a tag at most (machine-tags.md)."""


def trait(params):
    """The wanted tags, checked."""
    add, remove = tags_of("add", params), tags_of("remove", params)
    wanted = None if params["set"] is None else tags_of("set", params)
    if wanted is None and not (add or remove):
        raise BadInput("add and remove are empty: there is nothing to do", hint="Name a tag, or skip the task by a condition (when)")
    both = sorted(add & remove)
    if both:
        raise BadInput(f"{and_list(both)} stands in add and in remove", hint="Decide for one of them")
    return Trait(
        noun="tags",
        of=lambda machine: sorted(machine.get("machineTags") or ()),
        wanted=lambda now: sorted(set(now) - remove | add if wanted is None else wanted),
        # One reading of the page is that a whole list only adds; what it leaves undone is done tag by tag.
        waves=lambda drift, attempt: waves(drift, whole_lists=attempt == 0),
    )


def tags_of(option, params):
    """The tags of one option without the blanks around them.

    :raises BadInput: one is empty or too long
    """
    tags = {tag.strip() for tag in params[option] or ()}
    for tag in tags:
        if not tag:
            raise BadInput(f"{option} holds an empty tag", hint="Look at the variable that it comes from")
        if len(tag) > LONGEST:
            raise BadInput(f"{option}: the tag {tag[:40]!r}... has {len(tag)} characters", hint=f"A tag has {LONGEST} at most")
    return tags


def tag_is_to_go(params):
    """Whether the machines were asked for by a tag that none of them shall bear."""
    bare = params["set"] is not None and params["tag"] not in tags_of("set", params)
    return params["tag"] is not None and (bare or params["tag"] in tags_of("remove", params))


SHAPE = EnsureMachines(
    options={"add": TAGS, "remove": TAGS, "set": TAGS},
    trait=trait,
    writes=(machines.TAG, machines.TAG_MULTIPLE, machines.UPDATE),
    further_rules={"mutually_exclusive": [("set", "add"), ("set", "remove")], "required_one_of": [("add", "remove", "set")]},
    none_is_well=tag_is_to_go,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
