#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what was asked of machines, and how far each action is."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_action_info
short_description: Read what was asked of machines, and how far each action is
version_added: 0.1.0
description:
  - Reads response actions such as isolations and scans, by id or by filter, with all pages of the list.
  - Many ids are read in few calls, so this is also how one job collects what another one started.
  - Actions started in the portal are listed as well, with the exception of live response.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  id:
    description:
      - The ids of the actions to read, in any number.
      - Without it the record is searched.
    type: list
    elements: str
  machine:
    description:
      - Only actions on these machines, each named by its id, DNS name or current IP address.
      - An id costs no call; a name or address is looked up first, and must mean exactly one machine.
    type: list
    elements: str
  type:
    description:
      - Only actions of these types.
      - The service adds types now and then, so any word is taken, such as V(Isolate), V(Unisolate), V(RunAntiVirusScan),
        V(CollectInvestigationPackage), V(RestrictCodeExecution), V(StopAndQuarantineFile), V(LiveResponse) or V(Offboard).
    type: list
    elements: str
  status:
    description:
      - Only actions in these states.
    type: list
    elements: str
    choices: [Pending, InProgress, Succeeded, Failed, TimeOut, Cancelled]
  requestor:
    description:
      - Only actions that these users or apps asked for.
      - An app is recorded by its client id, a user by the principal name.
    type: list
    elements: str
  created_after:
    description:
      - Only actions asked for at this time or later, such as V(2026-11-25T03:00:00Z).
      - The record grows without end, so a search without this is slow in a busy tenant.
    type: str
  created_before:
    description:
      - Only actions asked for before this time.
    type: str
  filter:
    description:
      - A filter of your own, as the service spells it (OData). The other options narrow it further; O(machine) cannot stand beside it.
      - The service filters by C(id), C(status), C(machineId), C(type), C(requestor) and C(creationDateTimeUtc).
    type: str
  diagnose:
    description:
      - Whether to say of each action that has not ended whether it is stuck, and why. This reads the records of their machines and what else is under
        way on them.
    type: bool
    default: false
  stuck:
    description:
      - Only actions that have not ended and will not by themselves, or not before their machine is back. Implies O(diagnose).
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._reading
  - secops.defender._attributes
  - secops.defender._permissions.machine_action_info
seealso:
  - module: secops.defender.machine_action
  - module: secops.defender.machine_isolation
  - name: List machine actions
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/get-machineactions-collection
"""

EXAMPLES = r"""
- name: See which isolations of the last hours are still on their way to a machine
  secops.defender.machine_action_info:
    type: [Isolate]
    status: [Pending, InProgress]
    created_after: "2026-11-25T00:00:00Z"
  register: on_their_way

- name: Collect what an earlier job started, until all of it has ended
  secops.defender.machine_action_info:
    id: "{{ contained.action_ids }}"
  register: started
  until: started.machine_actions | rejectattr('finished') | length == 0
  retries: 30
  delay: 20

- name: Name the machines that could not be isolated
  ansible.builtin.debug:
    msg: "{{ started.machine_actions | rejectattr('succeeded') | map(attribute='computerDnsName') | join(', ') }}"

- name: Find what is stuck, and why
  secops.defender.machine_action_info:
    stuck: true
  register: waiting

- name: Say so
  ansible.builtin.debug:
    msg: "{{ item.type }} on {{ item.computerDnsName }}: {{ item.stuck_why }}"
  loop: "{{ waiting.machine_actions }}"
  loop_control:
    label: "{{ item.id }}"

- name: Show everything that was done to the mail server, whoever did it
  secops.defender.machine_action_info:
    machine: [mail01.corp.contoso.com]
    limit: 50
