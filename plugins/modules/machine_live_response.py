#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put files on machines, run scripts there, and fetch files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: machine_live_response
short_description: Put files on machines, run scripts there, and fetch files
version_added: 0.1.0
description:
  - Opens a live response session on machines, one or hundreds in one task, that puts files of the library there, runs scripts of the library, and fetches
    files. Waits until the sessions have ended, and fetches their results at once.
  - Commands and, with O(check_library), the names of their files are checked before anything is sent.
  - A machine has one session at a time. One that has exactly the commands that are asked for is joined, any other is refused as a conflict. A session that
    was begun in the portal is on no record; the service refuses a second one.
  - Whoever asks again gets another session, so a second run of the same task does everything once more.
author:
  - secops.defender maintainers (!UNKNOWN)
options:
  commands:
    description:
      - What to do, in this order. All O(commands[].put_file) come first, then all O(commands[].run_script), then all O(commands[].get_file). The first
        command that fails stops those after it.
      - Needed unless O(action_ids) is given.
    type: list
    elements: dict
    suboptions:
      put_file:
        description: The name of a file in the library that is put on the machine.
        type: str
      run_script:
        description:
          - The name of a script in the library that is run on the machine. It is stopped after 10 minutes.
          - A script of PowerShell that is not signed needs a switch of its own in the tenant, C(Live Response unsigned script execution).
        type: str
      args:
        description:
          - What O(commands[].run_script) is called with, in one text.
          - The service shows it to everyone who may see the action, so it is no place for a secret.
        type: str
      get_file:
        description: The whole path of a file on the machine that is fetched into O(dest).
        type: str
  check_library:
    description:
      - Whether the names of files and scripts are looked up in the library before anything is sent, in one call.
      - The service has no permission that only reads the library. Switch this off when the app shall not be able to change it; then
        the service refuses a wrong name for each machine.
    type: bool
    default: true
  max_sessions:
    description:
      - How many sessions of this task are open at once. Above that, the next machine is asked when one has ended.
      - The service allows 50 in a tenant by one of its pages and 25 by another, those of the portal among them.
      - With O(wait=false) nobody sees when one has ended, so more machines than this are refused.
    type: int
    default: 25
  max_output:
    description:
      - How many characters of the output of a script stand in the result, and as many of its errors. All of it is in the file in O(dest).
    type: int
    default: 4000
  wait_timeout:
    description:
      - How many seconds to wait at most for the sessions after the last machine was asked. The service runs each script for 10 minutes at
        most, and keeps trying a machine that is not there for two hours.
      - Where O(max_sessions) holds machines back, it is also how long the task waits for any session to end.
    type: int
    default: 1800
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
  - secops.defender._permissions.machine_live_response
attributes:
  check_mode:
    support: full
    details:
      - All reads and refusals happen as in a real run, the library and O(dest) included; nothing is sent, fetched or made.
  diff_mode:
    support: full
notes:
  - Without O(dest) the results of scripts are read and not kept. It is needed to fetch files.
  - A file that was fetched may be malware; it is kept as it is, without the right to be run.
  - An action that ends as V(Failed), V(TimeOut) or V(Cancelled), or with a status that is not documented, fails the task, and so does a script whose exit
    code is not 0. What the session had done by then is reported and fetched all the same.
  - Live response must be switched on in the tenant, for servers as well where it is about servers.
  - The service takes 10 sessions a minute, so 100 machines take at least 10 minutes.
seealso:
  - module: secops.defender.library_file
  - module: secops.defender.machine_evidence
  - name: Run live response commands on a device
    description: The page of the service.
    link: https://learn.microsoft.com/defender-endpoint/api/run-live-response
"""

EXAMPLES = r"""
- name: Look for the dropper of incident 1126093 and bring it home
  secops.defender.machine_live_response:
    machines: [ws-anna.contoso.com]
    comment: Incident 1126093
    case: "1126093"
    commands:
      - run_script: triage.ps1
        args: winupd32.exe
      - get_file: C:\Windows\Temp\winupd32.exe
    dest: /srv/evidence/1126093
  register: session

- name: Read what the script said
  ansible.builtin.debug:
    msg: "{{ session.machines[0].commands[0].output }}"

- name: Bring the cleaner to all machines of the first wave and run it there
  secops.defender.machine_live_response:
    tag: ransomware-wave-1
    comment: Incident 1126093, clean up
    confirm: 34
    commands:
      - put_file: cleaner.exe
      - run_script: clean.ps1
        args: -Quiet
    max_sessions: 20
    wait_timeout: 7200
    max_failures: 3

