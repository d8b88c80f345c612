#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take machines off the service for good."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_offboard
short_description: Take machines off the service for good
version_added: 0.1.0
description:
  - Offboards machines, so that the service watches them no longer. B(This cannot be taken back from here). There is no call to onboard a machine;
    that is done on the machine itself, with an onboarding package.
  - Every rail is therefore up. O(confirm) is needed whatever the number is; O(max_machines) is one and holds even then. Machines that are isolated, that have
    open alerts or are of high value are refused, and so are operating systems that the service's page does not name.
  - A machine that is not onboarded is left alone, and so is one that was offboarded and has not reported since. An offboarding that is under way is joined.
  - On Windows the call stops the sensor and leaves the onboarding data in the registry.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  state:
    description:
      - V(gone) is the only one. It has to be said, so that nobody offboards a machine by a module's default.
    type: str
    choices: [gone]
    required: true
  inactive_days:
    description:
      - Refuse machines that were seen within so many days. C(lastSeen), by which it is told, is the last full report, which a machine sends about once a day.
      - Needed when O(machines) has DNS names or addresses in it, which may be another machine's by now. Without it, name the machines by their ids.
      - Mind that a machine that is not there cannot be told to leave. The action waits for it for some days and ends as V(TimeOut).
    type: int
  refuse_open_alerts:
    description:
      - Whether machines are refused that have alerts which are new or in progress.
    type: bool
    default: true
  max_machines:
    description:
      - The task refuses to act when more machines than this are found, whatever O(confirm) says.
    type: int
    default: 1
  confirm:
    description:
      - How many machines are meant. Must be given, and must equal the number that is found, or nothing is sent.
    type: int
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
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_offboard
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run; nothing is sent.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task.
  - The service offboards Windows, Linux, and macOS from 14 on.
  - The record of the machine stays in the portal until its retention ends. Which onboarding status it shows from then on is not documented.
  - Let two people decide, for example one who sets O(max_machines) in the job template, and one who gives O(confirm) at launch.
  - Select by proof such as a decommission ticket or a duplicate record, never by name alone.
seealso:
  - module: secops.defender.machine_info
  - module: secops.defender.machine_isolation
  - module: secops.defender.machine_tags
  - name: Offboard machine
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/offboard-machine-api
"""

EXAMPLES = r"""
- name: See what speaks against taking the old file server off
  secops.defender.machine_offboard:
    state: gone
    machines: [1e5bc9d7e413ddd7902c2932e418702b84d0cc07]
    comment: Decommissioned by change 88412
    confirm: 1
  check_mode: true

- name: Take it off
  secops.defender.machine_offboard:
    state: gone
    machines: [1e5bc9d7e413ddd7902c2932e418702b84d0cc07]
    comment: Decommissioned by change 88412
    confirm: 1

- name: Take the kiosks off that were handed back, in batches of ten
  secops.defender.machine_offboard:
    state: gone
    filter: machineTags/any(tag:tag eq 'handed-back') and onboardingStatus eq 'Onboarded'
    comment: Handed back, change 88500
    max_machines: 10
    confirm: "{{ batch | length }}"
    wait: false
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'gone: of 1 machine(s) 1 done'
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
      description: Whether this task asked for the action, or would.
      type: bool
    joined:
      description: Whether the action was asked for by someone else, or by an earlier job.
      type: bool
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
  sample: {total: 2, succeeded: 1, unchanged: 0, planned: 0, pending: 1, failed: 0, timed_out: 0, cancelled: 0, unknown: 0, not_sent: 0, refused: 0}
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

from ..module_utils._api import alerts, response_actions
from ..module_utils._client.errors import BadInput
from ..module_utils._module.machine_act import MachineAct
from ..module_utils._module.machine_options import comment_of
from ..module_utils._module.run import run
from ..module_utils._response import fitness
from ..module_utils._response.acts import OFFBOARD
from ..module_utils._response.leaving import Leaving
from ..module_utils._response.order import Order
from ..module_utils._response.targets import is_machine_id

GONE = "gone"
OPTIONS = {
    "state": {"type": "str", "required": True, "choices": [GONE]},
    "inactive_days": {"type": "int"},
    "refuse_open_alerts": {"type": "bool", "default": True},
}


def check_proof(params) -> None:
    """Hold back who selects by name alone.

    :raises BadInput: names or addresses are all that is given
    """
    days = params["inactive_days"]
    if days is not None and days < 1:
        raise BadInput(f"inactive_days: {days} is not a number of days.", hint="Give a whole number from 1, or leave it out")
    named = [word for word in params["machines"] or () if not is_machine_id(word.strip())]
    if named and days is None:
        raise BadInput(
            f"machines: {named[0]!r} is no machine id, and a name or an address may be another machine's by now.",
            hint="Name the machines by their ids, which machine_info shows, or set inactive_days as a proof that they are out of use",
        )


def order(params) -> Order:
    """The order to leave."""
    check_proof(params)
    return OFFBOARD.order(GONE, values={"comment": comment_of(params)}, cuts_off=True, unfit=fitness.cannot_leave)


SHAPE = MachineAct(
    asks=(response_actions.OFFBOARD,),
    order=order,
    options=OPTIONS,
    defaults={"max_machines": 1},
    strict=True,
    vet=lambda params: Leaving(refuse_open_alerts=params["refuse_open_alerts"], inactive_days=params["inactive_days"]).vet,
    vet_asks={"refuse_open_alerts": (alerts.LIST,)},
)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