"""

RETURN = r"""
machine_actions:
  description:
    - The actions, in the words of the service, with facts of ours in each, which are spelt in small letters with underscores.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the action.
      type: str
    type:
      description: What was asked for.
      type: str
    status:
      description: How far it is, V(Pending), V(InProgress), V(Succeeded), V(Failed), V(TimeOut), V(Cancelled), or a word that is new.
      type: str
    scope:
      description: V(Full) or V(Selective) for an isolation, V(Quick) or V(Full) for a scan.
      type: str
    machineId:
      description: The machine it is for.
      type: str
    computerDnsName:
      description: The name of that machine. The service may fill it in late.
      type: str
    requestor:
      description: Who asked, the principal name of a user or the client id of an app.
      type: str
    requestorComment:
      description: The reason that was given.
      type: str
    creationDateTimeUtc:
      description: When it was asked for.
      type: str
    lastUpdateTimeUtc:
      description: When it last changed. The service may also spell it C(lastUpdateDateTimeUtc).
      type: str
    finished:
      description: Whether it has ended, well or badly. A state that we do not know counts as not ended.
      type: bool
    succeeded:
      description: Whether it has ended well.
      type: bool
    age_seconds:
      description: How many seconds ago it was asked for.
      type: int
    stuck:
      description: Whether it has not ended and is not about to. With O(diagnose) or O(stuck) only, as the next two.
      type: bool
    stuck_reason:
      description:
        - V(expired), the service has given up trying, which it does after three days, and after two hours for live response; V(duplicate), an
          earlier action of that type on the machine has not ended; V(offline), the machine cannot hear, or has not reported for a day;
          V(unknown_machine), there is no record of it; or null.
      type: str
    stuck_why:
      description: The same as a sentence for a person.
      type: str
  sample:
    - id: 5382f7ea-7557-4ab7-9782-d50480024a4e
      type: Isolate
      status: Succeeded
      scope: Selective
      machineId: 7b1f4967d9728e5aa3c06a9e617a22a4a5a17378
      computerDnsName: desktop-test
      requestor: analyst@contoso.com
      requestorComment: Isolate due to alert 1234
      creationDateTimeUtc: "2026-11-25T14:39:38.2262283Z"
      lastUpdateTimeUtc: "2026-11-25T14:40:44.6596267Z"
      finished: true
      succeeded: true
      age_seconds: 3600
count:
  description: How many there are.
  returned: success
  type: int
  sample: 1
complete:
  description: Whether these are all that fit. V(false) when O(limit) was reached, or with O(allow_incomplete=true) when the list broke off.
  returned: success
  type: bool
  sample: true
not_found:
  description: What was asked for by its id or name and is not there.
  returned: success, and failure for this reason
  type: list
  elements: str
  sample: []
error:
  description: What went wrong, for code.
  returned: failure
  type: dict
  contains:
    kind:
      description: The kind of failure, such as V(BadInput), V(NotFound), V(RoleMissing), V(Incomplete), V(Throttled) or V(Unreachable).
      type: str
    code:
      description: The service's own word, such as V(ResourceNotFound).
      type: str
    status:
      description: The HTTP status, where an answer came.
      type: int
    request_id:
      description: The service's id of the call, to quote to Microsoft's support.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

import datetime

from ..module_utils._api import machine_actions, machines
from ..module_utils._module import stuck
from ..module_utils._module.filters import BEFORE, SINCE, Filter
from ..module_utils._module.found import Found, rows_with
from ..module_utils._module.info import Info, Way
from ..module_utils._module.machine_words import machines_of_task
from ..module_utils._module.run import run
from ..module_utils._response.history import created


def of_machines(client, params):
    """All actions on the machines that are named."""
    client.require((machine_actions.LIST,))
    ids, not_found = machines_of_task(client, params)
    return Found(list(rows_with(client, machine_actions.LIST, "machineId", ids)), not_found)


def with_progress(action: dict, now: datetime.datetime) -> dict:
    """The action with what can be told from its status and times."""
    return {
        **action,
        "finished": action.get("status") in machine_actions.FINAL,
        "succeeded": action.get("status") == "Succeeded",
        "age_seconds": int((now - created(action)).total_seconds()),
    }


SHAPE = Info(
    noun="machine_actions",
    listing=machine_actions.LIST,
    filters=(
        Filter("type", "type"),
        Filter("status", "status", choices=(*machine_actions.RUNNING, *machine_actions.FINAL)),
        Filter("requestor", "requestor"),
        Filter("created_after", "creationDateTimeUtc", compare=SINCE),
        Filter("created_before", "creationDateTimeUtc", compare=BEFORE),
    ),
    ways={"machine": Way(of_machines, operations=(machines.LIST, machines.FIND_BY_IP))},
    options=stuck.OPTIONS,
    also=stuck.not_ended,
    sift=stuck.stuck,
    operations_of_steps=stuck.OPERATIONS,
    fold_id=str.lower,
    present=with_progress,
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
