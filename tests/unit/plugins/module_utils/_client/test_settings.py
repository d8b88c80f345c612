# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are taken or refused before anything is sent."""

from __future__ import annotations

import dataclasses
import itertools
import os

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from ansible_collections.secops.defender.plugins.module_utils._client.settings import OPTIONS, Settings, settings_from
from ansible_collections.secops.defender.plugins.module_utils._client.ways import WAYS_TO_SIGN_IN
from unit.plugins.module_utils._client.identity import APP, SECRET, TENANT, encode, some_settings

TOKEN = encode({"not": "a token"})
IDENTITY = "/subscriptions/5a1f0e4c/resourceGroups/soc/providers/Microsoft.ManagedIdentity/userAssignedIdentities/responder"
WAYS = {
    "client_secret": SECRET,
    "certificate_path": "app.pem",
    "federated_token_path": "token.jwt",
    "federated_token": TOKEN,
    "managed_identity": "system",
    "device_code": True,
    "access_token": TOKEN,
}


def test_options_and_settings_have_the_same_names():
    assert [option.name for option in OPTIONS] == [field.name for field in dataclasses.fields(Settings)]


def test_every_option_is_named_alike_in_the_environment():
    assert all(option.wire == f"DEFENDER_{option.name.upper()}" for option in OPTIONS)


def test_a_secret_is_not_shown():
    shown = repr(some_settings(proxy="http://user:not-a-secret-password@proxy.example.com:3128"))
    assert SECRET not in shown and "not-a-secret-password" not in shown
    assert TOKEN not in repr(some_settings(client_secret=None, federated_token=TOKEN))


def test_line_ends_from_files_and_vaults_are_cut_off():
    assert some_settings(client_secret=f"{SECRET}\n", tenant_id=f" {TENANT} ") == some_settings()


def test_a_passphrase_keeps_its_blanks():
    assert some_settings(client_secret=None, certificate_path="app.pem", certificate_passphrase=" not a secret ").certificate_passphrase == " not a secret "


def test_a_path_may_start_at_home():
    assert some_settings(ca_path="~/ca.pem").ca_path == os.path.expanduser("~/ca.pem")


@pytest.mark.parametrize("word, meaning", [("yes", True), ("True", True), (1, True), ("0", False), ("off", False), (False, False)])
def test_a_bool_may_be_written_as_a_word(word, meaning):
    assert some_settings(validate_certs=word).validate_certs is meaning


def test_the_environment_stands_in_for_what_is_not_given():
    environ = {"DEFENDER_TENANT_ID": TENANT, "DEFENDER_CLIENT_ID": APP, "DEFENDER_CLIENT_SECRET": SECRET, "DEFENDER_TIMEOUT": "7"}
    assert settings_from({"client_id": "", "tenant_id": None}, environ) == some_settings(timeout=7)


def test_an_empty_variable_counts_as_not_set():
    environ = {"DEFENDER_ACCESS_TOKEN": "", "DEFENDER_TIMEOUT": "  "}
    assert settings_from({"tenant_id": TENANT, "client_id": APP, "client_secret": SECRET}, environ) == some_settings()


def test_a_way_to_sign_in_that_is_given_keeps_others_out_of_the_environment():
    environ = {"DEFENDER_CLIENT_SECRET": SECRET, "DEFENDER_CERTIFICATE_PATH": "app.pem", "DEFENDER_CERTIFICATE_PASSPHRASE": "not a secret"}
    settings = settings_from({"access_token": TOKEN}, environ)
    assert settings.way_to_sign_in == "access_token"
    assert settings.client_secret is settings.certificate_path is settings.certificate_passphrase is None


@pytest.mark.parametrize("way", ["access_token", "managed_identity"])
def test_where_the_identity_is_known_neither_tenant_nor_app_is_needed(way):
    assert settings_from({way: WAYS[way]}).way_to_sign_in == way


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"access_token", "managed_identity"}))
def test_everywhere_else_tenant_and_app_are_needed(way):
    with pytest.raises(BadInput, match="tenant_id and client_id is not given"):
        settings_from({way: WAYS[way]})
    assert some_settings(**{"client_secret": None, way: WAYS[way]}).way_to_sign_in == way


def test_every_way_is_tried_here():
    assert set(WAYS) == set(WAYS_TO_SIGN_IN)


