#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say how valuable machines are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_value
short_description: Say how valuable machines are
version_added: 0.1.0
description:
  - Sets the value of one machine, or of many. The service weighs the exposure of the estate by it.
  - The guard of M(secops.defender.machine_isolation) and its like protects machines of high value, so this is also how one tells all
    later tasks which machines must not be cut off.
  - Machines that have the value are left alone; what the service answers is compared with what was wanted.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  value:
    description:
      - What the machines are worth.
    type: str
    choices: [Normal, Low, High]
    required: true
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._machines
  - secops.defender._guard.count
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_value
notes:
  - The service takes one machine a call, 100 a minute.
seealso:
  - module: secops.defender.machine_info
  - module: secops.defender.machine_tags
  - name: Set device value
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/set-device-value
"""

EXAMPLES = r"""
- name: Keep the domain controllers from being cut off by mistake
  secops.defender.machine_value:
    tag: domain-controller
    value: High

- name: Lower the value of the kiosks, and see first which they are
  secops.defender.machine_value:
    filter: startswith(computerDnsName,'kiosk-')
    value: Low
  check_mode: true
  diff: true
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'value: of 2 machine(s) 1 changed, 1 so already'
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
        value:
          description: The value, which the service may not have set.
          type: str
    after:
      description: What is there now, as the service shows it; in check mode what would be there.
      type: dict
      contains:
        value:
          description: The value.
          type: str
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
  sample: {total: 2, succeeded: 1, unchanged: 1, planned: 0, failed: 0, unknown: 0, not_sent: 0, refused: 0}
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
from ..module_utils._module.ensure_machines import EnsureMachines
from ..module_utils._module.run import run
from ..module_utils._response.records import Call, Trait


def trait(params):
    """The wanted value."""
    return Trait(
        noun="value",
        of=lambda machine: machine.get("deviceValue"),
        wanted=lambda now: params["value"],
        waves=lambda drift, attempt: [[value_of(machine_id, params["value"]) for machine_id in drift]],
    )


def value_of(machine_id, value):
    """The call that gives one machine its value."""
    return Call(machines.SET_VALUE, {"machine_id": machine_id, "value": value}, (machine_id,))


SHAPE = EnsureMachines(
    options={"value": {"type": "str", "required": True, "choices": list(machines.VALUES)}},
    trait=trait,
    writes=(machines.SET_VALUE,),
)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
