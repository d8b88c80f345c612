# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declarations of response actions have in common, and how they hang together."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import every_operation, hunting, library, machine_actions, response_actions
from ansible_collections.secops.defender.plugins.module_utils._operation import JSON, MULTIPART, WRITE
from simulator.contract import types

ASKS = pytest.mark.parametrize("operation", response_actions.ASKED_BY.values(), ids=lambda operation: operation.id)


def test_every_type_of_action_has_the_operation_that_asks_for_it():
    assert set(response_actions.ASKED_BY) == set(types()["MachineAction"]["fields"]["type"]["choices"])


@ASKS
def test_asking_is_a_write_on_one_machine_with_a_comment(operation):
    assert operation.effect == WRITE and not operation.repeatable
    assert [field.name for field in operation.path_fields] == ["machine_id"]
    assert response_actions.COMMENT in operation.body_fields


@ASKS
def test_asking_is_answered_with_200_or_201(operation):
    assert operation.success == (200, 201)


def test_whoever_may_ask_may_cancel():
    (cancels,) = machine_actions.CANCEL.roles
    assert {operation.roles[0][0] for operation in response_actions.ASKED_BY.values()} == set(cancels)


def test_only_reads_are_repeated_and_only_queries_read_by_post():
    posted = {operation for operation in every_operation() if operation.repeatable and operation.method != "GET"}
    assert posted == {hunting.GRAPH_RUN, hunting.MDE_RUN}
    assert {operation.method for operation in posted} == {"POST"}
    assert "GET" not in {operation.method for operation in every_operation() if operation.writes}


def test_only_the_upload_is_a_form_and_only_forms_hold_files():
    forms = [operation for operation in every_operation() if operation.body_kind == MULTIPART]
    assert forms == [library.UPLOAD]
    rest = [field for operation in every_operation() if operation.body_kind == JSON for field in operation.body_fields]
    assert all(field.type != "file" for field in rest)
