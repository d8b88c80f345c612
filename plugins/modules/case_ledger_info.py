#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verify the ledger of a case, and read what was done, what is open and what is to be undone."""

from __future__ import annotations

DOCUMENTATION = r"""
module: case_ledger_info
short_description: Verify the ledger of a case, and read what was done, what is open and what is to be undone
version_added: 0.1.0
description:
  - Reads the ledger that other modules keep when their option C(case) is set. Asks no service, so there is nothing to sign in with.
  - Verifies the chain of hashes first, and fails when an entry was changed, taken out, put in or moved. A last line that was torn by a
    crash is told, and is no failure.
  - Tells for each machine what was asked, by whom, when and how it ended; which actions have no known end; which runs were cut short; and
    which machines this case has isolated, contained or restricted and not let back since.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  case:
    description:
      - The id of the incident or ticket, as it was given to the modules that acted.
    type: str
  ledger:
    description:
      - The folder of the ledgers, on the machine where the task runs.
      - Without it C(secops.defender/ledgers) in E(XDG_STATE_HOME) is taken, or in C(~/.local/state).
      - When the same case has a ledger for each of several tenants, O(tenant_id) tells which one is meant.
    type: path
  path:
    description:
      - The file of a ledger, such as a copy, in place of O(case).
    type: path
  head:
    description:
      - The hash of an entry that must be there, as an earlier task returned it in RV(ledger.head) or in C(ledger.head).
      - By itself a ledger cannot tell that its last entries were cut off, or that all of it was written anew. With a hash that was
        kept elsewhere, such as in the output of a job or in the ticket, it can.
    type: str
  entries:
    description:
      - Whether the result holds every entry, in RV(entries).
    type: bool
    default: false
  allow_broken:
    description:
      - Whether to go on when the ledger does not verify. RV(ledger.valid) is V(false) then, and entries that were changed are left out of
        everything else.
    type: bool
    default: false
extends_documentation_fragment:
  - secops.defender._connection
  - secops.defender._attributes
  - secops.defender._permissions.case_ledger_info
notes:
  - The options of the connection are taken so that C(module_defaults) may hold them. None is needed, and only O(tenant_id) is looked at.
seealso:
  - module: secops.defender.machine_isolation
  - module: secops.defender.machine_action_info
  - ref: ansible_collections.secops.defender.docsite.case_ledger
    description: What a ledger is, what it proves and what it does not.
"""

EXAMPLES = r"""
- name: Read what incident 1126093 has come to
  secops.defender.case_ledger_info:
    case: "1126093"
  register: told

- name: Release what this case has isolated, and nothing else
  secops.defender.machine_isolation:
    state: released
    machines: "{{ told.to_undo.isolated }}"
    comment: Incident 1126093, all clean
    case: "1126093"
    confirm: "{{ told.to_undo.isolated | length }}"
  when: told.to_undo.isolated | length > 0

- name: See how the actions of which the case knows no end have ended
  secops.defender.machine_action_info:
    id: "{{ told.action_ids }}"
  when: told.action_ids | length > 0

- name: Prove to the auditor that nothing was taken away since the job said so
  secops.defender.case_ledger_info:
    path: /evidence/1126093.ndjson
    head: 2e99758548972a8e8822ad47fa1017ff72f06f3ff6a016851f45c398732bc50c

- name: Look at what is left of a ledger that does not verify
  secops.defender.case_ledger_info:
    case: "1126093"
    entries: true
    allow_broken: true
"""

