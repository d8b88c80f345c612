#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scan machines with Defender Antivirus."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_scan
short_description: Scan machines with Defender Antivirus
version_added: 0.1.0
description:
  - Asks for a quick or a full antivirus scan of machines, one or hundreds in one task, and waits until the scans have ended.
  - A scan that is under way is joined rather than asked for again. A full scan serves who wants a quick one, but not the other way round;
    a machine that is at a quick scan while a full one is wanted is refused until that has ended.
  - Whoever asks again gets another scan, so a second run of the same task scans once more.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  scan_type:
    description:
      - V(quick) looks where malware usually starts and takes minutes; V(full) looks at every file and may take hours.
      - A full scan is what the service offers in place of the automated investigations that could be started by hand until September 2026.
    type: str
    choices: [quick, full]
    default: quick
  spread_minutes:
    description:
      - Spread the calls evenly over so many minutes, so that guests of one host do not scan at once.
      - The task lasts that much longer. O(wait_timeout) begins when the last machine has been asked.
    type: int
    default: 0
  report_alerts:
    description:
      - Read what alerts have been raised on the machines since the scans were asked for, once the wait is over. That is how a scan says
        that it found something, for it ends as V(succeeded) whether it did or not.
      - One call for all machines, unless the tenant raises thousands of alerts meanwhile.
    type: bool
    default: false
  protected_values:
    description:
      - Machines of these values are refused. A scan takes nothing from a machine, so none is unless you say so.
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
  - secops.defender._attributes.writer
  - secops.defender._permissions.machine_scan
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run; nothing is sent.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task.
  - The scan uses half of a processor's time unless the policy of the machine says otherwise (C(ScanAvgCPULoadFactor)). Spread full scans of
    virtual machines with O(spread_minutes).
  - Where Defender Antivirus is passive, the scan works all the same. RV(machines[].defender_av_status) shows what the service knows of it.
  - An alert may come minutes after the scan that raised it, and one that something else raised meanwhile is listed as well.
  - The service has no call that updates signatures.
seealso:
  - module: secops.defender.machine_action_info
  - module: secops.defender.alert_info
  - name: Run antivirus scan
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/run-av-scan
"""

EXAMPLES = r"""
- name: Scan the two machines of incident 1126093 and see whether anything is left
  secops.defender.machine_scan:
    scan_type: full
    machines:
      - ws-anna.contoso.com
      - 1e5bc9d7e413ddd7902c2932e418702b84d0cc07
    comment: Incident 1126093, before release
    wait_timeout: 14400
    report_alerts: true
  register: scanned

- name: Stop when a scan found something
  ansible.builtin.assert:
    that: scanned.machines | map(attribute='new_alerts') | flatten | length == 0

- name: Scan all virtual desktops in the course of the night
  secops.defender.machine_scan:
    scan_type: full
    tag: vdi
    comment: Incident 1126093, sweep
    confirm: 120
    spread_minutes: 240
    wait: false
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'scanned: of 2 machine(s) 1 done, 1 still pending (ws-anna.contoso.com)'
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
    defender_av_status:
      description: The service's C(defenderAvStatus) of the machine; empty when it has none, and with O(action_ids).
      type: str
    new_alerts:
      description:
        - The alerts raised on the machine since its scan was asked for, each with id, title and severity.
        - Not a list but empty (V(null)) when they could not be read; then there is a warning.
      returned: with O(report_alerts) when the task waited
      type: list
      elements: dict
      contains:
        id:
          description: The id of the alert, for M(secops.defender.alert_info).
          type: str
        title:
          description: Its title, with nothing in it that steers a terminal.
          type: str
        severity:
          description: Its severity, such as V(Medium).
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

from ..module_utils._api import alerts, response_actions
from ..module_utils._client.errors import BadInput
from ..module_utils._module.machine_act import MachineAct
from ..module_utils._module.machine_options import comment_of
from ..module_utils._module.run import run
from ..module_utils._response import fitness
from ..module_utils._response.acts import SCAN
from ..module_utils._response.order import Order
from ..module_utils._response.pipeline import as_they_are
from ..module_utils._response.scan_finds import with_new_alerts

OPTIONS = {
    "scan_type": {"type": "str", "choices": ["quick", "full"], "default": "quick"},
    "spread_minutes": {"type": "int", "default": 0},
    "report_alerts": {"type": "bool", "default": False},
}


def antivirus(machine: dict) -> dict:
    """What the service knows of the machine's antivirus."""
    return {"defender_av_status": machine.get("defenderAvStatus")}


def order(params) -> Order:
    """The order for a scan."""
    if params["spread_minutes"] < 0:
        raise BadInput(f"spread_minutes: {params['spread_minutes']} is not a time.", hint="Give a whole number of minutes from 0")
    scope = params["scan_type"].capitalize()
    return SCAN.order(
        "scanned",
        values={"comment": comment_of(params), "scan_type": scope},
        scope=scope,
        cuts_off=True,  # takes nothing, but machines that are named as protected are left in peace
        unfit=fitness.SCAN.unfit,
        shows=antivirus,
        spread_seconds=params["spread_minutes"] * 60,
    )


SHAPE = MachineAct(
    asks=(response_actions.SCAN,),
    order=order,
    options=OPTIONS,
    defaults={"protected_values": []},
    then=lambda params: with_new_alerts if params["report_alerts"] else as_they_are,
    then_asks={"report_alerts": (alerts.LIST,)},
)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
