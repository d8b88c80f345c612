#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut machines off the network, or let them back."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_isolation
short_description: Cut machines off the network, or let them back
version_added: 0.1.0
description:
  - Isolates machines, or releases them from isolation, one or hundreds in one task.
  - The service has no field that says whether a machine is isolated. The module reads it from the record of the machine's actions, and says
    how it knows and how old the proof is. Isolation that the service has lifted by itself after seven days counts as released.
  - A machine that is so already is left alone. One that is on its way there is joined rather than asked again.
  - Before anything is sent, the guard looks at all machines and refuses for all reasons at once.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  state:
    description:
      - V(isolated) cuts the machines off; they keep their connection to the Defender service only.
      - V(released) lets them back.
    type: str
    choices: [isolated, released]
    required: true
  isolation_type:
    description:
      - V(full) cuts off everything. V(selective) leaves Outlook, Teams and Skype for Business, so that the user can be talked to, and
        is needed where a full VPN tunnel would cut the machine off from the Defender service as well.
      - A machine that is isolated in the other way is isolated anew in this one.
      - V(unmanaged) contains machines that are not onboarded, which the service cannot reach. Those that are onboarded keep away from their
        address instead, within five minutes.
      - With O(state=released) the first two are one. V(unmanaged) is for machines that were contained.
    type: str
    choices: [full, selective, unmanaged]
    default: full
  refuse_shared_address:
    description:
      - Whether a machine is refused whose last address is also that of another machine that is active, which would be cut off with it.
      - Of effect only where O(isolation_type=unmanaged) and O(state=isolated).
    type: bool
    default: true
  comment:
    description:
      - Why, for the record that the service keeps of every action. Name the incident or the ticket.
      - Needed unless O(action_ids) is given.
    type: str
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._machines
  - secops.defender._guard
  - secops.defender._wait
  - secops.defender._case
  - secops.defender._attributes
  - secops.defender._permissions.machine_isolation
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run; nothing is sent.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task.
  - An isolated Hyper-V host takes its guests with it.
  - A contained gateway, proxy or DHCP, DNS or print server takes all with it that is reached through it; name them in O(protected_names). An address that is
    lent on takes the containment to the next machine.
  - At most 100 machines can be contained in one task, for the service advises no more at a time.
  - That a release ends containment, and that containment lifts itself, is told by no page of the service. The record of such machines is read
    without an end, and a release of them comes with a warning.
seealso:
  - module: secops.defender.machine_info
  - module: secops.defender.machine_action_info
"""

EXAMPLES = r"""
- name: Isolate the two machines of incident 1126093
  secops.defender.machine_isolation:
    state: isolated
    machines:
      - ws-anna.contoso.com
      - 1e5bc9d7e413ddd7902c2932e418702b84d0cc07
    comment: Incident 1126093, ransomware note found
    protected_names: ['dc*', 'dns*', 'hyperv*']

- name: See what would be done before anyone is cut off
  secops.defender.machine_isolation:
    state: isolated
    tag: ransomware-wave-1
    comment: Incident 1126093
    confirm: 34
  check_mode: true
  diff: true

- name: Ask for the isolation now and wait in a later job
  secops.defender.machine_isolation:
    state: isolated
    machines: "{{ involved_machines }}"
    comment: Incident 1126093
    wait: false
  register: asked

- name: Wait for it
  secops.defender.machine_isolation:
    state: isolated
    action_ids: "{{ asked.action_ids }}"
    wait_timeout: 3600
  when: asked.action_ids | length > 0

- name: Keep all others away from a camera that nobody manages
  secops.defender.machine_isolation:
    state: isolated
    isolation_type: unmanaged
    machines: [camera-17]
    comment: Incident 1126093, source of the scans
    protected_names: ['gw-*', 'print-*']

