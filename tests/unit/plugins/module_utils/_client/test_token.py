# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is read, judged and described without asking anyone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._client.clouds import endpoints
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    NoRoles,
    RoleMissing,
    TokenExpired,
    TokenRejected,
    WrongAudience,
)
from ansible_collections.secops.defender.plugins.module_utils._client.token import (
    decode,
    describe,
    judge,
)
from ansible_collections.secops.defender.plugins.module_utils._client.token_roles import require_roles
from unit.plugins.module_utils._client.identity import APP, CLAIMS, NOW, TENANT, a_token, encode, some_settings

ROOT = next(parent for parent in Path(__file__).resolve().parents if (parent / "tests" / "simulator").is_dir())
CONTRACT = yaml.safe_load((ROOT / "tests/simulator/contract/roles.yaml").read_text(encoding="utf-8"))
AUDIENCES = endpoints(some_settings()).audiences
ALERT_READ = ("Alert.Read.All", "Alert.ReadWrite.All")
ISOLATE = ("Machine.Isolate",)


def judged(now=NOW, tenant_id=TENANT, **changes):
    judge(a_token(**changes), audiences=AUDIENCES, tenant_id=tenant_id, now=now)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": "https://api.securitycenter.microsoft.com/"},
        {"aud": "https://securitycenter.onmicrosoft.com/windowsatpservice"},
        {"aud": "fc780465-2017-40d4-a0c5-307022471b92"},
        {"nbf": NOW + 200},
        {"nbf": None},
        {"exp": NOW + 1},
        {"tenant_id": None},
        {"tenant_id": "contoso.com"},
        {"tenant_id": TENANT.upper()},
    ],
)
def test_a_good_token_is_let_through(changes):
    judged(**changes)


@pytest.mark.parametrize(
    "changes, kind, said",
    [
        ({"aud": "https://api.security.microsoft.com"}, WrongAudience, "The token is for Defender XDR"),
        ({"aud": "https://graph.microsoft.com"}, WrongAudience, "The token is for Microsoft Graph"),
        ({"aud": "00000003-0000-0000-c000-000000000000"}, WrongAudience, "The token is for Microsoft Graph"),
        ({"aud": "https://api-gov.securitycenter.microsoft.us"}, WrongAudience, "in another cloud"),
        ({"aud": "api://something.example"}, WrongAudience, "The token is for api://something.example"),
        ({"aud": ["https://api.securitycenter.microsoft.com"]}, WrongAudience, "nothing at all"),
        ({"exp": NOW - 720}, TokenExpired, "12 minutes ago"),
        ({"exp": NOW}, TokenExpired, "0 seconds ago"),
        ({"exp": None}, TokenRejected, "does not say when"),
        ({"exp": "tomorrow"}, TokenRejected, "does not say when"),
        ({"exp": 10**30}, TokenRejected, "does not say when"),
        ({"nbf": NOW + 900}, TokenExpired, "not valid before 2026-11-25T10:01:40Z, in 15 minutes"),
        ({"tid": "another"}, TokenRejected, "for tenant another"),
        ({"tid": None}, TokenRejected, "for tenant unknown"),
    ],
)
def test_a_token_that_is_no_good_is_refused_with_the_reason_and_the_mend(changes, kind, said):
    with pytest.raises(kind) as refused:
        judged(**changes)
    assert said in refused.value.msg and refused.value.hint


def test_the_trap_of_the_two_hosts_is_explained():
    with pytest.raises(WrongAudience) as refused:
        judged(aud="https://api.security.microsoft.com/")
    assert "scope https://api.securitycenter.microsoft.com/.default" in refused.value.hint
    assert "as an audience it means Defender XDR" in refused.value.hint


@pytest.mark.parametrize("value", ["", "abc", "Bearer abc", "a.b", "a.b.c", "....", "!!.!!.!!", encode([]), "e30.bnVsbA.eA", "e30.e30.a\nb"])
def test_what_is_no_token_is_refused_without_repeating_it(value):
    with pytest.raises(TokenRejected) as refused:
        decode(value)
    assert not value or value not in refused.value.sentence()


def test_a_token_does_not_show_its_value():
    assert a_token().value not in repr(a_token())


@pytest.mark.parametrize("needed", [[], [ALERT_READ], [("Machine.ReadWrite.All", "Machine.Read.All"), ALERT_READ]])
def test_one_role_of_each_group_is_enough(needed):
    require_roles(a_token(), needed)