@pytest.mark.parametrize("one, other", list(itertools.combinations(WAYS, 2)))
def test_two_ways_at_once_are_refused_with_both_names(one, other):
    with pytest.raises(BadInput) as refused:
        some_settings(**{"client_secret": None, one: WAYS[one], other: WAYS[other]})
    assert f"{one} and {other}" in refused.value.msg and SECRET not in refused.value.sentence() and TOKEN not in refused.value.sentence()


def test_a_device_code_that_is_switched_off_is_no_way():
    assert some_settings(device_code=False).way_to_sign_in == "client_secret"
    environ = {"DEFENDER_DEVICE_CODE": "true", "DEFENDER_CLIENT_SECRET": SECRET}
    assert settings_from({"tenant_id": TENANT, "client_id": APP, "device_code": "no"}, environ).way_to_sign_in == "client_secret"


@pytest.mark.parametrize("identity", ["system", APP, IDENTITY, IDENTITY.lower()])
def test_a_managed_identity_is_that_of_the_machine_or_one_named_by_an_id(identity):
    assert settings_from({"managed_identity": identity}).managed_identity == identity


def test_a_managed_identity_keeps_the_app_of_the_environment_out():
    settings = settings_from({"managed_identity": "system"}, {"DEFENDER_CLIENT_ID": APP, "DEFENDER_TENANT_ID": TENANT})
    assert (settings.client_id, settings.tenant_id) == (None, TENANT)


@pytest.mark.parametrize("given", ["https://login.example.com/", "https://login.example.com"])
def test_a_host_is_kept_without_a_closing_slash(given):
    assert some_settings(login_url=given).login_url == "https://login.example.com"


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"client_secret": None}, "device_code or access_token"),
        ({"client_secret": None, "device_code": False}, "Nothing to sign in with"),
        ({"client_secret": None, "managed_identity": "system"}, "client_id is given with managed_identity"),
        ({"client_secret": None, "client_id": None, "managed_identity": "true"}, "managed_identity is 'true'"),
        ({"client_secret": None, "client_id": None, "managed_identity": "/subscriptions/5a1f0e4c"}, "whole resource id"),
        ({"certificate_send_chain": True}, "certificate_send_chain"),
        ({"access_token": TOKEN}, "client_secret and access_token"),
        ({"certificate_path": "app.pem"}, "client_secret and certificate_path"),
        ({"certificate_key_path": "key.pem"}, "certificate_key_path"),
        ({"certificate_passphrase": "not a secret"}, "certificate_passphrase"),
        ({"tenant_id": ""}, "tenant_id"),
        ({"client_id": None}, "client_id"),
        ({"tenant_id": "common"}, "'common'"),
        ({"tenant_id": "my tenant"}, "'my tenant'"),
        ({"tenant_id": "../x"}, "'../x'"),
        ({"client_id": "responder"}, "'responder'"),
        ({"cloud": "china"}, "'china'"),
        ({"region": "mars"}, "'mars'"),
        ({"cloud": "gcc", "region": "us"}, "region 'us'"),
        ({"scope": "https://api.securitycenter.microsoft.com"}, "scope"),
        ({"scope": "https://a.example/.default https://b.example/.default"}, "scope"),
        ({"login_url": "http://login.example.com"}, "login_url"),
        ({"login_url": "login.example.com"}, "login_url"),
        ({"login_url": f"https://login.example.com/{TENANT}"}, "login_url"),
        ({"login_url": "https://user:not-a-secret-password@login.example.com"}, "login_url"),
        ({"api_url": "https://api.security.microsoft.com/api"}, "api_url"),
        ({"api_url": "https://["}, "api_url"),
        ({"api_url": "https://api.example.com:port"}, "api_url"),
        ({"proxy": "proxy.example.com:3128"}, "proxy"),
        ({"timeout": 0}, "timeout is 0"),
        ({"timeout": "soon"}, "'soon'"),
        ({"connect_timeout": True}, "connect_timeout"),
        ({"retry_time": -1}, "retry_time is -1"),
        ({"validate_certs": "perhaps"}, "'perhaps'"),
    ],
)
def test_a_bad_value_is_named_with_its_mend_and_without_secrets(changes, named):
    with pytest.raises(BadInput) as refused:
        some_settings(**changes)
    sentence = refused.value.sentence()
    assert named in sentence and refused.value.hint
    assert not any(secret in sentence for secret in (SECRET, TOKEN, "not-a-secret-password", "not a secret"))


def test_a_bad_value_of_the_environment_is_named_by_its_variable():
    with pytest.raises(BadInput, match="DEFENDER_TIMEOUT is 'soon'"):
        settings_from({"access_token": TOKEN}, {"DEFENDER_TIMEOUT": "soon"})
