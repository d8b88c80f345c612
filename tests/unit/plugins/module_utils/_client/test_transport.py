# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests go out by the CA, the proxy and the name that the user wants, and to no other place."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml
from ansible_collections.secops.defender.plugins.module_utils._api import machines
from ansible_collections.secops.defender.plugins.module_utils._client import transport
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadInput
from unit.plugins.module_utils._client.odd_hosts import MACHINE, answers, ask, context_of, failure_of, head_of, host, proxy, settings_for

ROOT = pathlib.Path(__file__).parents[5]
PASSWORD = "not-a-secret-password"
pytestmark = pytest.mark.usefixtures("plain_environment")


def test_a_host_with_a_known_ca_answers(ca, ca_path):
    with host(answers(MACHINE), context_of(ca)) as port:
        assert ask(settings_for(port, ca_path=ca_path)) == {"id": "a"}


@pytest.mark.parametrize("variable", transport.CA_VARIABLES)
def test_the_environment_names_the_ca_when_the_task_does_not(ca, ca_path, variable, monkeypatch):
    monkeypatch.setenv(variable, ca_path)
    with host(answers(MACHINE), context_of(ca)) as port:
        assert ask(settings_for(port)) == {"id": "a"}


def test_the_ca_of_the_task_wins_over_that_of_the_environment(ca, ca_path, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    with host(answers(MACHINE), context_of(ca)) as port:
        assert ask(settings_for(port, ca_path=ca_path)) == {"id": "a"}


def test_a_certificate_may_go_unchecked_but_not_unsaid(ca):
    with host(answers(MACHINE), context_of(ca)) as port:
        client = Client(settings_for(port, validate_certs=False))
        assert client.call(machines.GET, machine_id="a") == {"id": "a"}
    assert "validate_certs" in client.warnings[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), ("no certificate", "no certificate in PEM form")],
)
def test_a_ca_bundle_that_cannot_be_read_is_bad_input(tmp_path, content, says):
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    failure = failure_of(settings_for(1, ca_path=str(path)), BadInput)
    assert failure.msg.startswith("ca_path is") and says in failure.msg


def test_a_ca_bundle_of_the_environment_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    assert failure_of(settings_for(1), BadInput).msg.startswith("SSL_CERT_FILE is")


def test_no_cookie_is_kept_and_we_say_who_we_are(ca, ca_path):
    heads = []

    def sets_a_cookie(connection):
        while True:
            heads.append(head_of(connection).decode().lower())
            connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 11\r\n\r\n" + MACHINE)

    with host(sets_a_cookie, context_of(ca)) as port:
        client = Client(settings_for(port, ca_path=ca_path))
        for _call in range(2):
            client.call(machines.GET, machine_id="a")
    assert len(heads) == 2
    assert all("user-agent: secops.defender/" in head and "client-request-id: " in head and "cookie:" not in head for head in heads)


def test_the_version_we_tell_is_that_of_the_collection():
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == transport.VERSION


def test_nothing_goes_out_in_the_clear():
    session = transport.open_session(settings_for(1))
    assert list(session.adapters) == ["https://"]


@pytest.mark.parametrize("variable", [None, "HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_way_goes_through_the_proxy_given_or_that_of_the_environment(ca, ca_path, variable, monkeypatch):
    seen: list[str] = []
    with host(answers(MACHINE), context_of(ca)) as port, host(proxy(seen)) as proxy_port:
        address = f"http://user:{PASSWORD}@127.0.0.1:{proxy_port}"
        if variable:
            monkeypatch.setenv(variable, address)
        assert ask(settings_for(port, ca_path=ca_path, proxy=None if variable else address)) == {"id": "a"}
    assert seen[0].startswith("CONNECT localhost") and re.search("proxy-authorization: basic", seen[0], re.IGNORECASE)


def test_no_proxy_is_asked_for_a_host_that_no_proxy_names(ca, ca_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "example.com,localhost")
    with host(answers(MACHINE), context_of(ca)) as port:
        assert ask(settings_for(port, ca_path=ca_path)) == {"id": "a"}


@pytest.mark.parametrize(
    ("no_proxy", "url", "goes_through"),
    [
        ("", "https://login.example.com/x", True),
        ("*", "https://login.example.com/x", False),
        (".example.com", "https://login.example.com/x", False),
        ("login.example.com:8443", "https://login.example.com/x", True),
        ("other.example.com", "https://login.example.com/x", True),
    ],
)
def test_no_proxy_is_read_as_other_tools_read_it(no_proxy, url, goes_through, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert transport.proxies_for(url, settings_for(1)) == ({"https": "http://proxy.example.com:3128"} if goes_through else {})
