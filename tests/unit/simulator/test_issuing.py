# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory holds decides what the login host issues: grants, credentials, and whether an app may sign in at all."""

from __future__ import annotations

import pytest
from simulator.handle import Handle
from unit.simulator.desk import DEFENDER_ID, GRAPH, Desk, number, refusal, roles
from unit.simulator.typed import wrong

GRAPH_ID = "00000003-0000-0000-c000-000000000000"


@pytest.fixture
def desk(simulator: Handle) -> Desk:
    return Desk(simulator)


def test_a_role_that_is_granted_is_in_the_next_token_after_a_moment(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    assert roles(desk.sign_in(app, secret)) is None
    granted = desk.grant(app["principal"], "Machine.Isolate")
    assert granted.status_code == 201 and wrong({**granted.json(), "@odata.context": None}, "AppRoleAssignment") == [
        "AppRoleAssignment.@odata.context: only here or only there"
    ]
    assert roles(desk.sign_in(app, secret)) is None
    desk.wait(1.1)
    assert roles(desk.sign_in(app, secret)) == ["Machine.Isolate"]
    assert roles(desk.sign_in(app, secret, scope=GRAPH)) is None


def test_roles_are_of_their_resource(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    assert desk.grant(app["principal"], "ThreatHunting.Read.All", GRAPH_ID).status_code == 201
    assert desk.grant(app["principal"], "Alert.Read.All").status_code == 201
    desk.wait()
    assert (roles(desk.sign_in(app, secret)), roles(desk.sign_in(app, secret, scope=GRAPH))) == (["Alert.Read.All"], ["ThreatHunting.Read.All"])


def test_a_role_that_is_revoked_is_in_no_later_token(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    assignments = [desk.grant(app["principal"], role).json() for role in ("Alert.Read.All", "Machine.Read.All")]
    desk.wait()
    desk.change("DELETE", f"/servicePrincipals/{app['principal']}/appRoleAssignments/{assignments[0]['id']}")
    assert roles(desk.sign_in(app, secret)) == ["Machine.Read.All"]
    desk.change("DELETE", f"/servicePrincipals/{desk.resource()['id']}/appRoleAssignedTo/{assignments[1]['id']}")
    assert roles(desk.sign_in(app, secret)) is None
    assert refusal(desk("DELETE", f"/servicePrincipals/{app['principal']}/appRoleAssignments/{assignments[0]['id']}"))[0] == 404


def test_grants_are_refused_as_the_pages_say(desk: Desk) -> None:
    app, resource = desk.app_of(), desk.resource()
    assert desk.grant(app["principal"], "Alert.Read.All").status_code == 201
    assert refusal(desk.grant(app["principal"], "Alert.Read.All")) == (400, "Request_BadRequest")
    assert refusal(desk.grant(app["principal"], "secop")) == (400, "Request_BadRequest")
    fresh = desk("POST", "/applications", {"displayName": "fresh"}).json()
    desk.wait(0.6)
    unknown = desk("POST", "/servicePrincipals", {"appId": fresh["appId"]}).json()["id"]
    refused = desk.grant(unknown, "Alert.Read.All")
    assert refusal(refused) == (400, "Request_BadRequest") and "Not a valid reference update" in refused.text
    body = {"principalId": unknown, "resourceId": resource["id"], "appRoleId": resource["appRoles"][0]["id"]}
    assert refusal(desk("POST", f"/servicePrincipals/{unknown}/appRoleAssignments", body)) == (404, "Request_ResourceNotFound")
    assert refusal(desk("POST", f"/servicePrincipals/{app['principal']}/appRoleAssignments", body)) == (400, "Request_BadRequest")


def test_assignments_are_listed_late_and_by_resource(desk: Desk) -> None:
    app = desk.app_of()
    desk.grant(app["principal"], "Alert.Read.All")
    path = f"/servicePrincipals/{app['principal']}/appRoleAssignments"
    assert desk.get(path)["value"] == []
    desk.wait()
    assert len(desk.get(path, filter=f"resourceId eq {desk.resource()['id']}")["value"]) == 1
    assert desk.get(path, filter=f"resourceId eq {desk.resource(GRAPH_ID)['id']}")["value"] == []
    names = desk.get(f"/servicePrincipals/{desk.resource()['id']}/appRoleAssignedTo", top="999")["value"]
    assert {"responder", "drill"} <= {row["principalDisplayName"] for row in names}


def test_the_resources_are_service_principals_with_all_their_roles(desk: Desk) -> None:
    rows = desk.get("/servicePrincipals", filter=f"appId eq '{DEFENDER_ID}'")["value"]
    assert len(rows) == 1 and wrong(rows[0], "ServicePrincipal") == []
    assert len(rows[0]["appRoles"]) == 32 and "https://api.securitycenter.microsoft.com" in rows[0]["servicePrincipalNames"]


def test_an_app_has_one_service_principal(desk: Desk) -> None:
    app = desk.app_of()
    assert refusal(desk("POST", "/servicePrincipals", {"appId": app["appId"]})) == (409, "Request_MultipleObjectsWithSameKeyValue")
    assert refusal(desk("POST", "/servicePrincipals", {"appId": "1de00000-0000-4000-8000-0000000000ff"})) == (400, "Request_BadRequest")


def test_without_a_service_principal_there_is_no_token(desk: Desk) -> None:
    app = desk.make("/applications", {"displayName": "drill"})
    secret = desk.secret(app)["secretText"]
    assert number(desk.sign_in(app, secret)) == 700016
    principal = desk.make("/servicePrincipals", {"appId": app["appId"]})
    assert desk.sign_in(app, secret).ok
    desk.change("DELETE", f"/servicePrincipals/{principal['id']}")
    assert number(desk.sign_in(app, secret)) == 700016


def test_a_disabled_app_is_refused_until_it_is_enabled(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    desk.change("PATCH", f"/servicePrincipals/{app['principal']}", {"accountEnabled": False})
    assert number(desk.sign_in(app, secret)) == 7000112
    desk.change("PATCH", f"/servicePrincipals/{app['principal']}", {"accountEnabled": True})
    assert desk.sign_in(app, secret).ok


def test_a_deleted_app_is_refused_and_its_grants_do_not_come_back(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    desk.grant(app["principal"], "Alert.Read.All")
    desk.change("DELETE", f"/applications/{app['id']}")
    assert number(desk.sign_in(app, secret)) == 700016
    desk.make(f"/directory/deletedItems/{app['id']}/restore", None, 200)
    assert number(desk.sign_in(app, secret)) == 700016
    desk.make("/servicePrincipals", {"appId": app["appId"]})
    assert roles(desk.sign_in(app, secret)) is None


def test_a_resource_may_want_to_be_granted(desk: Desk) -> None:
    app = desk.app_of()
    secret = desk.secret(app)["secretText"]
    desk.change("PATCH", f"/servicePrincipals/{desk.resource()['id']}", {"appRoleAssignmentRequired": True})
    assert number(desk.sign_in(app, secret)) == 501051
    desk.grant(app["principal"], "Alert.Read.All")
    desk.wait()
    assert roles(desk.sign_in(app, secret)) == ["Alert.Read.All"]


def test_without_the_product_there_is_no_resource(desk: Desk) -> None:
    desk.change("DELETE", f"/servicePrincipals/{desk.resource()['id']}")
    reader = desk.simulator.apps["reader"]
    assert number(desk.sign_in({"appId": reader["client_id"]}, reader["client_secret"])) == 500011
    assert desk.get("/servicePrincipals", filter=f"appId eq '{DEFENDER_ID}'")["value"] == []


def test_a_token_keeps_the_roles_it_was_issued_with(desk: Desk) -> None:
    desk.get("/applications")
    me = desk.get(f"/servicePrincipals(appId='{desk.simulator.apps['administrator']['client_id']}')", expand="appRoleAssignments")
    for assignment in me["appRoleAssignments"]:
        desk.change("DELETE", f"/servicePrincipals/{me['id']}/appRoleAssignments/{assignment['id']}")
    assert desk.get("/applications")["value"]
    assert refusal(Desk(desk.simulator)("GET", "/applications")) == (403, "Authorization_RequestDenied")


def test_consent_for_people_is_one_entry_for_each_pair(desk: Desk) -> None:
    app = desk.app_of()
    body = {"clientId": app["principal"], "consentType": "AllPrincipals", "resourceId": desk.resource()["id"], "scope": "Machine.Read"}
    made = desk.make("/oauth2PermissionGrants", body)
    assert refusal(desk("POST", "/oauth2PermissionGrants", body)) == (409, "Request_MultipleObjectsWithSameKeyValue")
    desk.change("PATCH", f"/oauth2PermissionGrants/{made['id']}", {"scope": "Machine.Read Alert.Read"})
    rows = desk.get("/oauth2PermissionGrants", filter=f"clientId eq '{app['principal']}'")["value"]
    assert [row["scope"] for row in rows] == ["Machine.Read Alert.Read"] and wrong(rows[0], "OAuth2PermissionGrant") == []
    desk.change("DELETE", f"/oauth2PermissionGrants/{made['id']}")
    assert desk.get("/oauth2PermissionGrants")["value"] == []
    assert refusal(desk("POST", "/oauth2PermissionGrants", {**body, "consentType": "Principal"})) == (400, "Request_BadRequest")
