# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app is registered with exactly what is asked for, and no app is touched that was not meant."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput, NotFound, Refused, RoleMissing, ServiceError, Unreachable
from ansible_collections.secops.defender.plugins.module_utils._response import app_patience
from unit.plugins.modules.playing import connection, run, work

RESPONDER = {"display_name": "Defender responder", "defender_roles": [["Machine.Read.All", "Machine.ReadWrite.All"], "Machine.Isolate"]}
ANALYST = "a1100000-0000-4000-8000-000000000001"


@pytest.fixture
def tenant(running_simulator, monkeypatch):
    """A tenant in which there is one app, which may make others; what it writes is known soon."""
    running_simulator.load("from_nothing")
    running_simulator.settings(directory_lag=0.05, listing_lag=0.15)
    monkeypatch.setattr(app_patience, "FIRST_PAUSE", 0.1)
    return running_simulator


def register(tenant, app="bootstrapper", **options):
    return work(tenant, "app_registration", app=app, **{**RESPONDER, **options})


def granted(tenant, name=RESPONDER["display_name"]) -> dict[str, list[str]]:
    """What the app holds, as the tenant knows it."""
    return {resource: roles for resource, roles in tenant.directory()[name]["roles"].items() if roles}


def named(permissions) -> set[str]:
    return {one["role"] for one in permissions}


def test_it_is_registered_with_the_least_of_each_group_and_a_second_run_changes_nothing(tenant):
    result = register(tenant, exclusive=True)
    assert result["steps"] == ["created", "service_principal_created", "granted"]
    assert granted(tenant) == {"WindowsDefenderATP": ["Machine.Isolate", "Machine.Read.All"]}
    again = register(tenant, exclusive=True)
    assert not again["changed"] and again["app_id"] == result["app_id"] and again["service_principal_id"] == result["service_principal_id"]


def test_what_is_not_asked_for_stays_unless_the_list_is_exclusive(tenant):
    register(tenant, graph_roles=["ThreatHunting.Read.All"])
    assert not register(tenant, defender_roles=["Machine.Isolate"])["changed"]
    result = register(tenant, defender_roles=["Machine.Isolate"], exclusive=True)
    assert result["steps"] == ["changed", "revoked"] and named(result["permissions_revoked"]) == {"Machine.Read.All", "ThreatHunting.Read.All"}
    assert granted(tenant) == {"WindowsDefenderATP": ["Machine.Isolate"]}
    assert not register(tenant, defender_roles=["Machine.Isolate"], exclusive=True)["changed"]


def test_nobody_takes_away_from_itself_what_it_does_this_with(tenant):
    itself = {"display_name": None, "app_id": tenant.apps["bootstrapper"]["client_id"], "defender_roles": [], "exclusive": True}
    with pytest.raises(Refused, match=r"bootstrapper is what this task signs in as, and would lose AppRoleAssignment\.ReadWrite\.All, Application"):
        register(tenant, **itself)
    assert granted(tenant, "bootstrapper")["Microsoft Graph"]


def test_an_app_whose_answer_was_lost_for_good_is_not_made_again_at_once(tenant):
    tenant.faults([{"match": {"operation": "application.create"}, "kind": "drop", "times": 1}])
    with pytest.raises(Unreachable) as caught:
        register(tenant, wait_timeout=1)
    assert "It may have been made all the same" in caught.value.sentence()


def test_what_an_administrator_must_consent_to_is_told_and_nothing_is_granted(tenant):
    result = register(tenant, consent="ask")
    assert granted(tenant) == {}
    assert {"resource": "WindowsDefenderATP", "role": "Machine.Isolate", "about": "Isolate machine"} in result["permissions_missing"]
    place = f"{tenant.url}/{tenant.tenant_id}/adminconsent?client_id={result['app_id']}&redirect_uri=https%3A%2F%2Fportal.azure.com"
    assert result["consent_url"] == place
    assert not register(tenant, consent="ask")["changed"]


