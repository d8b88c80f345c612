# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may call is told from its options."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._module.needs import operations_of, shape_of
from ansible_collections.secops.defender.plugins.module_utils._module.shape import ANYTHING, OneOf
from ansible_collections.secops.defender.plugins.module_utils._module.uses import operations_used
from unit.house.building import modules

BY_REQUEST = "api_request"


def used(module, given=None):
    return {operation.id for operation in operations_used(shape_of(module), given)}


@pytest.mark.parametrize("name", [name for name in modules() if name != BY_REQUEST])
def test_whatever_is_given_is_in_what_may_be_given(name):
    assert used(name, {}) <= used(name)
    assert {operation.id for operation in operations_of(name)} <= used(name)


def test_a_default_counts_as_given():
    assert "alert.list" in used("machine_offboard", {})
    assert "alert.list" not in used("machine_offboard", {"refuse_open_alerts": False})
    assert "alert.list" in used("machine_offboard", {"refuse_open_alerts": OneOf((False, None))})


def test_a_part_that_is_not_known_may_be_any():
    assert used("user_info", {"related": [ANYTHING]}) == {"user.list_alerts", "user.list_machines"}
    assert used("user_info", {"related": OneOf((["alerts"], []))}) == {"user.list_alerts"}


@pytest.mark.parametrize("given", [{}, {"path": ANYTHING}, {"path": "/api/machines", "method": ANYTHING}, {"path": "/api/machines", "roles": [ANYTHING]}, None])
def test_a_request_of_which_too_little_is_known_is_refused(given):
    with pytest.raises(BadInput, match="known only when it runs"):
        used(BY_REQUEST, given)
