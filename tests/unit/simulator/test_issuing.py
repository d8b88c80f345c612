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


def consent(desk: Desk, path: str, **query: str) -> str:
    """Where the browser of an administrator is sent to from the page."""
    answer = desk.simulator.session.get(f"{desk.simulator.url}/{path}", params=query, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


WISHES = [
    {
        "resourceAppId": DEFENDER_ID,
        "resourceAccess": [
            {"id": "7e4e1300-e1b9-4102-88ba-f0cb6e6d5974", "type": "Role"}, {"id": "fbd3d33a-b1f5-4573-906c-51b39682fbcf", "type": "Scope"},
        ],
    },
]
BACK = "https://portal.azure.com"


def test_an_administrator_consents_to_what_the_registration_asks_for(desk: Desk) -> None:
    app = desk.make("/applications", {"displayName": "drill", "requiredResourceAccess": WISHES, "web": {"redirectUris": [BACK]}})
    secret = desk.secret(app)["secretText"]
    query = {"client_id": app["appId"], "redirect_uri": BACK, "state": "7"}
    desk.simulator.settings(administrator_agrees=False)
    assert "error=permission_denied" in consent(desk, f"{desk.simulator.tenant_id}/adminconsent", **query)
    desk.simulator.settings(administrator_agrees=True)
    for _time in range(2):
        location = consent(desk, f"{desk.simulator.tenant_id}/adminconsent", **query)
        assert location == f"{BACK}?tenant={desk.simulator.tenant_id}&state=7&admin_consent=True"
    desk.wait()
    assert roles(desk.sign_in(app, secret)) == ["Machine.Isolate"]
    assert [row["scope"] for row in desk.get("/oauth2PermissionGrants")["value"]] == ["Machine.Read"]
    wrong_address = desk.simulator.session.get(f"{desk.simulator.url}/{desk.simulator.tenant_id}/adminconsent", params={**query, "redirect_uri": BACK + "/"})
    assert wrong_address.status_code == 400


def test_a_partners_link_is_for_apps_of_many_tenants(desk: Desk) -> None:
    link = {"prompt": "consent", "response_type": "code", "sso_reload": "true"}
    single = desk.make("/applications", {"displayName": "one", "requiredResourceAccess": WISHES, "web": {"redirectUris": [BACK]}})
    refused = desk.simulator.session.get(f"{desk.simulator.url}/common/oauth2/authorize", params={**link, "client_id": single["appId"]})
    assert number(refused) == 650056
    desk.change("PATCH", f"/applications/{single['id']}", {"signInAudience": "AzureADMultipleOrgs"})
    assert "admin_consent=True" in consent(desk, "common/oauth2/authorize", client_id=single["appId"], **link)


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