def test_a_partner_gets_the_link_for_customers(tenant):
    result = register(tenant, sign_in_audience="AzureADMultipleOrgs", defender_roles=None)
    assert result["sign_in_audience"] == "AzureADMultipleOrgs" and result["diff"]["after"]["redirect_uris"] == ["https://portal.azure.com"]
    assert result["consent_url"].startswith(f"{tenant.url}/common/oauth2/authorize?prompt=consent&client_id={result['app_id']}&response_type=code")


def test_check_mode_foretells_the_run(tenant):
    tenant.lock()
    foretold = register(tenant, dry=True)
    assert tenant.violations() == [] and foretold["app_id"] is None
    tenant.lock(False)
    assert register(tenant)["diff"] == foretold["diff"]


def test_of_two_apps_of_one_name_neither_is_touched(tenant):
    first = register(tenant, defender_roles=None)
    other = register(tenant, display_name="Another", defender_roles=None)
    register(tenant, app_id=other["app_id"], defender_roles=None)
    with pytest.raises(BadInput, match="not the only app registration") as caught:
        register(tenant)
    assert {one["app_id"] for one in caught.value.details["candidates"]} == {first["app_id"], other["app_id"]}


def test_it_is_deleted_when_confirmed_and_comes_back_with_the_same_id(tenant):
    made = register(tenant)
    with pytest.raises(Refused, match="confirm is not its app id"):
        register(tenant, state="absent", confirm="responder")
    assert register(tenant, state="absent", confirm=made["app_id"])["changed"]
    assert not register(tenant, state="absent", confirm=made["app_id"])["changed"]
    back = register(tenant, restore=True)
    assert back["app_id"] == made["app_id"] and back["steps"] == ["restored", "service_principal_created", "granted"]
    assert granted(tenant) == {"WindowsDefenderATP": ["Machine.Isolate", "Machine.Read.All"]}


def test_an_id_that_is_not_there_makes_no_app(tenant):
    with pytest.raises(NotFound, match="no app registration"):
        register(tenant, display_name=None, app_id="c11e0000-0000-4000-8000-0000000000ff")


def test_owners_are_added_to_those_there_are(tenant):
    tenant.load("under_attack")
    assert register(tenant, app="administrator", owners=[ANALYST])["steps"][-2:] == ["owners_added", "granted"]
    assert not register(tenant, app="administrator", owners=[ANALYST])["changed"]


def test_a_role_that_is_not_there_is_named_with_its_neighbours_before_anything_is_made(tenant):
    tenant.lock()
    with pytest.raises(BadInput, match="'Machine.Isolat'") as caught:
        register(tenant, defender_roles=["Machine.Isolat"])
    assert "Machine.Isolate" in caught.value.hint
    assert tenant.violations() == []


def test_who_may_not_consent_is_told_before_anything_is_made(tenant):
    tenant.load("under_attack")
    tenant.lock()
    with pytest.raises(RoleMissing):
        register(tenant, app="graph_only")
    assert tenant.violations() == []


def test_an_app_of_somebody_else_is_not_changed(tenant):
    tenant.load("under_attack")
    with pytest.raises(ServiceError, match="403") as caught:
        register(tenant, display_name="responder", exclusive=True)
    assert "own" in caught.value.hint


@pytest.mark.parametrize("operation", ["application.create", "service_principal.create", "service_principal.create_app_role_assigned_to"])
def test_a_lost_answer_makes_nothing_twice(tenant, operation):
    tenant.faults([{"match": {"operation": operation}, "times": 1, "kind": "drop_after"}])
    result = register(tenant)
    assert result["app_id"] and granted(tenant) == {"WindowsDefenderATP": ["Machine.Isolate", "Machine.Read.All"]}
    tenant.faults()
    assert not register(tenant)["changed"]


def test_lag_that_does_not_end_in_time_is_said(tenant):
    tenant.settings(listing_lag=60.0)
    options = {**connection(tenant, "bootstrapper"), "display_name": "Late", "wait_timeout": 2}
    result = run("app_registration", options).result
    assert result["changed"] and "does not show all of it yet" in str(result["warnings"])
