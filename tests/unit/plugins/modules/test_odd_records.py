# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in a record of the service, a task ends with a result or with one of our errors."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer, BadInput, DefenderError
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from ansible_collections.secops.defender.plugins.module_utils._module import needs
from ansible_collections.secops.defender.plugins.module_utils._module.spec import CONNECTION
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulator.worlds.records import machine_id
from unit.plugins.modules.playing import connection, work

FIN_07 = machine_id("fin-07")
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
    st.sampled_from(("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "Onboarded", "Pending", "\ud800")),
)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2), max_leaves=4)
RAILS = {
    "protected_tags": ["tier-0"], "protected_groups": ["Servers"], "protected_values": ["High"], "protected_names": ["dc-*"], "refuse_inactive": True,
    "comment": "A drill", "machines": [FIN_07],
}
ISOLATE = {"state": "isolated", **RAILS}
SESSION = {"commands": [{"run_script": "triage.ps1"}], **RAILS}
SET = {"owner": "feed-lookalikes", "action": "Block", "title": "Feed", "values": ["198.51.100.23", "billing.example"]}
ONE = {"type": "IpAddress", "value": "198.51.100.23", "action": "Block", "title": "Feed", "description": "Drill"}
PENDING = {"status": "Pending", "machineId": FIN_07}

# The operation whose record is odd, what the record is made of, the module that reads it, and with what.
CASES: dict[str, tuple[str, dict[str, t.Any], str, dict[str, t.Any]]] = {
    "plan of a machine": ("machine.list", {}, "machine_isolation", ISOLATE),
    "plan of a contained machine": ("machine.list", {"onboardingStatus": "CanBeOnboarded"}, "machine_isolation", {**ISOLATE, "isolation_type": "unmanaged"}),
    "plan by history": ("machine_action.list", {**PENDING, "type": "Isolate"}, "machine_isolation", ISOLATE),
    "plan of a session": ("machine_action.list", {**PENDING, "type": "LiveResponse"}, "machine_live_response", SESSION),
    "plan of a quarantine": ("machine_action.list", {**PENDING, "type": "StopAndQuarantineFile"}, "machine_file_quarantine", {"sha1": "0" * 40, **RAILS}),
    "machines": ("machine.list", {}, "machine_info", {"group": ["Workstations"]}),
    "actions": ("machine_action.list", PENDING, "machine_action_info", {"diagnose": True}),
    "actions on odd machines": ("machine.list", {}, "machine_action_info", {"diagnose": True}),
    "alerts": ("alert.list", {}, "alert_info", {"evidence": True}),
    "alerts of a machine": ("machine.list_alerts", {}, "alert_info", {"machine": [FIN_07], "severity": ["High"], "created_after": "2020-01-01T00:00:00Z"}),
    "alerts of Graph": ("graph_alert.list", {}, "alert_info", {"service": "graph", "evidence": True}),
    "incidents": ("graph_incident.list", {}, "incident_info", {"alerts": True}),
    "plan of a set of indicators": ("indicator.list", {}, "indicators", {**SET, "conflicts": "take_over", "watch_hours": 1, "exclusive": True}),
    "plan of an indicator": ("indicator.list", {}, "indicator", ONE),
}
SAMPLES = {
    "machine.list": ("machine_info", {"id": [FIN_07]}, "machines"), "alert.list": ("alert_info", {"evidence": True}, "alerts"),
    "indicator.list": ("indicator_info", {}, "indicators"),
    "graph_alert.list": ("alert_info", {"service": "graph"}, "alerts"), "graph_incident.list": ("incident_info", {}, "incidents"),
}


def answer(tenant, operation: str, body: str) -> None:
    """Let the service answer the operation with that."""
    tenant.faults([{"match": {"operation": operation}, "kind": "status", "status": 200, "body": body}])