def test_a_missing_role_is_told_with_what_is_held_and_what_to_grant():
    with pytest.raises(RoleMissing) as refused:
        require_roles(a_token(), [ALERT_READ, ISOLATE])
    assert refused.value.msg == "The token lacks Machine.Isolate; it holds Alert.Read.All and Machine.Read.All"
    assert f"Grant Machine.Isolate of Defender for Endpoint (WindowsDefenderATP) to app responder ({APP})" in refused.value.hint
    assert refused.value.details == {
        "roles_held": ["Alert.Read.All", "Machine.Read.All"],
        "roles_missing": [["Machine.Isolate"]],
        "roles_to_grant": ["Machine.Isolate"],
    }


def test_the_least_role_of_a_group_is_the_one_to_grant():
    with pytest.raises(RoleMissing) as refused:
        require_roles(a_token(roles=["Machine.Isolate"]), [ALERT_READ])
    assert "The token lacks Alert.Read.All (or Alert.ReadWrite.All)" in refused.value.msg
    assert refused.value.details["roles_to_grant"] == ["Alert.Read.All"]


@pytest.mark.parametrize("roles", [None, [], "Alert.Read.All"])
def test_no_roles_at_all_means_that_nobody_has_consented(roles):
    with pytest.raises(NoRoles) as refused:
        require_roles(a_token(roles=roles), [ALERT_READ])
    assert "nobody has consented" in refused.value.msg and "administrator consent" in refused.value.hint


def test_scopes_of_a_user_stand_for_the_roles_they_match():
    token = a_token(roles=None, scp="Alert.Read Machine.Isolate")
    assert not token.is_app_only
    require_roles(token, [ALERT_READ, ISOLATE])
    with pytest.raises(RoleMissing, match="The user's token lacks Machine.Read.All"):
        require_roles(token, [("Machine.Read.All",)])


@pytest.mark.parametrize("resource, audience", [("WindowsDefenderATP", CLAIMS["aud"]), ("Microsoft Graph", "https://graph.microsoft.com")])
def test_every_permission_of_a_user_stands_for_the_role_that_does_the_same(resource, audience):
    (rows,) = [known["app_roles"] for known in CONTRACT["resources"] if known["name"] == resource]
    for row in rows:
        if row.get("scope"):
            require_roles(a_token(aud=audience, roles=None, scp=row["scope"]), [(row["value"],)])


def test_at_graph_a_permission_of_a_user_stands_for_itself_alone():
    graph = {"aud": "https://graph.microsoft.com", "roles": None}
    require_roles(a_token(scp="ThreatHunting.Read.All User.Read", **graph), [("ThreatHunting.Read.All",)])
    with pytest.raises(RoleMissing):
        require_roles(a_token(scp="User.Read", **graph), [("User.Read.All",)])


def test_roles_beside_scopes_are_the_user_s_and_not_the_app_s():
    with pytest.raises(RoleMissing) as refused:
        require_roles(a_token(roles=["Machine.Isolate"], scp="Machine.Read"), [ISOLATE])
    assert refused.value.details["roles_held"] == ["Machine.Read"] and "delegated permissions" in refused.value.hint


@pytest.mark.parametrize("roles, kind", [(None, NoRoles), (["Alert.Read.All"], RoleMissing)])
def test_a_managed_identity_is_not_sent_to_a_page_that_it_does_not_have(roles, kind):
    token = a_token(roles=roles, xms_mirid="/subscriptions/5a1f0e4c/resourcegroups/soc/providers/Microsoft.Compute/virtualMachines/runner")
    with pytest.raises(kind) as refused:
        require_roles(token, [ISOLATE])
    assert "service principal 5a1f0e4c-0000-4000-8000-0000000000b1" in refused.value.hint and "App registrations" not in refused.value.hint


def test_the_user_behind_a_token_is_named():
    assert describe(a_token(roles=None, scp="Alert.Read", upn="anna@contoso.com"), NOW)["user"] == "anna@contoso.com"


def test_a_token_of_version_two_names_its_app_otherwise():
    assert a_token(appid=None, azp=APP, ver="2.0").app_id == APP


def test_a_description_holds_what_may_be_shown():
    assert describe(a_token(aio="noise", uti="noise"), NOW + 0.5) == {
        "audience": "https://api.securitycenter.microsoft.com",
        "resource": "Defender for Endpoint (WindowsDefenderATP)",
        "issuer": f"https://sts.windows.net/{TENANT}/",
        "tenant_id": TENANT,
        "app_id": APP,
        "app_name": "responder",
        "object_id": "5a1f0e4c-0000-4000-8000-0000000000b1",
        "user": None,
        "app_only": True,
        "credential": "secret",
        "roles": ["Alert.Read.All", "Machine.Read.All"],
        "scopes": [],
        "version": "1.0",
        "issued_at": "2026-11-25T09:46:40Z",
        "expires_at": "2026-11-25T10:51:40Z",
        "expires_in": 3899,
    }
