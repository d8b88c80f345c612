# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of groups of roles the fewest are taken, and of each the least privileged."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._module.app_options import least


@pytest.mark.parametrize(
    ("groups", "taken"),
    [
        ([], []),
        (["a", " b "], ["a", "b"]),
        ([["a", "b"], "c"], ["a", "c"]),
        ([["a", "b"], "b"], ["b"]),
        ([["b", "c"], ["a", "b"]], ["b"]),
        ([["a", "b"], ["b", "a"]], ["b"]),
        ([["a", "b"], ["a", "c"]], ["a"]),
        (["a", "a"], ["a"]),
    ],
    ids=str,
)
def test_the_fewest_that_meet_all(groups, taken):
    assert least("defender_roles", groups) == taken


@pytest.mark.parametrize("item", [[], "", 7, ["a", None]], ids=str)
def test_what_is_no_role_is_named(item):
    with pytest.raises(BadInput, match="defender_roles: .* is no role"):
        least("defender_roles", [item])
