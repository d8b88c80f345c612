# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection is asked for in one way, by every module and lookup."""

from __future__ import annotations

import pytest
import yaml
from ansible.module_utils.errors import AnsibleFallbackNotFound
from ansible_collections.secops.defender.plugins.doc_fragments._connection import LEFT_TO_SETTINGS as UNREAD_BY_LOOKUPS
from ansible_collections.secops.defender.plugins.doc_fragments._connection import ModuleDocFragment
from ansible_collections.secops.defender.plugins.module_utils._client.settings import OPTIONS
from ansible_collections.secops.defender.plugins.module_utils._module.spec import (
    CONNECTION,
    LEFT_TO_SETTINGS,
    from_environment,
)

DOCUMENTED = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
DOCUMENTED_FOR_LOOKUPS = yaml.safe_load(ModuleDocFragment().LOOKUP)["options"]


def test_every_option_of_a_connection_is_documented_and_asked_for():
    assert set(DOCUMENTED) == set(DOCUMENTED_FOR_LOOKUPS) == set(CONNECTION) == {option.name for option in OPTIONS}


@pytest.mark.parametrize("name", sorted(CONNECTION))
def test_the_page_says_what_the_spec_says(name):
    asked = CONNECTION[name]
    documented = DOCUMENTED[name]
    assert (documented["type"], documented.get("choices"), documented.get("default")) == (asked["type"], asked.get("choices"), asked.get("default"))


def test_whatever_may_hold_a_secret_is_kept_out_of_logs():
    hidden = {name for name, argument in CONNECTION.items() if argument["no_log"]}
    assert hidden == {"client_secret", "certificate_passphrase", "federated_token", "access_token", "proxy"}


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("DEFENDER_REGION", " ")
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("DEFENDER_REGION")


def test_a_variable_stands_in_for_an_option(monkeypatch):
    monkeypatch.setenv("DEFENDER_REGION", "eu")
    assert from_environment("DEFENDER_REGION") == "eu"


def test_ansible_itself_never_reads_a_way_to_sign_in_from_the_environment():
    # A secret in the environment must not stand beside a certificate that the task names.
    assert all("fallback" not in CONNECTION[name] for name in LEFT_TO_SETTINGS)
    assert set(UNREAD_BY_LOOKUPS) == set(LEFT_TO_SETTINGS)
    assert all("env" not in DOCUMENTED_FOR_LOOKUPS[name] for name in LEFT_TO_SETTINGS)
