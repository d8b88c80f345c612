# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App registrations are made, found, changed and brought back as the pages of Graph say."""

from __future__ import annotations

import pytest
from simulator.handle import Handle
from unit.simulator.desk import DEFENDER_ID, EVENTUAL, Desk, refusal
from unit.simulator.typed import wrong

TYPED = {"@odata.type": "#microsoft.graph.application"}
ROLE = {"id": "7e4e1300-e1b9-4102-88ba-f0cb6e6d5974", "type": "Role"}


@pytest.fixture
def desk(simulator: Handle) -> Desk:
    return Desk(simulator)


def test_the_apps_of_the_tenant_are_in_the_directory(desk: Desk) -> None:
    rows = desk.get("/applications", filter="displayName eq 'responder'")["value"]
    assert [row["appId"] for row in rows] == [desk.simulator.apps["responder"]["client_id"]]
    assert wrong(rows[0], "Application") == []
    assert rows[0]["passwordCredentials"][0]["secretText"] is None and rows[0]["keyCredentials"][0]["key"] is None


def test_a_name_is_found_in_whatever_capitals(desk: Desk) -> None:
    assert [row["displayName"] for row in desk.get("/applications", filter="displayName eq 'RESPONDER'")["value"]] == ["responder"]


def test_an_app_was_deleted_a_moment_ago(desk: Desk) -> None:
    rows = desk.get("/directory/deletedItems/microsoft.graph.application", filter="displayName eq 'retired'")["value"]
    assert [row["appId"] for row in rows] == [desk.simulator.apps["retired"]["client_id"]]
    assert desk.get("/applications", filter="displayName eq 'retired'")["value"] == []


def test_a_new_app_is_unknown_for_a_moment(desk: Desk) -> None:
    made = desk("POST", "/applications", {"displayName": "drill"})
    assert made.status_code == 201 and made.json()["displayName"] == "drill"
    path = f"/applications/{made.json()['id']}"
    assert refusal(desk("GET", path)) == refusal(desk("POST", f"{path}/addPassword", {"passwordCredential": {}})) == (404, "Request_ResourceNotFound")
    assert refusal(desk("POST", "/servicePrincipals", {"appId": made.json()["appId"]})) == (400, "Request_BadRequest")
    assert desk.get("/applications", filter="displayName eq 'drill'")["value"] == []
    desk.wait(0.6)
    assert desk.get(path)["id"] == made.json()["id"]
    assert desk.get("/applications", filter="displayName eq 'drill'")["value"] == []
    desk.wait(1)
    assert len(desk.get("/applications", filter="displayName eq 'drill'")["value"]) == 1


def test_the_same_name_makes_a_second_app(desk: Desk) -> None:
    for _time in range(2):
        desk.make("/applications", {"displayName": "drill"})
    assert len(desk.get("/applications", filter="displayName eq 'drill'")["value"]) == 2


def test_an_app_is_found_by_its_other_keys(desk: Desk) -> None:
    app = desk.make("/applications", {"displayName": "drill", "uniqueName": "soc's own"})
    assert desk.get(f"/applications(appId='{app['appId']}')")["id"] == app["id"]
    desk.change("PATCH", f"/applications(appId='{app['appId']}')", {"notes": "by app id"})
    desk.change("PATCH", "/applications(uniqueName='soc''s own')", {"displayName": "renamed"})
    row = desk.get("/applications", filter="uniqueName eq 'soc''s own'", select="id,displayName,notes")["value"][0]
    assert row == {"id": app["id"], "displayName": "renamed", "notes": "by app id"}


def test_upsert_makes_what_is_missing_only_when_told_so(desk: Desk) -> None:
    path, prefer = "/applications(uniqueName='soc')", {"Prefer": "create-if-missing"}
    assert refusal(desk("PATCH", path, {"displayName": "drill"})) == (404, "Request_ResourceNotFound")
    assert desk("PATCH", path, {"displayName": "drill"}, headers=prefer).status_code == 201
    assert desk("PATCH", path, {"displayName": "drill", "notes": "again"}, headers=prefer).status_code == 204
    assert refusal(desk("POST", "/applications", {"displayName": "x", "uniqueName": "soc"})) == (409, "Request_MultipleObjectsWithSameKeyValue")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"displayName": "x" * 257},
        {"displayName": "x", "description": "x" * 1025},
        {"displayName": "x", "displayname": "y"},
        {"displayName": "x", "signInAudience": "Everyone"},
        {"displayName": "x", "passwordCredentials": [{"displayName": "secret"}]},
        {"displayName": "x", "web": {"redirectUrls": []}},
        {"displayName": "x", "requiredResourceAccess": [{"resourceAppId": "1de00000-0000-4000-8000-0000000000ff", "resourceAccess": [ROLE]}]},
        {"displayName": "x", "requiredResourceAccess": [{"resourceAppId": DEFENDER_ID, "resourceAccess": [{"id": ROLE["id"], "type": "Right"}]}]},
        {"displayName": "x", "requiredResourceAccess": [{"resourceAppId": DEFENDER_ID, "resourceAccess": [ROLE] * 401}]},
        {"displayName": "x", "keyCredentials": [{"type": "AsymmetricX509Cert", "usage": "Verify", "key": "bm8gY2VydA=="}]},
    ],
    ids=lambda body: ",".join(body) or "nothing",
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(desk: Desk, body: dict) -> None:
    assert refusal(desk("POST", "/applications", body)) == (400, "Request_BadRequest")
    desk.wait()
    assert desk.get("/applications", filter="displayName eq 'x'")["value"] == []


