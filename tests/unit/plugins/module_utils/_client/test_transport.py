# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why no answer came is told apart, and whether the request may have arrived."""

from __future__ import annotations

import contextlib
import datetime
import pathlib
import re
import socket
import ssl

import pytest
import trustme
import yaml
from ansible_collections.secops.defender.plugins.module_utils._api import machines
from ansible_collections.secops.defender.plugins.module_utils._client import no_answer, transport
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import (
    BadAnswer,
    BadInput,
    DefenderError,
    Unreachable,
)
from ansible_collections.secops.defender.plugins.module_utils._client.settings import Settings, settings_from
from unit.plugins.module_utils._client.identity import a_token
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.odd_hosts import (
    answers,
    hangs_up,
    head_of,
    host,
    proxy,
    refusing_proxy,
    says_nothing,
)

MACHINE = b'{"id": "a"}'
ROOT = pathlib.Path(__file__).parents[5]
PASSWORD = "not-a-secret-password"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", *transport.CA_VARIABLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def ca():
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_path(ca, tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return str(path)


def context_of(ca: trustme.CA, *names: str, **rest) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*(names or ("localhost",)), **rest).configure_cert(context)
    return context


def settings_for(port: int, **changes) -> Settings:
    given = {"access_token": a_token().value, "api_url": f"https://localhost:{port}", "timeout": 2, "connect_timeout": 2, "retry_time": 0}
    return settings_from({**given, **changes})


def ask(settings: Settings):
    return Client(settings).call(machines.GET, machine_id="a")


def failure_of(settings: Settings, kind: type[DefenderError] = Unreachable):
    with pytest.raises(kind) as failed:
        ask(settings)
    return failed.value


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


def test_an_unknown_ca_is_told_with_the_option_that_mends_it(ca):
    with host(answers(MACHINE), context_of(ca)) as port:
        failure = failure_of(settings_for(port))
    assert (failure.code, failure.maybe_sent) == (no_answer.TLS, False)
    assert "CA that is not trusted" in failure.msg and "ca_path" in failure.hint


def test_a_certificate_may_go_unchecked_but_not_unsaid(ca):
    with host(answers(MACHINE), context_of(ca)) as port:
        client = Client(settings_for(port, validate_certs=False))
        assert client.call(machines.GET, machine_id="a") == {"id": "a"}
    assert "validate_certs" in client.warnings[0]


@pytest.mark.parametrize(("names", "says"), [(("other.example",), "for another name"), (("127.0.0.1",), "for another name")])
def test_a_certificate_for_another_name_is_told(ca, ca_path, names, says):
    with host(answers(MACHINE), context_of(ca, *names)) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path))
    assert failure.code == no_answer.TLS and says in failure.msg


def test_an_expired_certificate_is_told(ca, ca_path):
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    with host(answers(MACHINE), context_of(ca, not_before=yesterday - datetime.timedelta(days=1), not_after=yesterday)) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path))
    assert failure.code == no_answer.TLS and "has expired" in failure.msg and "clock" in failure.hint


def test_a_port_without_tls_is_told(ca_path):
    def speaks_in_the_clear(connection):
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with host(speaks_in_the_clear) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path))
    assert (failure.code, failure.maybe_sent) == (no_answer.TLS, False)


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


def test_a_refused_connection_was_surely_not_sent():
    with host(hangs_up) as port:
        pass
    failure = failure_of(settings_for(port))
    assert (failure.code, failure.maybe_sent) == (no_answer.REFUSED, False)


def test_a_name_that_does_not_exist_is_told():
    failure = failure_of(settings_for(443, api_url="https://no-such-host.invalid"))
    assert (failure.code, failure.maybe_sent) == (no_answer.NAME, False)
    assert "no-such-host.invalid" in failure.msg


def test_a_connection_that_is_not_taken_was_surely_not_sent():
    with contextlib.ExitStack() as open_ones:
        listener = open_ones.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _filler in range(2):  # the queue is full with these, and nobody takes them out
            filler = open_ones.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        failure = failure_of(settings_for(0, api_url=f"https://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=1))
    assert (failure.code, failure.maybe_sent) == (no_answer.CONNECT_TIMEOUT, False)


def test_a_host_that_says_nothing_may_have_got_the_request(ca, ca_path):
    with host(says_nothing, context_of(ca)) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path, timeout=1))
    assert (failure.code, failure.maybe_sent) == (no_answer.READ_TIMEOUT, True)
    assert "timeout" in failure.hint and failure.request_id


def test_a_host_that_hangs_up_may_have_got_the_request(ca, ca_path):
    with host(hangs_up, context_of(ca)) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path))
    assert (failure.code, failure.maybe_sent) == (no_answer.DROPPED, True)


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(ca, ca_path):
    with host(answers(MACHINE, claims=500), context_of(ca)) as port:
        assert failure_of(settings_for(port, ca_path=ca_path), BadAnswer).code == no_answer.CUT_SHORT


def test_an_answer_that_drips_for_ever_is_given_up(ca, ca_path):
    def drips(connection):
        head_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1\r\n \r\n")
            clock.sleep(10)

    clock = MovingClock()
    with host(drips, context_of(ca)) as port:
        client = Client(settings_for(port, ca_path=ca_path, timeout=60), clock=clock)
        with pytest.raises(Unreachable) as slow:
            client.call(machines.GET, machine_id="a")
    assert slow.value.code == no_answer.READ_TIMEOUT


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_not_followed(ca, ca_path, status):
    followed = []

    def elsewhere(connection):
        followed.append(head_of(connection))

    with host(elsewhere, context_of(ca)) as other, host(
        answers(b"", status=status, more=f"Location: https://localhost:{other}/api\r\n"), context_of(ca)
    ) as port:
        failure = failure_of(settings_for(port, ca_path=ca_path), BadAnswer)
    assert "redirects to localhost" in failure.msg
    assert not followed


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


@pytest.mark.parametrize(
    ("status", "says"),
    [("407 Proxy Authentication Required", "wants a user and a password"), ("403 Forbidden", "refuses the way to localhost"), ("502 Bad Gateway", "(502)")],
)
def test_a_proxy_that_refuses_is_told_without_its_password(status, says):
    with host(refusing_proxy(status)) as port:
        failure = failure_of(settings_for(1, proxy=f"http://user:{PASSWORD}@127.0.0.1:{port}"))
    assert (failure.code, failure.maybe_sent) == (no_answer.PROXY, False)
    assert says in failure.msg and f"127.0.0.1:{port}" in failure.msg
    assert PASSWORD not in repr(failure.as_result()) and PASSWORD not in repr(failure.__cause__)
    assert failure.__suppress_context__


def test_a_proxy_that_is_not_there_is_told():
    with host(hangs_up) as port:
        pass
    failure = failure_of(settings_for(1, proxy=f"http://127.0.0.1:{port}"))
    assert failure.code == no_answer.PROXY and "cannot be reached" in failure.msg


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