- name: Take up the wait for the machines that were not there
  secops.defender.machine_live_response:
    action_ids: "{{ session.action_ids }}"
    dest: /srv/evidence/1126093
    wait_timeout: 7200
  when: session.action_ids | length > 0
"""

RETURN = r"""
msg:
  description: What happened, in one sentence.
  returned: always
  type: str
  sample: 'commanded: of 2 machine(s) 1 done, 1 still pending (ws-anna.contoso.com)'
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
        - A session of which a script ended with another exit code than 0 has V(failed), and one whose results could not be fetched is V(pending).
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
    commands:
      description: What became of each command, in order; empty when the task did not wait.
      type: list
      elements: dict
      contains:
        index:
          description: Its place in the list, from 0.
          type: int
        command:
          description: V(put_file), V(run_script) or V(get_file).
          type: str
        subject:
          description: The file or script of the library, or the path on the machine.
          type: str
        status:
          description: V(completed), V(failed), V(not_run) after one that failed, V(waiting), or the service's word when it is another one.
          type: str
        started:
          description: When it began, as the service tells.
          type: str
        ended:
          description: When it ended, as the service tells.
          type: str
        errors:
          description: What the service says went wrong.
          type: list
          elements: str
        file:
          description: The file that was fetched, or the result of the script as the service made it.
          type: dict
          contains:
            path:
              description: Where it lies; empty for the result of a script when O(dest) is not given.
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
        exit_code:
          description: The exit code of the script.
          type: int
        output:
          description:
            - The beginning of what the script wrote, up to O(max_output) characters.
            - NUL characters are dropped, others that steer a terminal are spelt out.
          type: str
        script_errors:
          description: The beginning of what the script wrote as errors, in the same way.
          type: str
        truncated:
          description: Whether RV(machines[].commands[].output) or RV(machines[].commands[].script_errors) is only the beginning.
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
  description: The actions that have not ended, or whose results were not fetched, to be handed to O(action_ids) of a later run.
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

from ..module_utils._api import library, machine_actions, response_actions
from ..module_utils._client.errors import BadInput
from ..module_utils._module.machine_act import MachineAct
from ..module_utils._module.machine_options import FILES, comment_of, folder_of
from ..module_utils._module.run import run
from ..module_utils._response import fitness
from ..module_utils._response.order import Order
from ..module_utils._response.pipeline import as_they_are, nothing_against
from ..module_utils._response.session import GET, KINDS, SESSION, check_library, commands_of
from ..module_utils._response.session_results import COMMANDED, NO_COMMANDS, Results

COMMAND = {**{kind.option: {"type": "str"} for kind in KINDS}, "args": {"type": "str"}}
OPTIONS = {
    "commands": {"type": "list", "elements": "dict", "options": COMMAND},
    "check_library": {"type": "bool", "default": True},
    "max_sessions": {"type": "int", "default": 25},
    "max_output": {"type": "int", "default": 4000},
    **FILES,
}


def order(params) -> Order:
    """The order for a session; a wait that is taken up needs no commands."""
    for option, least in (("max_sessions", 1), ("max_output", 0)):
        if params[option] < least:
            raise BadInput(f"{option}: {params[option]} is too few.", hint=f"Give a whole number from {least}")
    commands = commands_of(params["commands"]) if params["action_ids"] is None else []
    return SESSION.order(
        COMMANDED,
        values={"comment": comment_of(params), "commands": commands},
        cuts_off=True,  # a script may do anything
        unfit=fitness.LIVE_RESPONSE.unfit,
        shows=lambda _machine: NO_COMMANDS,
    )


def vet(params):
    """The look into the library, when there is a machine to be asked."""
    if not params["check_library"]:
        return nothing_against

    def check(client, machines):
        if machines:
            check_library(client, commands_of(params["commands"]))
        return []

    return check


def then(params):
    """Fetching the results, when somebody waits for them."""
    if not params["wait"]:
        return as_they_are
    folder = folder_of(params)
    if folder is None and any(command[GET.option] is not None for command in params["commands"] or ()):
        raise BadInput("dest is missing: get_file needs a folder.", hint="Name one in dest")
    return Results(folder, params["max_file_size"], params["max_output"]).fetch


SHAPE = MachineAct(
    asks=(response_actions.RUN_LIVE_RESPONSE,),
    asks_also=(machine_actions.GET_LIVE_RESPONSE_RESULT,),
    order=order,
    options=OPTIONS,
    defaults={"wait_timeout": 1800},
    vet=vet,
    vet_asks={"check_library": (library.LIST,)},
    then=then,
    at_once=lambda params: params["max_sessions"],
)


def main() -> None:
    """Run as a module."""
    run(SHAPE)


if __name__ == "__main__":
    main()