class Task:
    """A module with one client for all its runs, and a good record to spoil."""

    def __init__(self, tenant, name: str) -> None:
        self.tenant = tenant
        self.operation, facts, self.module, options = CASES[name]
        self.record = {**self._sample(), **facts}
        self.shape = needs.shape_of(self.module)
        checked = ArgumentSpecValidator({**CONNECTION, **self.shape.argument_spec}, **self.shape.rules).validate(
            {**connection(tenant, "commander"), **options}
        )
        assert not checked.error_messages, checked.error_messages
        self.params = checked.validated_parameters
        self.client = Client(settings_from(self.params), dry=True)

    def _sample(self) -> dict[str, t.Any]:
        if self.operation.startswith("machine_action."):
            return dict(work(self.tenant, "machine_action_info", app="commander")["machine_actions"][0])
        kind = "alert.list" if self.operation == "machine.list_alerts" else self.operation
        module, options, noun = SAMPLES[kind]
        return dict(work(self.tenant, module, app="commander", **options)[noun][0])

    def run(self, record: dict[str, t.Any]) -> dict[str, t.Any]:
        answer(self.tenant, self.operation, json.dumps({"value": [record]}))
        return self.shape.work(self.client, self.params)


@pytest.mark.parametrize("name", CASES)
def test_an_odd_record_ends_no_task_with_a_traceback(tenant, name):
    task = Task(tenant, name)

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def spoil(data):
        odd = data.draw(st.dictionaries(st.sampled_from(sorted(task.record)), ANYTHING, min_size=1, max_size=2))
        with contextlib.suppress(DefenderError):
            task.run({**task.record, **odd})

    spoil()


@pytest.mark.parametrize(
    ("name", "odd", "said"),
    [
        ("plan of a machine", {"machineTags": "tier-0"}, "machineTags is of the type text, and it should be a list of texts"),
        ("plan of a machine", {"deviceValue": 5}, "deviceValue is of the type number, and it should be a text"),
        ("plan of a machine", {"mergedIntoMachineId": ["a"]}, "mergedIntoMachineId is of the type list"),
        ("plan of a machine", {"id": None}, "id is not there"),
        ("plan by history", {"status": {"a": 1}}, "status is of the type object"),
        ("plan by history", {"creationDateTimeUtc": "yesterday"}, "'yesterday' for creationDateTimeUtc, which is no moment"),
        ("plan of a session", {"commands": [{"command": {"params": [{"key": ["a"]}]}}]}, "commands.command.params.key is of the type list"),
        ("plan of a set of indicators", {"indicatorValue": ["a"]}, "indicatorValue is of the type list, and it should be a text"),
        ("plan of an indicator", {"expirationTime": "soon"}, "'soon' for expirationTime, which is no moment"),
        ("alerts", {"evidence": [5]}, "evidence is of the type list, and it should be a list of objects"),
    ],
)
def test_it_is_said_which_member_is_odd_and_how(tenant, name, odd, said):
    task = Task(tenant, name)
    with pytest.raises(BadAnswer) as caught:
        task.run({**task.record, **odd})
    assert said in caught.value.msg


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f'{{"value": [{{"id": "{FIN_07}", "id": "{machine_id("dc-01")}"}}]}}', "says id twice"),
        (f'{{"value": [{{"id": "{FIN_07}", "osBuild": NaN}}]}}', "holds NaN"),
        (f'{{"value": [{{"id": "{FIN_07}", "osBuild": -Infinity}}]}}', "holds -Infinity"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_taken(tenant, body, said):
    answer(tenant, "machine.list", body)
    with pytest.raises(BadAnswer, match=said):
        work(tenant, "machine_isolation", app="commander", dry=True, **ISOLATE)


def test_half_a_character_in_a_name_hides_nothing(tenant):
    """Windows allows it, so an attacker may use it."""
    task = Task(tenant, "machines")
    names = [row["computerDnsName"] for row in task.run({**task.record, "computerDnsName": "fin-\ud800\U0001f600"})["machines"]]
    assert names == ["fin-\ufffd\U0001f600"]


def test_half_a_character_cannot_be_asked_for(tenant):
    with pytest.raises(BadInput, match="half a character"):
        work(tenant, "machine_info", filter="computerDnsName eq 'fin-\ud800'")
