# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An incident on a simulated tenant, answered by the playbooks that answer a real one, and told in words."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import typing as t

import rehearsal
from rehearsal import ROOT
from simulator.handle import Handle, SimulatorFailed

HOME = ROOT / ".cache" / "demo"
INCIDENT = 1126093
CASE = {"case": str(INCIDENT)}
FIRST = "fin-07.contoso.com, files-02.contoso.com"
SUSPECTED = "dc-01.contoso.com, laptop-19.contoso.com, sales-05.contoso.com"
CUT_OFF_BEFORE = {"sales-05.contoso.com"}
"""By a colleague, yesterday, for another incident."""
CUT_OFF = {"fin-07.contoso.com", "hr-03.contoso.com", "files-02.contoso.com"} | CUT_OFF_BEFORE

ACTION_SECONDS = 4
"""How long an isolation takes here; on a real machine it takes minutes."""

WAIT = {
    "contain_wait_timeout": 8, "contain_poll_interval": 1, "release_wait_timeout": 20, "release_poll_interval": 1,
    "collect_evidence_wait_timeout": 20, "collect_evidence_poll_interval": 1,
}

OPENING = f"""
Incident {INCIDENT} is under way at Contoso: a mail was opened, passwords were taken, files are being encrypted.
The tenant is simulated; everything else is real: ansible-playbook, MSAL, TLS, and an encrypted vars file with the secret.
Before anything is touched, {FIRST} are asked for evidence.
"""

RESPOND = f"""
Now the machines of the incident are cut off. The responder also suspects {SUSPECTED}.
"""

RELEASE = f"""Hours later. The machines have been cleaned, and their owners want them back. The ledger of case {INCIDENT} knows which ones were cut off by it;
{', '.join(CUT_OFF_BEFORE)} is not one of them.
"""

CLOSE = """Before the case is closed, its list is gone through. laptop-19 is still offline, so somebody has to take that on.
"""

CLOSING = """
That was it. The same playbooks run on your tenant once playbooks/vars/defender.yml holds your credentials; see README.md.
What was written is in {home}; the secrets in it open nothing but that tenant, which is gone.
"""


class Unexpected(Exception):
    """The demo did not go as it should."""


def main() -> int:
    """Tell the story; 0 when it went as it should, 1 when not, 130 when it was interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        clear_away()
        with Handle.start(HOME / "tenant", "--world", "under_attack", "--action-seconds", str(ACTION_SECONDS)) as tenant:
            story(tenant)
    except KeyboardInterrupt:
        print("\nStopped. The simulated tenant is gone.", file=sys.stderr)
        return 130
    except (SimulatorFailed, rehearsal.NotEncrypted, Unexpected) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def clear_away() -> None:
    """Make a fresh place, and end the tenant of a run that was killed before it could."""
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, ProcessLookupError):
        left_over = json.loads((HOME / "tenant" / "ready.json").read_text(encoding="utf-8"))["pid"]
        if str(HOME) in _command_line(left_over):
            os.kill(left_over, signal.SIGTERM)
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(mode=0o700, parents=True)


def _command_line(pid: int) -> str:
    """What runs under that number now, for numbers are used again."""
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], text=True, capture_output=True, check=False).stdout


def story(tenant: Handle) -> None:
    """Secure evidence, respond, undo what the case did and close it; look each time at what the tenant itself knows."""
    say(OPENING)
    rehearsal.lock_away({**rehearsal.connection(tenant, HOME, "commander"), "defender_retry_time": 20}, HOME)
    reason, evidence = f"Incident {INCIDENT}", str(HOME / "evidence")
    play("collect_evidence.yml", of("collect_evidence", {"machines": FIRST, "comment": reason, "dest": evidence, **CASE}))
    say(RESPOND)
    play("respond_to_incident.yml", of("respond", {"incident_id": INCIDENT, "machines_also": SUSPECTED}))
    compare(tenant, CUT_OFF)
    say(RELEASE)
    play("release_machine.yml", of("release", {"approved_by": "their owners, ticket 4711", "refused": "skip", **CASE}))
    compare(tenant, CUT_OFF_BEFORE)
    say(CLOSE)
    play("close_case.yml", of("close", {"accepted_by": "the head of IT until Friday, ticket 4712", **CASE}))
    say(CLOSING.format(home=HOME.relative_to(ROOT)))


def of(role: str, variables: dict[str, t.Any]) -> dict[str, t.Any]:
    """The variables under the names that the role takes them by."""
    return {f"{role}_{name}": value for name, value in variables.items()}


def play(playbook: str, variables: dict[str, t.Any]) -> None:
    """Run one playbook and show what it says.

    :raises Unexpected: it failed
    """
    say(f"$ ansible-playbook playbooks/{playbook} {shlex.join(['-e', json.dumps(variables)])}\n")
    told = {"ANSIBLE_STDOUT_CALLBACK": "in_words", "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "told")}
    command = rehearsal.command(playbook, {**variables, **WAIT}, HOME)
    status = subprocess.run(command, cwd=ROOT, env={**rehearsal.environment(HOME), **told}, check=False).returncode
    if status:
        raise Unexpected(f"{playbook} ended with status {status}, which it should not have")


def compare(tenant: Handle, expected: set[str]) -> None:
    """Say which machines are really cut off, as the tenant knows and not as the playbook says.

    :raises Unexpected: they are others than the story needs
    """
    names = {action["machineId"]: action["computerDnsName"] for action in tenant.actions()}
    isolated = {name for machine_id, name in names.items() if tenant.machine(machine_id)["isolated"]}
    say(f"\nAsked past the API, the tenant says that these are cut off now: {', '.join(sorted(isolated))}.\n")
    if isolated != expected:
        raise Unexpected(f"These should be: {', '.join(sorted(expected))}.")


def say(text: str) -> None:
    """Print at once, for the playbook writes to the same terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
