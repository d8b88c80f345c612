# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant in which no app of ours is yet but one that makes others, as a bootstrap meets it."""

from __future__ import annotations

import pytest
from simulator.handle import Handle
from unit.simulator.desk import DEFENDER_ID, Desk, number, refusal, roles


@pytest.fixture
def desk(simulator: Handle) -> Desk:
    simulator.load("from_nothing")
    return Desk(simulator, "bootstrapper")


def test_there_is_the_bootstrapper_and_no_other(desk: Desk) -> None:
    assert [row["displayName"] for row in desk.get("/applications")["value"]] == ["bootstrapper"]
    reader = desk.simulator.apps["reader"]
    assert number(desk.sign_in({"appId": reader["client_id"]}, reader["client_secret"])) == 700016
    assert set(desk.simulator.directory()) == {"bootstrapper"}


def test_it_makes_an_app_with_the_roles_of_a_playbook_and_not_one_more(desk: Desk) -> None:
    app = desk.app_of(displayName="ansible")
    secret = desk.secret(app)["secretText"]
    for role in ("Machine.Read.All", "Machine.Isolate"):
        assert desk.grant(app["principal"], role).status_code == 201
    desk.wait()
    answer = desk.sign_in(app, secret)
    assert roles(answer) == ["Machine.Read.All", "Machine.Isolate"]
    assert desk.simulator.directory()["ansible"]["roles"] == {"WindowsDefenderATP": ["Machine.Isolate", "Machine.Read.All"]}
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    machines = desk.simulator.session.get(f"{desk.simulator.url}/api/machines", headers=bearer).json()["value"]
    assert "fin-07" in {row["computerDnsName"].partition(".")[0] for row in machines}


def test_what_takes_a_higher_role_is_not_the_bootstrappers(desk: Desk) -> None:
    app = desk.app_of()
    owner = {"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/a1100000-0000-4000-8000-000000000001"}
    assert refusal(desk("POST", f"/applications/{app['id']}/owners/$ref", owner)) == (403, "Authorization_RequestDenied")
    assert refusal(desk("GET", "/oauth2PermissionGrants")) == (403, "Authorization_RequestDenied")
    assert refusal(desk("PATCH", f"/servicePrincipals/{desk.resource(DEFENDER_ID)['id']}", {"notes": "x"})) == (403, "Authorization_RequestDenied")
