#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stop a file on machines and put it into quarantine."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_file_quarantine
short_description: Stop a file on machines and put it into quarantine
version_added: 0.1.0
description:
  - Stops the processes of a file and moves it into quarantine, on one machine or on hundreds in one task.
  - An action for the same file that is under way is joined rather than asked for again. A machine that is at another file is refused
    until that has ended.
  - Whoever asks again has the machine look again, so a second run of the same task asks once more.
  - There is no call that gives a file back. That is done on the machine, with C(MpCmdRun.exe -Restore), or in the portal.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  sha1:
    description:
      - The SHA-1 of the file, 40 hexadecimal digits. The service takes no other hash; alerts and the page of the file show the SHA-1 beside the SHA-256.
      - Needed unless O(action_ids) is given.
    type: str
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
  - secops.defender._permissions.machine_file_quarantine
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run; nothing is sent.
  diff_mode:
    support: full
notes:
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task.
  - Files that Microsoft or another trusted publisher has signed are not taken; an action for one ends as V(Failed), as far as is known.
  - No page says what becomes of the action when the file is not on the machine, so V(succeeded) is no proof that it was.
  - The service knows this action for Windows 10 from 1703 on and Windows 11, with Defender Antivirus at least passive. Other systems than Windows are refused
    before anything is sent; of servers the page says nothing, and they are asked.
  - To keep a file from running anywhere in the tenant, block its hash as an indicator instead, which is one call for all machines.
seealso:
  - module: secops.defender.alert_info
  - module: secops.defender.machine_action_info
  - name: Stop and quarantine file
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/stop-and-quarantine-file
"""

EXAMPLES = r"""
- name: Take the dropper of incident 1126093 from the machines where it was seen
  secops.defender.machine_file_quarantine:
    sha1: 87662bc3d60e4200ceaf7aae249d1c343f4b83c9
    machines:
      - ws-anna.contoso.com
      - files-02.contoso.com
    comment: Incident 1126093, dropper winupd32.exe

- name: Take it from every machine of the first wave, as far as they are there
  secops.defender.machine_file_quarantine:
    sha1: "{{ dropper.sha1 }}"
    tag: ransomware-wave-1
    comment: Incident 1126093
    confirm: 34
    allow_pending: true
    max_failures: 5
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'quarantined: of 2 machine(s) 1 done, 1 still pending (ws-anna.contoso.com)'
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

import re

from ..module_utils._api import response_actions
from ..module_utils._client.errors import BadInput
from ..module_utils._module.machine_act import MachineAct
from ..module_utils._module.machine_options import comment_of
from ..module_utils._module.run import run
from ..module_utils._response import fitness
from ..module_utils._response.acts import QUARANTINE
from ..module_utils._response.order import Order

OPTIONS = {"sha1": {"type": "str"}}
DIGITS = re.compile(r"[0-9a-f]+")
OTHER_HASHES = {32: "an MD5", 64: "a SHA-256"}
WANTED = "Give the SHA-1 of the file, 40 hexadecimal digits; alert_info with evidence and the portal's page of the file show it"


def sha1_of(params) -> str:
    """The hash in small letters; empty for a wait that is taken up again.

    :raises BadInput: it is none, or of another kind
    """
    sha1 = (params["sha1"] or "").strip().lower()
    if not sha1 and params["action_ids"] is not None:
        return ""
    if not sha1:
        raise BadInput("sha1 is not given: no file is named.", hint=WANTED)
    if not DIGITS.fullmatch(sha1):
        raise BadInput(f"sha1: {params['sha1']!r} is not a hash.", hint=WANTED)
    if len(sha1) in OTHER_HASHES:
        raise BadInput(f"sha1: {sha1} is {OTHER_HASHES[len(sha1)]}, and the service takes a SHA-1 only.", hint=WANTED)
    if len(sha1) != 40:
        raise BadInput(f"sha1: {sha1} has {len(sha1)} digits.", hint=WANTED)
    return sha1


def order(params) -> Order:
    """The order for one file."""
    return QUARANTINE.order(
        "quarantined",
        values={"comment": comment_of(params), "sha1": sha1_of(params)},
        cuts_off=True,
        unfit=fitness.QUARANTINE.unfit,
    )


SHAPE = MachineAct(asks=(response_actions.QUARANTINE,), order=order, options=OPTIONS)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
