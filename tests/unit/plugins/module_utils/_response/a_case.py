# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case to be recorded without a tenant: a client with a token at hand, an order, machines, and their outcomes."""

from __future__ import annotations

import time as real_time
import typing as t

from ansible_collections.secops.defender.plugins.module_utils._api import response_actions
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.settings import Settings
from ansible_collections.secops.defender.plugins.module_utils._response.act import Act
from ansible_collections.secops.defender.plugins.module_utils._response.history import History
from ansible_collections.secops.defender.plugins.module_utils._response.ledger import Ledger, open_ledger
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_chain import Chain
from ansible_collections.secops.defender.plugins.module_utils._response.ledger_file import read_ledger
from ansible_collections.secops.defender.plugins.module_utils._response.order import Order
from ansible_collections.secops.defender.plugins.module_utils._response.outcome import Outcome, of_action
from ansible_collections.secops.defender.plugins.module_utils._response.plan import SEND, Plan, Step
from ansible_collections.secops.defender.plugins.module_utils._response.two_states import ISOLATION
from unit.plugins.module_utils._client.identity import CLAIMS, encode

CASE = "INC-4711"


class Clock:
    """The time, so many seconds ahead."""

    monotonic = staticmethod(real_time.monotonic)
    sleep = staticmethod(real_time.sleep)

    def __init__(self, ahead: float = 0) -> None:
        self.ahead = ahead

    def time(self) -> float:
        return real_time.time() + self.ahead


def a_client(*, dry: bool = False, ahead: float = 0, **claims: t.Any) -> Client:
    """A client that holds a token and asks nobody."""
    return Client(Settings(access_token=encode({**CLAIMS, **claims})), dry=dry, clock=Clock(ahead))


def opened(folder: t.Any, *, case: str = CASE, **client: t.Any) -> t.Any:
    """What keeps the case in that folder."""
    return open_ledger({"case": case, "ledger": str(folder)}, a_client(**client))


def isolation(scope: str = "Full", comment: str = "Ransom note found") -> Order:
    return ISOLATION.order("isolated", values={"comment": comment, "isolation_type": scope}, scope=scope)


def scan(kind: str = "Quick", comment: str = "Look for more") -> Order:
    return Act("RunAntiVirusScan", response_actions.SCAN).order("scanned", values={"comment": comment, "scan_type": kind}, scope=kind)


def release() -> Order:
    return ISOLATION.order("released", values={"comment": "Clean again"})


def a_step(number: int) -> Step:
    machine = {"id": f"{number:040x}", "computerDnsName": f"ws-{number}.contoso.com"}
    return Step(machine, SEND, "it is released", History("released", "no_record"))


def accepted(order: Order, step: Step, action_id: str, status: str = "Succeeded", *, sent: bool = True) -> Outcome:
    """What the service answers, or has come to know of the action since."""
    return of_action(step, {"id": action_id, "status": status, "requestorComment": order.comment}, sent=sent)


def begin(ledger: Ledger, order: Order, steps: t.Sequence[Step]) -> Order:
    """Mark and plan, as the pipeline does; the order as it is sent."""
    marked = order.with_comment(ledger.marked(order.comment))
    ledger.planned(marked, Plan(list(steps), []))
    return marked


def whole_run(folder: t.Any, order: Order, count: int = 3, status: str = "Succeeded", **client: t.Any) -> Ledger:
    """A run that asks for the action on ``count`` machines and comes to its end."""
    ledger = opened(folder, **client)
    steps = [a_step(number) for number in range(count)]
    marked = begin(ledger, order, steps)
    outcomes = []
    for step in steps:
        ledger.sending(marked, step)
        outcome = accepted(marked, step, f"{ledger.run}-{step.machine_id[-2:]}", status)
        ledger.answered(marked, outcome)
        outcomes.append(outcome)
    ledger.ended(marked, outcomes)
    return ledger


def chain_of(ledger: Ledger) -> Chain:
    return read_ledger(ledger.describe()["path"])