- name: Let the cleaned machine back
  secops.defender.machine_isolation:
    state: released
    machines: [ws-anna.contoso.com]
    comment: Incident 1126093, full scan clean, approved by the owner
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'isolated: of 2 machine(s) 1 done, 1 so already'
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
      description:
        - V(succeeded), V(unchanged), V(planned) (check mode), V(pending), V(failed), V(timed_out), V(cancelled), V(unknown), V(not_sent) or V(refused).
      type: str
    reason:
      description: Why, in words.
      type: str
    changed:
      description: Whether this task changed the machine, or is about to.
      type: bool
    joined:
      description: Whether the action was asked for by someone else, or by an earlier job.
      type: bool
    before:
      description: The state before, how it is known and since when.
      type: dict
      contains:
        state:
          description: V(isolated), V(released) or V(unknown).
          type: str
        scope:
          description: V(full) or V(selective) where it is isolated; empty where it was contained.
          type: str
        basis:
          description:
            - How the state is known. V(action), an action ended well; V(expired), it did, but the service has lifted isolation since; V(no_record), there is
              no such action in the last ten days; V(unreadable), the last action has a status that is not documented; V(not_read), with O(action_ids).
          type: str
        since:
          description: When the action ended on which the state rests.
          type: str
        age_seconds:
          description: How old that proof is.
          type: int
        action_id:
          description: The action on which the state rests.
          type: str
    after:
      description: The state after.
      type: dict
      contains:
        state:
          description: V(isolated), V(released) or V(unknown).
          type: str
    action_id:
      description: The action that was asked for or joined.
      type: str
    candidates:
      description: The machines that a refused word may mean, each with id, name, last_seen, last_ip and health.
      type: list
      elements: dict
    error:
      description: What went wrong, with the code, the HTTP status, the request id for support and a hint.
      type: dict
predicted_seconds:
  description: How long the asking takes at least, from what the service allows in a minute and an hour; foretold in check mode and to the approver.
  returned: always, but with O(action_ids) it is 0
  type: int
summary:
  description: How many machines there are in all and of each outcome.
  returned: when the guard let the task pass
  type: dict
  sample: {total: 2, succeeded: 1, unchanged: 1, planned: 0, pending: 0, failed: 0, timed_out: 0, cancelled: 0, unknown: 0, not_sent: 0, refused: 0}
action_ids:
  description: The actions that have not ended, to be handed to O(action_ids) of a later run.
  returned: when the guard let the task pass
  type: list
  elements: str
ledger:
  description: Where the ledger of the case lies, the id of this run in it, and the number and hash of its last entry, by which it can be proved later.
  returned: when O(case) is given and it is not check mode
  type: dict
plan:
  description: What would have been done with the machines that nothing speaks against.
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

from ..module_utils._module.machine_act import machine_state
from ..module_utils._module.machine_options import comment_of
from ..module_utils._module.run import run
from ..module_utils._response import containment
from ..module_utils._response.order import Order
from ..module_utils._response.pipeline import nothing_against
from ..module_utils._response.two_states import CONTAINMENT, ISOLATION

UNMANAGED = "unmanaged"
TYPES = {"full": "Full", "selective": "Selective", UNMANAGED: "UnManagedDevice"}
OPTIONS = {
    "isolation_type": {"type": "str", "choices": list(TYPES), "default": "full"},
    "refuse_shared_address": {"type": "bool", "default": True},
}


def order(params) -> Order:
    """The order for isolation, containment or release."""
    comment = comment_of(params)
    contains = params["isolation_type"] == UNMANAGED
    pair = CONTAINMENT if contains else ISOLATION
    if params["state"] == pair.off:
        return pair.order(pair.off, values={"comment": comment})
    scope = TYPES[params["isolation_type"]]
    return pair.order(pair.on, scope=scope, values={"comment": comment, "isolation_type": scope}, onboarded=not contains)


def vet(params):
    """What is asked before anything is sent."""
    if params["isolation_type"] != UNMANAGED:
        return nothing_against
    if params["state"] == CONTAINMENT.off:
        return containment.unproven_release
    return containment.on_own_addresses if params["refuse_shared_address"] else containment.few_enough


SHAPE = machine_state(ISOLATION, options=OPTIONS, order=order, vet=vet)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
