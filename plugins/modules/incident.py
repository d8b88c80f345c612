#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take incidents, tag and close them, say what they were, and merge them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: incident
short_description: Take incidents, tag and close them, say what they were, and merge them
version_added: 0.1.0
description:
  - Changes the status, the owner, the verdict, the tags and the name of incidents, and comments on them, at Microsoft Graph. What is not given stays
    as it is.
  - The incidents are read first and each is sent what it lacks. What the service made of it is read back.
  - A comment that stands at an incident already is not made again, so the task can be repeated.
  - An incident that was merged into another is changed where it lives on, see RV(redirected).
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The ids of the incidents, which are the numbers that the portal shows. Each costs a call to read and one or two to change.
    type: list
    elements: str
    required: true
  status:
    description:
      - The state to bring them into. To close their alerts as well, see M(secops.defender.alert).
    type: str
    choices: [Active, InProgress, Resolved]
  severity:
    description:
      - How bad they are.
    type: str
    choices: [Informational, Low, Medium, High]
  display_name:
    description:
      - What they shall be called.
    type: str
  add_tags:
    description:
      - Tags that they shall bear. Other tags stay.
      - The service takes a whole list, so a tag that someone else gives in that very moment is lost.
    type: list
    elements: str
  remove_tags:
    description:
      - Tags that they shall not bear. Other tags stay.
    type: list
    elements: str
  comment:
    description:
      - A note to add to each.
    type: str
  resolving_comment:
    description:
      - Why they were closed. It takes the place of the one before.
    type: str
  merge:
    description:
      - Whether to make one incident of all of them. Which of them lives on the service decides, see RV(merged_into).
      - Merging cannot be undone. Apart from O(comment) nothing else can stand beside it.
    type: bool
  allow_missing:
    description:
      - Whether to go on when an incident is not there. RV(not_found) lists those either way.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._verdict
  - secops.defender._permissions.incident
seealso:
  - module: secops.defender.incident_info
  - module: secops.defender.alert
  - name: Update incident
    description: The page of the service.
    link: https://learn.microsoft.com/graph/api/security-incident-update
"""

EXAMPLES = r"""
- name: Take the incident, but from nobody
  secops.defender.incident:
    id: [1126093]
    status: InProgress
    assigned_to: lena@contoso.com
    add_tags: [on-call]
    comment: Taken by the on-call shift

- name: Close it when its machines are released
  secops.defender.incident:
    id: [1126093]
    status: Resolved
    classification: TruePositive
    determination: MultiStagedAttack
    resolving_comment: Machines cleaned and released, password of the service account changed
    remove_tags: [on-call]

- name: Close what the red team has told beforehand
  secops.defender.incident:
    id: "{{ drill.incidents | map(attribute='id') }}"
    status: Resolved
    classification: InformationalExpectedActivity
    determination: SecurityTesting

- name: Make one of two incidents that are one attack
  secops.defender.incident:
    id: [1126093, 1126101]
    merge: true
    comment: Same sender, same file
  register: merged
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: Of 2 incident(s) 1 succeeded, 1 unchanged
incidents:
  description: One entry for each incident.
  returned: when the incidents were read and nobody else has one of them, without O(merge)
  type: list
  elements: dict
  contains:
    id:
      description: The id of the incident.
      type: str
    title:
      description: Its name. Made by the service of the alerts, so it may quote an attacker.
      type: str
    outcome:
      description: V(succeeded), V(unchanged), V(planned) (check mode), V(failed) or V(not_sent).
      type: str
    reason:
      description: Why, in words.
      type: str
    changed:
      description: Whether this task changed the incident.
      type: bool
    before:
      description: What differed, as it was.
      type: dict
    after:
      description: What differed, as it is now; in check mode as it would be.
      type: dict
merged_into:
  description: The id of the incident that lives on, null when nothing was sent.
  returned: with O(merge=true)
  type: str
  sample: "1126093"
taken:
  description: The incidents that somebody else has, each with C(id) and C(assigned_to).
  returned: when the task is refused for this reason
  type: list
  elements: dict
  contains:
    id:
      description: The id of the incident.
      type: str
    assigned_to:
      description: Who has it.
      type: str
redirected:
  description: The ids asked for that were merged into another incident before, each with C(id) and C(into).
  returned: success
  type: list
  elements: dict
  sample: []
not_found:
  description: The ids that are not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: failure
  type: dict
"""

from ..module_utils._api import incidents
from ..module_utils._module.incident_state import MERGE, WANTED, work
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task
from ..module_utils._response import alert_words as words

TAGS = {"type": "list", "elements": "str"}

SHAPE = Task(
    work=work,
    argument_spec={
        "id": {"type": "list", "elements": "str", "required": True},
        "status": {"type": "str", "choices": ["Active", "InProgress", "Resolved"]},
        "assigned_to": {"type": "str"},
        "take_over": {"type": "bool", "default": False},
        "classification": {"type": "str", "choices": list(words.FITTING)},
        "determination": {"type": "str", "choices": list(words.DETERMINATIONS)},
        "severity": {"type": "str", "choices": ["Informational", "Low", "Medium", "High"]},
        "display_name": {"type": "str"},
        "add_tags": TAGS,
        "remove_tags": TAGS,
        "comment": {"type": "str"},
        "resolving_comment": {"type": "str"},
        "merge": {"type": "bool"},
        "allow_missing": {"type": "bool", "default": False},
    },
    rules={
        "required_one_of": [WANTED],
        "required_by": {"determination": "classification"},
        "mutually_exclusive": [(MERGE, option) for option in WANTED if option not in (MERGE, "comment")],
    },
    operations=(incidents.GET, incidents.UPDATE, incidents.ADD_COMMENT),
    operations_for={"merge": (incidents.MERGE,)},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
