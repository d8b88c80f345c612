#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the investigation packages of machines."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_evidence
short_description: Collect the investigation packages of machines
version_added: 0.1.0
description:
  - Has machines, one or hundreds in one task, collect an investigation package, waits until it is there, and fetches it at once.
  - A package is a ZIP file with what runs, starts by itself, listens and is logged on at that moment. Collect it before anything else
    touches the machine, for every later step changes what it shows.
  - A collection that is under way is joined rather than asked for again. Whoever asks again gets another package.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  download:
    description:
      - Whether packages are fetched once they are there, for which O(dest) must be given. Without it they stay with the service, and a later
        run fetches them by O(action_ids).
      - Nothing is fetched without O(wait).
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait at most for the collections. The time that fetching takes comes on top.
    type: int
    default: 1800
  protected_values:
    description:
      - Machines of these values are refused. A collection takes nothing from a machine, so none is unless you say so.
    type: list
    elements: str
    default: []
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
  - secops.defender._files
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_evidence
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run, O(dest) included; nothing is sent, fetched or made.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task. A machine
    on battery or on a metered connection may refuse to collect.
  - The service gives two links to packages a minute and 120 an hour, so fetching 100 packages takes 50 minutes. With O(download=false) a task
    ends when they are collected, and a job of its own can fetch them.
  - C(changed) is about machines. A run that only fetches, with O(action_ids), changes none.
  - No page gives a password for the packages.
seealso:
  - module: secops.defender.machine_live_response
  - module: secops.defender.machine_action_info
  - name: Collect investigation package
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/collect-investigation-package
"""

EXAMPLES = r"""
- name: Secure what the two machines of incident 1126093 show, before they are cut off
  secops.defender.machine_evidence:
    machines:
      - ws-anna.contoso.com
      - 1e5bc9d7e413ddd7902c2932e418702b84d0cc07
    comment: Incident 1126093, before isolation
    case: "1126093"
    dest: /srv/evidence/1126093
  register: evidence

- name: Write down what was secured
  ansible.builtin.debug:
    msg: "{{ item.name }} {{ item.package.sha256 }} {{ item.package.path }}"
  loop: "{{ evidence.machines | selectattr('package') }}"
  loop_control:
    label: "{{ item.id }}"

- name: Have all machines of the first wave collect now
  secops.defender.machine_evidence:
    tag: ransomware-wave-1
    comment: Incident 1126093
    confirm: 34
    download: false
    wait: false
  register: asked

- name: Fetch the packages in a later job
  secops.defender.machine_evidence:
    action_ids: "{{ asked.action_ids }}"
    dest: /srv/evidence/1126093
    wait_timeout: 7200
  when: asked.action_ids | length > 0
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'collected: of 2 machine(s) 1 done, 1 still pending (ws-anna.contoso.com)'
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
        - V(succeeded), V(planned) (check mode), V(pending), V(failed), V(timed_out), V(cancelled), V(unknown), V(not_sent) or V(refused).
        - A package that is collected but could not be fetched leaves its machine V(pending), and RV(machines[].error) says why.
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
    package:
      description: The package that was fetched, by this run or an earlier one; empty where there is none.
      type: dict
      contains:
        path:
          description: Where it lies.
          type: str
        bytes:
          description: Its size.
          type: int
        sha256:
          description: Its SHA-256, taken while it came in.
          type: str
        fetched_at:
          description: When it was here, in UTC by the clock of this machine.
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
  description: How long the asking and the fetching take at least, from what the service allows in a minute and an hour; foretold in check mode.
  returned: always
  type: int
summary:
  description: How many machines there are in all and of each outcome.
  returned: when the guard let the task pass
  type: dict
  sample: {total: 2, succeeded: 1, unchanged: 0, planned: 0, pending: 1, failed: 0, timed_out: 0, cancelled: 0, unknown: 0, not_sent: 0, refused: 0}
action_ids:
  description: The actions that have not ended, or whose package was not fetched, to be handed to O(action_ids) of a later run.
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

from ..module_utils._api import machine_actions, response_actions
from ..module_utils._client.errors import BadInput
from ..module_utils._module.machine_act import MachineAct
from ..module_utils._module.machine_options import FILES, comment_of, folder_of
from ..module_utils._module.run import run
from ..module_utils._response.evidence import COLLECTED, NOT_FETCHED, PACKAGE, Packages
from ..module_utils._response.order import Order
from ..module_utils._response.pipeline import as_they_are

OPTIONS = {"download": {"type": "bool", "default": True}, **FILES}


def order(params) -> Order:
    """The order for a collection."""
    return PACKAGE.order(
        COLLECTED,
        values={"comment": comment_of(params)},
        cuts_off=True,  # takes nothing, but machines that are named as protected are left in peace
        shows=lambda _machine: NOT_FETCHED,
    )


def fetches(params):
    """The link to each package, when packages are wanted and somebody waits for them."""
    return (machine_actions.GET_PACKAGE_LINK,) if params["download"] and params["wait"] else ()


def then(params):
    """Fetching the packages."""
    if not fetches(params):
        return as_they_are
    folder = folder_of(params)
    if folder is None:
        raise BadInput("dest is missing: the packages need a folder.", hint="Name one in dest, or set download: false to fetch them later")
    return Packages(folder, params["max_file_size"]).fetch


SHAPE = MachineAct(
    asks=(response_actions.COLLECT_PACKAGE,),
    order=order,
    options=OPTIONS,
    defaults={"wait_timeout": 1800, "protected_values": []},
    then=then,
    fetches=fetches,
    then_asks={"download": (machine_actions.GET_PACKAGE_LINK,)},
)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
