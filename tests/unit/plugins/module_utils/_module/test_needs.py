# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Least privilege is read from the modules, and no page or person has to remember it."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.secops.defender.plugins.doc_fragments._permissions import ModuleDocFragment
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._module.needs import (
    explain,
    least_roles,
    shape_of,
    without_implied,
)
from ansible_collections.secops.defender.plugins.module_utils._operation import GRAPH

READ = ("Machine.Read.All", "Machine.ReadWrite.All")
READ_ALERTS = ("Alert.Read.All", "Alert.ReadWrite.All")


def test_the_least_privileged_role_stands_first():
    assert least_roles(["machine_info"]) == (READ,)


def test_a_run_of_several_modules_needs_each_role_once():
    assert set(least_roles(["machine_info", "machine_isolation", "alert_info"])) == {READ, ("Machine.Isolate",), READ_ALERTS}


def test_the_full_name_is_the_same_module():
    assert shape_of("secops.defender.machine_info") is shape_of("machine_info")


def test_a_module_that_asks_the_service_nothing_needs_nothing():
    assert least_roles(["token"]) == ()
    assert explain(shape_of("token")) == ["Needs no application permission of its own."]


@pytest.mark.parametrize("name", ["machine_inof", "ansible.builtin.uri", "../run", "", "secops.defender."])
def test_a_name_that_is_no_module_of_ours_is_refused(name):
    with pytest.raises(BadInput):
        least_roles([name])


def test_a_role_that_is_needed_by_itself_makes_its_alternatives_moot():
    assert without_implied((READ, ("Machine.ReadWrite.All",))) == (("Machine.ReadWrite.All",),)


def test_what_only_an_option_needs_is_said_to_be_so():
    assert any("O(machine)" in sentence and "Machine.Read.All" in sentence for sentence in explain(shape_of("alert_info")))


def test_the_page_is_computed_from_the_module():
    page = yaml.safe_load(ModuleDocFragment().MACHINE_ISOLATION)
    assert "V(Machine.Isolate)" in page["notes"][0]


def test_what_one_value_of_an_option_needs_is_counted_when_it_is_named():
    assert least_roles(["machine_info:related=users"]) == (READ, ("User.Read.All",))
    assert any("O(related=users)" in sentence and "User.Read.All" in sentence for sentence in explain(shape_of("machine_info")))


@pytest.mark.parametrize("use", ["machine_info:related=cats", "machine_info:nothing", "alert_info:related=users"])
def test_a_use_that_needs_nothing_more_is_refused(use):
    with pytest.raises(BadInput):
        least_roles([use])


def test_a_run_that_leaves_the_choice_of_the_service_needs_the_roles_of_the_first():
    assert least_roles(["alert"]) == (("Alert.ReadWrite.All",),)
    assert least_roles(["alert", "alert_info"], GRAPH) == ()


def test_a_run_at_one_service_needs_nothing_of_the_other():
    assert least_roles(["alert_info:service=graph"]) == ()
    assert ("SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All") in least_roles(["alert_info:service=graph"], GRAPH)
    assert least_roles(["alert_info:related=files"]) == (READ_ALERTS, READ, ("File.Read.All",))


def test_the_page_says_that_either_service_will_do():
    first, second, *_others = explain(shape_of("alert"))
    assert " of WindowsDefenderATP, or instead of it " in first and first.endswith("V(SecurityAlert.ReadWrite.All) of Microsoft Graph.")
    assert "O(service)" in second
