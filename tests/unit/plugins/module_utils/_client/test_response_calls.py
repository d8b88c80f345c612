# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls with forms, nested bodies and empty answers, from the client to the truth on the tenant."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import library, machine_actions, machine_facts, machines, response_actions
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import AlreadyRunning, NotFound, ServiceError
from ansible_collections.secops.defender.plugins.module_utils._client.request import Upload
from ansible_collections.secops.defender.plugins.module_utils._client.settings import settings_from
from unit.plugins.modules.playing import connection

BINARY = bytes(range(256)) * 3
RUN = [{"type": "RunScript", "params": [{"key": "ScriptName", "value": "triage.ps1"}, {"key": "Args", "value": "x"}]}]


@pytest.fixture
def client(simulator):
    return Client(settings_from(connection(simulator, "commander")))


@pytest.fixture
def machine_id(client):
    return next(iter(client.list(machines.LIST)))["id"]


def test_file_arrives_byte_for_byte_and_is_taken_away(client, simulator):
    kept = client.call(library.UPLOAD, file=Upload("tool.bin", BINARY), description="Wërkzeug", override=True)
    assert (kept["sha256"], kept["description"]) == (hashlib.sha256(BINARY).hexdigest(), "Wërkzeug")
    assert list(client.list(library.LIST)) == simulator.library()
    assert kept in simulator.library()
    assert client.call(library.DELETE, file_name="tool.bin") == {}
    with pytest.raises(NotFound):
        client.call(library.DELETE, file_name="tool.bin")


def test_nothing_is_uploaded_by_a_dry_client(simulator):
    dry = Client(settings_from(connection(simulator, "commander")), dry=True)
    simulator.lock()
    assert dry.call(library.UPLOAD, file=Upload("tool.bin", BINARY)) is None


def test_session_is_started_once(client, simulator, machine_id):
    action = client.call(response_actions.RUN_LIVE_RESPONSE, machine_id=machine_id, commands=RUN, comment="case 7")
    assert action["commands"][0]["command"] == RUN[0]
    with pytest.raises(AlreadyRunning):
        client.call(response_actions.RUN_LIVE_RESPONSE, machine_id=machine_id, commands=RUN, comment="case 7")
    simulator.advance(10)
    link = client.call(machine_actions.GET_LIVE_RESPONSE_RESULT, action_id=action["id"], index=0)["value"]
    assert simulator.session.get(link, timeout=30).json()["exit_code"] == 0


def test_feature_that_is_switched_off_is_told_from_a_role(client, simulator, machine_id):
    simulator.settings(live_response=False)
    with pytest.raises(ServiceError) as refused:
        client.call(response_actions.RUN_LIVE_RESPONSE, machine_id=machine_id, commands=RUN, comment="case 7")
    assert refused.value.code == "DisabledFeature" and "Advanced features" in refused.value.hint


def test_many_are_tagged_in_one_call(client, simulator):
    ids = [row["id"] for row in client.list(machines.LIST)]
    rows = client.call(machines.TAG_MULTIPLE, tag="case 7", change="Add", machine_ids=ids)["value"]
    assert [row["id"] for row in rows] == ids
    assert all("case 7" in simulator.machine(one)["tags"] for one in ids)


def test_tags_are_set_to_none(client, simulator, machine_id):
    client.call(machines.UPDATE, machine_id=machine_id, tags=[], value="High")
    truth = simulator.machine(machine_id)
    assert (truth["tags"], truth["value"]) == ([], "High")


@pytest.mark.parametrize("operation", [
    machine_facts.LIST_LOGON_USERS, machine_facts.LIST_SOFTWARE, machine_facts.LIST_VULNERABILITIES,
    machine_facts.LIST_RECOMMENDATIONS, machine_facts.LIST_MISSING_KBS,
], ids=lambda operation: operation.id)
def test_facts_are_listed_to_the_end(client, machine_id, operation):
    listing = client.list(operation, machine_id=machine_id)
    rows = list(listing)
    assert listing.complete and all(row["id"] for row in rows)
