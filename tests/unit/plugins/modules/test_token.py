# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token is proved before anything is done with it, and every refusal has its own words."""

from __future__ import annotations

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadInput,
    NoRoles,
    RoleMissing,
    SignInFailed,
    TokenExpired,
    TokenRejected,
    Unreachable,
    WrongAudience,
)
from unit.plugins.modules.playing import connection, run, work

READ_MACHINES = ["Machine.Read.All", "Machine.ReadWrite.All"]
HOURS = 3600


def test_all_roles_are_held_and_any_of_a_group_is_enough(tenant):
    token = work(tenant, "token", required_roles=["Machine.Isolate", READ_MACHINES])["token"]
    assert token["roles"] == ["Alert.Read.All", "Machine.Isolate", "Machine.Read.All"]
    assert (token["tenant_id"], token["app_id"]) == (tenant.tenant_id, tenant.apps["responder"]["client_id"])


def test_the_service_itself_is_asked_nothing(tenant):
    work(tenant, "token")
    assert tenant.journal(service="defender") == []


def test_a_missing_role_is_told_with_what_is_held_and_what_to_grant(tenant):
    with pytest.raises(RoleMissing) as failure:
        work(tenant, "token", app="reader", required_roles=[READ_MACHINES, "Machine.Isolate"])
    assert failure.value.details == {
        "roles_held": ["Alert.Read.All", "Machine.Read.All"],
        "roles_missing": [["Machine.Isolate"]],
        "roles_to_grant": ["Machine.Isolate"],
    }


def test_missing_consent_is_not_called_a_missing_role(tenant):
    with pytest.raises(NoRoles, match="nobody has consented"):
        work(tenant, "token", app="nobody", required_roles=[READ_MACHINES])


def test_a_token_for_another_api_is_told_from_a_missing_role(tenant):
    of_xdr = tenant.token(scope="https://api.security.microsoft.com/.default")
    with pytest.raises(WrongAudience, match="Defender XDR"):
        work(tenant, "token", app=None, access_token=of_xdr, required_roles=["Machine.Isolate"])


def test_a_token_of_another_tenant_is_refused(tenant):
    with pytest.raises(TokenRejected, match="tenant"):
        work(tenant, "token", app=None, access_token=tenant.token(), tenant_id="00000000-0000-4000-8000-000000000001")


def test_an_expired_token_is_told_with_the_time_here(tenant):
    with pytest.raises(TokenExpired, match="expired"):
        work(tenant, "token", app=None, access_token=tenant.token(), ahead=2 * HOURS)


def test_a_clock_that_is_slow_is_named_as_the_cause(tenant):
    with pytest.raises(TokenExpired) as failure:
        work(tenant, "token", app=None, access_token=tenant.token(), ahead=-HOURS)
    assert "clock" in failure.value.hint


def test_a_good_signature_is_proved(tenant):
    assert work(tenant, "token", verify_signature=True)["signature_verified"]


def test_a_forged_token_is_refused(tenant):
    value = tenant.token()
    forged = value[:-8] + ("AAAAAAAA" if not value.endswith("AAAAAAAA") else "BBBBBBBB")
    with pytest.raises(TokenRejected, match="signature"):
        work(tenant, "token", app=None, access_token=forged, verify_signature=True)


@pytest.mark.parametrize("item", [[], [""], [["Machine.Isolate"]], {"any": "Machine.Isolate"}, 7])
def test_what_is_no_list_of_roles_is_refused(tenant, item):
    with pytest.raises(BadInput, match="required_roles"):
        work(tenant, "token", required_roles=[item])
    assert tenant.journal() == []


@pytest.mark.parametrize(
    ("app", "options", "code"),
    [
        ("responder", {"client_secret": "not-a-secret-and-wrong"}, "AADSTS7000215"),
        ("expired", {}, "AADSTS7000222"),
        ("disabled", {}, "AADSTS7000112"),
        ("responder", {"tenant_id": "00000000-0000-4000-8000-000000000001"}, "AADSTS90002"),
        ("responder", {"client_id": "00000000-0000-4000-8000-000000000001"}, "AADSTS700016"),
    ],
)
def test_every_refused_sign_in_has_its_number_and_a_hint(tenant, app, options, code):
    with pytest.raises(SignInFailed) as failure:
        work(tenant, "token", app=app, **options)
    assert failure.value.code == code
    assert failure.value.hint


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"login_url": "https://localhost:9"}, "localhost"),
        ({"login_url": "https://no-such-host.invalid"}, "no-such-host.invalid"),
        ({"proxy": "http://127.0.0.1:9"}, "proxy"),
    ],
)
def test_what_cannot_be_reached_is_named(tenant, options, named):
    with pytest.raises(Unreachable, match=named):
        work(tenant, "token", retry_time=0, **options)


def test_an_authority_that_nobody_trusts_is_named_as_the_cause(tenant, tmp_path):
    import trustme

    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with pytest.raises(Unreachable) as failure:
        work(tenant, "token", retry_time=0, ca_path=str(tmp_path / "other.pem"))
    assert "ca_path" in failure.value.hint


def test_the_token_is_returned_only_when_asked_for(tenant):
    assert "access_token" not in work(tenant, "token")
    assert work(tenant, "token", return_access_token=True)["access_token"].count(".") == 2


def test_neither_secret_nor_token_leave_the_process(tenant):
    ended = run("token", connection(tenant))
    assert ended.result["changed"] is False
    assert tenant.apps["responder"]["client_secret"] not in ended.text
    assert "eyJ" not in ended.text


def test_check_mode_signs_in_as_well(tenant):
    assert run("token", connection(tenant), check_mode=True).result["token"]["roles"]


def test_a_secret_from_the_environment_is_hidden_too(tenant):
    options = {**connection(tenant, app=None), "tenant_id": tenant.tenant_id, "client_id": "not-a-secret-from-elsewhere"}
    ended = run("token", options, environ={"DEFENDER_CLIENT_SECRET": "not-a-secret-from-elsewhere"})
    assert ended.result["failed"]
    assert "not-a-secret-from-elsewhere" not in ended.result["msg"]


def test_a_secret_in_the_environment_does_not_disturb_a_task_that_brings_a_token(tenant):
    options = {**connection(tenant, app=None), "access_token": tenant.token()}
    assert run("token", options, environ={"DEFENDER_CLIENT_SECRET": "not-a-secret"}).result["token"]["roles"]


def test_options_come_from_the_environment_where_the_task_has_none(tenant):
    environ = {f"DEFENDER_{name.upper()}": str(value) for name, value in connection(tenant).items()}
    assert run("token", {}, environ=environ).result["token"]["tenant_id"] == tenant.tenant_id
