#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancel actions that have not ended."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_action
short_description: Cancel actions on machines that have not ended
version_added: 0.1.0
description:
  - Cancels response actions, such as isolations and scans, that are pending or under way. An action that waits for an offline machine is the usual case.
  - Only actions that this app asked for are cancelled, unless O(force=true). An action that has ended is left as it is, and the result says how it ended.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  state:
    description:
      - What the actions shall be.
    type: str
    choices: [cancelled]
    required: true
  action_ids:
    description:
      - The ids of the actions, as the modules that asked for them return them.
    type: list
    elements: str
  machines:
    description:
      - The machines whose actions are cancelled, each by its id, DNS name or current IP address, instead of O(action_ids). Only actions of the kinds in
        O(type) that have not ended are meant; when there are none, nothing is to be done.
    type: list
    elements: str
  type:
    description:
      - The kinds of actions to cancel on O(machines), in the words of the service, such as V(Isolate), V(RunAntiVirusScan),
        V(CollectInvestigationPackage) or V(LiveResponse).
    type: list
    elements: str
  comment:
    description:
      - Why, for the record of the service. Name the incident or the ticket.
    type: str
    required: true
  force:
    description:
      - Whether to cancel as well what other apps and people asked for.
    type: bool
    default: false
  refused:
    description:
      - What to do about an action that is not known, or that someone else asked for.
      - With V(fail), nothing is sent and the task fails with every refusal and its reason.
      - With V(skip), the others are cancelled, and the refused ones stand in the result.
    type: str
    choices: [fail, skip]
    default: fail
  max_failures:
    description:
      - How many actions may fail to be cancelled without the task failing. They are reported in any case.
    type: int
    default: 0
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_action
notes:
  - The permissions are alternatives by kind of action. The one that the action was asked for with is likely to be needed, though the page does not say
    so, V(Machine.Isolate) for an isolation, for example.
  - What a machine has done already is not undone. To let a machine back that is isolated, see M(secops.defender.machine_isolation).
seealso:
  - module: secops.defender.machine_action_info
  - name: Cancel machine action
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/cancel-machine-action
"""

EXAMPLES = r"""
- name: Call off what this job asked for and what is still waiting
  secops.defender.machine_action:
    state: cancelled
    action_ids: "{{ asked.action_ids }}"
    comment: Incident 1126093, false alarm
  when: asked.action_ids | length > 0

- name: Call off the scan of the file server, whoever started it
  secops.defender.machine_action:
    state: cancelled
    machines: [files-02.contoso.com]
    type: [RunAntiVirusScan]
    comment: Incident 1126093, the server is too slow for its users
    force: true

- name: Find what is stuck
  secops.defender.machine_action_info:
    stuck: true
  register: found

- name: Call it off, but for what others asked for
  secops.defender.machine_action:
    state: cancelled
    action_ids: "{{ found.machine_actions | map(attribute='id') }}"
    comment: Weekly tidying
    refused: skip
  when: found.count > 0
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'cancellation: of 2 action(s) 1 cancelled, 1 ended before'
actions:
  description: One entry for each action.
  returned: when nothing was refused, or with O(refused=skip)
  type: list
  elements: dict
  contains:
    id:
      description: The id of the action.
      type: str
    type:
      description: What was asked for.
      type: str
    machine_id:
      description: The machine it is for.
      type: str
    name:
      description: The DNS name of that machine.
      type: str
    requestor:
      description: Who asked for the action, the principal name of a user or the client id of an app.
      type: str
    outcome:
      description:
        - V(succeeded), V(pending) (the service has taken the cancellation, and the action has not ended yet), V(unchanged) (it had ended), V(planned)
          (check mode), V(failed), V(unknown), V(not_sent) or V(refused).
      type: str
    reason:
      description: Why, in words.
      type: str
    changed:
      description: Whether this task cancelled it.
      type: bool
    before:
      description: How far it was.
      type: dict
      contains:
        status:
          description: The word of the service, or V(BeingCancelled) when someone had called it off and it had not ended.
          type: str
    after:
      description: How far it is now; in check mode how far it would be.
      type: dict
      contains:
        status:
          description: The word of the service, or V(BeingCancelled).
          type: str
    error:
      description: What went wrong, with the code, the HTTP status, the request id for support and a hint.
      type: dict
summary:
  description: How many actions there are in all and of each outcome.
  returned: when nothing was refused, or with O(refused=skip)
  type: dict
  sample: {total: 2, succeeded: 1, pending: 0, unchanged: 1, planned: 0, failed: 0, unknown: 0, not_sent: 0, refused: 0}
plan:
  description: The actions that nothing speaks against, each with id, type, machine_id, name and requestor.
  returned: when an action was refused
  type: list
  elements: dict
refused:
  description: The refused actions, as in RV(actions).
  returned: when an action was refused
  type: list
  elements: dict
error:
  description: The kind of the failure, with code, HTTP status, request id and hint.
  returned: on failure
  type: dict
"""

from ..module_utils._api import machine_actions, machines
from ..module_utils._module.calling_off import call_off
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

WORDS = {"type": "list", "elements": "str"}

SHAPE = Task(
    work=call_off,
    argument_spec={
        "state": {"type": "str", "choices": ["cancelled"], "required": True},
        "action_ids": WORDS,
        "machines": WORDS,
        "type": WORDS,
        "comment": {"type": "str", "required": True},
        "force": {"type": "bool", "default": False},
        "refused": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "max_failures": {"type": "int", "default": 0},
    },
    rules={
        "mutually_exclusive": [("action_ids", "machines"), ("action_ids", "type")],
        "required_one_of": [("action_ids", "machines")],
        "required_together": [("machines", "type")],
    },
    operations=(machine_actions.LIST, machine_actions.CANCEL),
    operations_for={"machines": (machines.LIST, machines.FIND_BY_IP)},
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