def test_a_list_takes_the_place_of_the_one_before_and_an_object_does_not(desk: Desk) -> None:
    app = desk.make("/applications", {"displayName": "drill", "tags": ["a"], "web": {"redirectUris": ["https://portal.azure.com"]}})
    desk.change("PATCH", f"/applications/{app['id']}", {**TYPED, "tags": ["b"], "web": {"logoutUrl": "https://contoso.com/out"}})
    row = desk.get(f"/applications/{app['id']}")
    assert row["tags"] == ["b"] and (row["web"]["redirectUris"], row["web"]["logoutUrl"]) == (["https://portal.azure.com"], "https://contoso.com/out")


def test_a_deleted_app_can_be_restored_for_30_days(desk: Desk) -> None:
    app = desk.app_of(displayName="drill")
    desk.change("DELETE", f"/applications/{app['id']}")
    assert refusal(desk("GET", f"/applications/{app['id']}")) == (404, "Request_ResourceNotFound")
    assert refusal(desk("GET", f"/servicePrincipals(appId='{app['appId']}')")) == (404, "Request_ResourceNotFound")
    deleted = desk.get("/directory/deletedItems/microsoft.graph.application", filter=f"appId eq '{app['appId']}'")["value"]
    assert [row["id"] for row in deleted] == [app["id"]] and deleted[0]["deletedDateTime"]
    restored = desk.make(f"/directory/deletedItems/{app['id']}/restore", None, 200)
    assert (restored["appId"], restored["deletedDateTime"]) == (app["appId"], None)
    assert desk.get(f"/applications/{app['id']}")["appId"] == app["appId"]
    desk.change("DELETE", f"/applications/{app['id']}")
    desk.wait(31 * 86400)
    fresh = Desk(desk.simulator)
    assert refusal(fresh("POST", f"/directory/deletedItems/{app['id']}/restore")) == (404, "Request_ResourceNotFound")


def test_with_the_smaller_role_an_app_changes_what_it_made(desk: Desk) -> None:
    bootstrapper = Desk(desk.simulator, "bootstrapper")
    mine, other = bootstrapper.app_of(), desk.app_of()
    bootstrapper.change("PATCH", f"/applications/{mine['id']}", {"notes": "mine"})
    me = desk.get(f"/applications/{mine['id']}/owners")["value"]
    assert [(row["@odata.type"], wrong(row, "DirectoryObject")) for row in me] == [("#microsoft.graph.servicePrincipal", [])]
    for path in (f"/applications/{other['id']}", f"/servicePrincipals/{other['principal']}"):
        assert refusal(bootstrapper("PATCH", path, {"notes": "not mine"})) == (403, "Authorization_RequestDenied")
    assert bootstrapper.get(f"/applications/{other['id']}")["id"] == other["id"]
    assert refusal(Desk(desk.simulator, "reader")("GET", "/applications")) == (403, "Authorization_RequestDenied")


def test_owners_come_and_go(desk: Desk) -> None:
    app = desk.app_of()
    path, someone = f"/applications/{app['id']}/owners", "a1100000-0000-4000-8000-000000000001"
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{someone}"}
    desk.change("POST", f"{path}/$ref", reference)
    assert refusal(desk("POST", f"{path}/$ref", reference)) == (400, "Request_BadRequest")
    assert [row["id"] for row in desk.get(f"/applications/{app['id']}", expand="owners")["owners"]] == [someone]
    desk.change("DELETE", f"{path}/{someone}/$ref")
    assert desk.get(path)["value"] == []
    assert refusal(desk("DELETE", f"{path}/{someone}/$ref")) == (404, "Request_ResourceNotFound")
    assert desk("DELETE", f"{path}/{someone}").status_code == 400


def test_pages_are_as_large_as_asked_for_and_lead_on(desk: Desk) -> None:
    first = desk.get("/applications", top="4", select="appId")
    assert len(first["value"]) == 4 and set(first["value"][0]) == {"appId"}
    second = desk("GET", first["@odata.nextLink"].partition("/v1.0")[2]).json()
    assert second["value"] and not {row["appId"] for row in first["value"]} & {row["appId"] for row in second["value"]}


@pytest.mark.parametrize(
    "query",
    [
        {"search": '"displayName:resp"'},
        {"filter": "displayName ne 'nobody'", "count": "true"},
        {"filter": "startswith(displayName,'r')", "orderby": "displayName", "count": "true"},
        {"filter": "endswith(displayName,'er')", "count": "true"},
    ],
    ids=" ".join,
)
def test_advanced_queries_take_eventual_consistency(desk: Desk, query: dict[str, str]) -> None:
    assert refusal(desk("GET", "/applications", **query)) == (400, "Request_UnsupportedQuery")
    found = desk("GET", "/applications", headers=EVENTUAL, **query).json()
    assert "responder" in [row["displayName"] for row in found["value"]]
    assert found.get("@odata.count") == (len(found["value"]) if "count" in query else None)


@pytest.mark.parametrize(
    "query", [{"select": "secret"}, {"filter": "notes eq 'x'"}, {"top": "1000"}, {"skip": "1"}, {"expand": "secrets"}, {"orderby": "notes"}],
)
def test_queries_that_no_page_offers_are_refused(desk: Desk, query: dict[str, str]) -> None:
    assert refusal(desk("GET", "/applications", **query)) == (400, "Request_BadRequest")


def test_the_tenants_rules_are_kept(desk: Desk) -> None:
    desk.simulator.settings(management_reference_needed=True)
    assert refusal(desk("POST", "/applications", {"displayName": "x"})) == (400, "Request_BadRequest")
    desk.make("/applications", {"displayName": "x", "serviceManagementReference": "SOC-7"})
    desk.simulator.settings(directory_quota=10)
    assert refusal(desk("POST", "/applications", {"displayName": "x", "serviceManagementReference": "SOC-7"})) == (403, "Directory_QuotaExceeded")
