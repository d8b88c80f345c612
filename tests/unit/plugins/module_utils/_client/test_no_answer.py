# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why no answer came is told apart, and whether the request may have arrived."""

from __future__ import annotations

import contextlib
import datetime
import socket

import pytest
from ansible_collections.secops.defender.plugins.module_utils._api import machines
from ansible_collections.secops.defender.plugins.module_utils._client import no_answer
from ansible_collections.secops.defender.plugins.module_utils._client.client import Client
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer, Unreachable
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.odd_hosts import (
    MACHINE,
    answers,
    context_of,
    failure_of,
    hangs_up,
    head_of,
    host,
    refusing_proxy,
    says_nothing,
    settings_for,
)

PASSWORD = "not-a-secret-password"
pytestmark = pytest.mark.usefixtures("plain_environment")


def test_an_unknown_ca_is_told_with_the_option_that_mends_it(ca):
    with host(answers(MACHINE), context_of(ca)) as port:
        failure = failure_of(settings_for(port))
    assert (failure.code, failure.maybe_sent) == (no_answer.TLS, False)
    assert "CA that is not trusted" in failure.msg and "ca_path" in failure.hint


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