RETURN = r"""
ledger:
  description: The ledger itself, and whether it can be believed.
  returned: success, and failure because it does not verify
  type: dict
  contains:
    path:
      description: The file.
      type: str
    case:
      description: The case it is of.
      type: str
    tenant_id:
      description: The tenant it is of.
      type: str
    valid:
      description: Whether every entry stands as it was written, and where it was written.
      type: bool
    entries:
      description: How many entries there are.
      type: int
    head:
      description: The hash of the last entry. Keep it elsewhere, to give it to O(head) later.
      type: str
    first:
      description: When the first entry was written.
      type: str
    last:
      description: When the last entry was written.
      type: str
    faults:
      description: Where the chain does not hold, the first one first.
      type: list
      elements: dict
      contains:
        line:
          description: The line of the file, from 1.
          type: int
        seq:
          description: The number of the entry that is wrong or missing.
          type: int
        why:
          description: What is wrong with it.
          type: str
    torn:
      description: Lines that were never finished, because the writer died.
      type: list
      elements: dict
      contains:
        line:
          description: The line of the file, from 1.
          type: int
        bytes:
          description: How much of it there is.
          type: int
        vouched:
          description: Whether the next writer has recorded it; a torn line at the end of the file waits for that.
          type: bool
  sample:
    path: /home/responder/.local/state/secops.defender/ledgers/5a1f0e4c-0000-4000-8000-00000000d0d0_1126093.ndjson
    case: "1126093"
    tenant_id: 5a1f0e4c-0000-4000-8000-00000000d0d0
    valid: true
    entries: 6
    head: 2e99758548972a8e8822ad47fa1017ff72f06f3ff6a016851f45c398732bc50c
    first: "2026-11-25T03:00:00Z"
    last: "2026-11-25T03:04:10Z"
    faults: []
    torn: []
runs:
  description: Every task that worked on the case.
  returned: success, and failure because the ledger does not verify
  type: list
  elements: dict
  contains:
    run:
      description: Its id, which stands in the comment of its actions as well.
      type: str
    state:
      description: V(ended), V(running), or V(cut_short) when it died before its end.
      type: str
    started:
      description: When its plan was written.
      type: str
    ended:
      description: When it ended.
      type: str
    action:
      description: The type of action it asked for, in the service's word.
      type: str
    comment:
      description: The reason that was given, with the marker.
      type: str
    app_id:
      description: The client id of the app it signed in as.
      type: str
    user:
      description: The user of the system that ran it.
      type: str
    host:
      description: The host it ran on.
      type: str
    version:
      description: The version of the collection.
      type: str
    machines:
      description: How many machines were in its plan.
      type: int
cut_short:
  description: The runs that died before their end. Run the same task again, and it finds out what had arrived.
  returned: success, and failure because the ledger does not verify
  type: list
  elements: str
machines:
  description: Every machine of the case.
  returned: success, and failure because the ledger does not verify
  type: list
  elements: dict
  contains:
    id:
      description: The machine id.
      type: str
    name:
      description: Its name at the time. An attacker may have chosen it.
      type: str
    to_undo:
      description: In which lasting states this case has put it and not let it back from, V(isolated), V(contained) or V(restricted).
      type: list
      elements: str
    deeds:
      description: What each run did with it, in order.
      type: list
      elements: dict
      contains:
        run:
          description: The run.
          type: str
        action:
          description: The type of action, in the service's word.
          type: str
        comment:
          description: The reason that was given, with the marker.
          type: str
        asked:
          description: When the call was about to be made.
          type: str
        sent:
          description: Whether the run made the call, rather than find it done or under way.
          type: bool
        asked_in:
          description: The run of this case that had asked for the action, this one or an earlier one; empty when others had.
          type: str
        outcome:
          description: As machine_isolation and its like return it, or V(unanswered) when nothing is known but that the call was about to be made.
          type: str
        reason:
          description: Why, in a sentence.
          type: str
        action_id:
          description: The id of the action, where there is one.
          type: str
        known:
          description: When this was learnt.
          type: str
        open:
          description: Whether the call was made and its end is not known.
          type: bool
        settled_by:
          description: The later run that found out what had become of it, after this one was cut short.
          type: str
        before:
          description: The state of the machine before, and how it was known.
          type: dict
        files:
          description: The files that were fetched and kept, each with path, size, SHA-256 and time.
          type: list
          elements: dict
open_actions:
  description: What was sent and has no known end.
  returned: success, and failure because the ledger does not verify
  type: list
  elements: dict
  contains:
    id:
      description: The machine id.
      type: str
    name:
      description: The name of the machine.
      type: str
    run:
      description: The run that asked for it.
      type: str
    action:
      description: The type of action, in the service's word.
      type: str
    action_id:
      description: The id of the action; empty when the answer was never seen.
      type: str
    outcome:
      description: V(pending), V(unknown) or V(unanswered).
      type: str
    asked:
      description: When the call was about to be made.
      type: str
action_ids:
  description: The ids of the open actions, for O(secops.defender.machine_action_info#module:id) or O(secops.defender.machine_isolation#module:action_ids).
  returned: success, and failure because the ledger does not verify
  type: list
  elements: str
  sample: []
to_undo:
  description: The ids of machines that this case has put in a lasting state and not let back since. What others did is not in it.
  returned: success, and failure because the ledger does not verify
  type: dict
  contains:
    isolated:
      description: To be released.
      type: list
      elements: str
    contained:
      description: Machines that are not onboarded, to be released with O(secops.defender.machine_isolation#module:isolation_type=unmanaged).
      type: list
      elements: str
    restricted:
      description: To be unrestricted.
      type: list
      elements: str
  sample: {isolated: [1e5bc9d7e413ddd7902c2932e418702b84d0cc07], contained: [], restricted: []}
entries:
  description: Every entry that stands as it was written.
  returned: when O(entries=true)
  type: list
  elements: dict
error:
  description: What went wrong, for code.
  returned: failure
  type: dict
  contains:
    kind:
      description: The kind of failure, V(LedgerBroken) or V(BadInput).
      type: str
    code:
      description: Always empty; no service is asked.
      type: str
    status:
      description: Always empty.
      type: int
    request_id:
      description: Always empty.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from ..module_utils._module.case_report import OPTIONS, RULES, read_case
from ..module_utils._module.run import run
from ..module_utils._module.shape import Task

SHAPE = Task(work=read_case, argument_spec=OPTIONS, rules=RULES, offline=True)


def main():
    run(SHAPE)


if __name__ == "__main__":
    main()
