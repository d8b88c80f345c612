#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let only programs signed by Microsoft run on machines, or all again."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_app_restriction
short_description: Let only programs signed by Microsoft run on machines, or all again
version_added: 0.1.0
description:
  - Restricts machines to programs that Microsoft has signed, or lifts that, one or hundreds in one task. The machines stay on the network.
  - The service has no field that says whether a machine is restricted. The module reads it from the record of the machine's actions, and says
    how it knows and how old the proof is. Unlike isolation, a restriction does not lift itself, so the whole record is read.
  - A machine that is so already is left alone. One that is on its way there is joined rather than asked again.
  - Before anything is sent, the guard looks at all machines and refuses for all reasons at once.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  state:
    description:
      - V(restricted) lets only programs run that are signed with a certificate of Microsoft.
      - V(unrestricted) lets all programs run again.
    type: str
    choices: [restricted, unrestricted]
    required: true
  refuse_servers:
    description:
      - Whether machines with Windows Server are refused. What they serve is rarely signed by Microsoft, and would stop.
      - Of no effect with O(state=unrestricted).
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
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_app_restriction
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run; nothing is sent.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task.
  - The service restricts Windows 10 from 1709 on, Windows 11 and Windows Server from 2019 on, with Defender Antivirus. Others are refused
    before anything is sent.
  - Above 80 machines the record of the whole tenant is read, 10,000 actions a call.
seealso:
  - module: secops.defender.machine_isolation
  - module: secops.defender.machine_action_info
  - name: Restrict app execution
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/restrict-code-execution
"""

EXAMPLES = r"""
- name: Keep the tools of the attacker from running while the machine is looked at
  secops.defender.machine_app_restriction:
    state: restricted
    machines: [ws-anna.contoso.com]
    comment: Incident 1126093, remote access tool in use

- name: Restrict the web server as well, which is known to run Microsoft's programs only
  secops.defender.machine_app_restriction:
    state: restricted
    machines: [iis-03.contoso.com]
    comment: Incident 1126093
    refuse_servers: false

- name: Let all programs run again
  secops.defender.machine_app_restriction:
    state: unrestricted
    machines:
      - ws-anna.contoso.com
      - iis-03.contoso.com
    comment: Incident 1126093, full scan clean, approved by the owner
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'restricted: of 2 machine(s) 1 done, 1 so already'
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
    before:
      description: The state before, how it is known and since when.
      type: dict
      contains:
        state:
          description: V(restricted), V(unrestricted) or V(unknown).
          type: str
        scope:
          description: Always empty; there is only one way to restrict a machine.
          type: str
        basis:
          description:
            - How the state is known. V(action), an action ended well; V(no_record), there is no such action on record; V(unreadable), the last action
              has a status that is not documented; V(not_read), with O(action_ids).
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
          description: V(restricted), V(unrestricted) or V(unknown).
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

from ..module_utils._module.machine_act import machine_state
from ..module_utils._module.machine_options import comment_of
from ..module_utils._module.run import run
from ..module_utils._response import fitness
from ..module_utils._response.order import Order
from ..module_utils._response.pipeline import nothing_against
from ..module_utils._response.targets import Refusal
from ..module_utils._response.two_states import APP_RESTRICTION

OPTIONS = {"refuse_servers": {"type": "bool", "default": True}}


def order(params) -> Order:
    """The order for restriction, or for its end."""
    values = {"comment": comment_of(params)}
    if params["state"] == APP_RESTRICTION.off:
        return APP_RESTRICTION.order(APP_RESTRICTION.off, values=values)
    return APP_RESTRICTION.order(APP_RESTRICTION.on, values=values, unfit=fitness.RESTRICTION.unfit)


def no_servers(_client, machines):
    """A refusal for each server."""
    reason = "it runs Windows Server, and what it serves would stop unless Microsoft has signed it; set refuse_servers: false if that is meant"
    return [Refusal(machine.get("computerDnsName") or machine["id"], "server", reason, (machine,)) for machine in machines if fitness.is_server(machine)]


def vet(params):
    """What is asked before anything is sent."""
    return no_servers if params["refuse_servers"] and params["state"] == APP_RESTRICTION.on else nothing_against


SHAPE = machine_state(APP_RESTRICTION, options=OPTIONS, order=order, vet=vet)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
