# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files come from behind links without our token, whole or not at all, and nothing ever tells the link."""

from __future__ import annotations

import logging

import pytest
from ansible_collections.secops.defender.plugins.module_utils._client.errors import BadAnswer, DefenderError, ServiceError, Unreachable
from ansible_collections.secops.defender.plugins.module_utils._client.no_answer import CUT_SHORT, READ_TIMEOUT
from ansible_collections.secops.defender.plugins.module_utils._client.storage import LINK_REFUSED, Storage
from unit.plugins.module_utils._client.moving_clock import MovingClock
from unit.plugins.module_utils._client.odd_hosts import answers, context_of, hangs_up, head_of, host, proxy, says_nothing, settings_for

SIGNATURE = "bm90LWEtc2VjcmV0"
CONTENT = b"not a zip, all the same evidence"
pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture
def fetch(ca, ca_path, tmp_path):
    """Fetch from a host that behaves in some way."""

    def from_host(behaviour, *, max_bytes=1000, path="/packages/a.zip", **changes):
        with host(behaviour, context_of(ca)) as port:
            settings = settings_for(port, **{"ca_path": ca_path, **changes})
            link = f"https://localhost:{port}{path}?sv=2020-08-04&sig={SIGNATURE}"
            return Storage(settings, MovingClock()).fetch(link, str(tmp_path / "out" / "a.zip"), max_bytes=max_bytes)

    return from_host


def failure(fetch, behaviour, kind, **rest) -> DefenderError:
    with pytest.raises(kind) as failed:
        fetch(behaviour, **rest)
    return failed.value


def test_no_token_goes_to_storage(fetch):
    heads = []

    def notes_the_head(connection):
        heads.append(head_of(connection).decode().lower())
        connection.sendall(f"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: {len(CONTENT)}\r\n\r\n".encode() + CONTENT)

    assert fetch(notes_the_head).size == len(CONTENT)
    [head] = heads
    assert "authorization" not in head and "bearer" not in head and "cookie" not in head
    assert "accept-encoding: identity" in head and "x-ms-client-request-id: " in head


def test_the_way_goes_through_the_proxy_of_the_task(fetch):
    seen: list[str] = []
    with host(proxy(seen)) as port:
        assert fetch(answers(CONTENT), proxy=f"http://127.0.0.1:{port}").size == len(CONTENT)
    assert seen[0].startswith("CONNECT localhost:") and SIGNATURE not in seen[0]


def test_storage_with_an_unknown_ca_is_not_trusted(fetch):
    assert failure(fetch, answers(CONTENT), Unreachable, ca_path=None).code == "tls"


def test_redirect_is_not_followed(fetch):
    refused = failure(fetch, answers(b"", status="302 Found", more="Location: https://evil.example/x?sig=1\r\n"), BadAnswer)
    assert "redirects to evil.example" in refused.msg and "firewall" in refused.hint


@pytest.mark.parametrize(
    "link",
    [
        f"http://localhost/a.zip?sig={SIGNATURE}",
        f"https://user:pw@localhost/a.zip?sig={SIGNATURE}",
        f"https:///a.zip?sig={SIGNATURE}",
        f"https://[localhost/a.zip?sig={SIGNATURE}",
        f"file:///etc/passwd?sig={SIGNATURE}",
        "",
    ],
)
def test_what_is_no_link_to_a_host_over_tls_is_not_followed(link, tmp_path):
    with pytest.raises(BadAnswer, match="cannot be followed") as refused:
        Storage(settings_for(1), MovingClock()).fetch(link, str(tmp_path / "a.zip"), max_bytes=1)
    assert SIGNATURE not in refused.value.sentence()


def test_file_that_says_it_is_too_large_is_not_even_read(fetch):
    def waits(connection):
        head_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        connection.recv(1)

    assert "larger than 1000 bytes" in failure(fetch, waits, BadAnswer).msg


def test_file_that_does_not_say_how_large_it_is_is_held_to_the_size_as_well(fetch, tmp_path):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"400\r\n" + b"x" * 0x400 + b"\r\n") * 2 + b"0\r\n\r\n"

    def sends(connection):
        head_of(connection)
        connection.sendall(chunked)
        connection.recv(1)

    assert "larger than 1000 bytes" in failure(fetch, sends, BadAnswer).msg
    assert fetch(sends, max_bytes=0x800).size == 0x800


@pytest.mark.parametrize(
    ("behaviour", "kind", "code"),
    [
        (answers(CONTENT, claims=500), BadAnswer, CUT_SHORT),
        (hangs_up, Unreachable, "connection_dropped"),
        (says_nothing, Unreachable, READ_TIMEOUT),
    ],
)
def test_file_that_does_not_come_whole_leaves_nothing_behind(fetch, tmp_path, behaviour, kind, code):
    assert failure(fetch, behaviour, kind, timeout=1).code == code
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_refusal_tells_the_words_of_storage_and_its_id(fetch):
    more = "x-ms-error-code: AuthenticationFailed\r\nx-ms-request-id: 1e5b\r\nRetry-After: 3\r\n"
    refused = failure(fetch, answers(b"<Error>Signature not valid</Error>", status="403 Forbidden", more=more), ServiceError)
    assert (refused.status, refused.code, refused.request_id) == (LINK_REFUSED, "AuthenticationFailed", "1e5b")
    assert refused.details["retry_after"] == 3 and "clock" in refused.hint


def everything_in(error: BaseException | None) -> str:
    """All that a traceback of the error, or whoever looks at it closely, could show."""
    said = ""
    while error is not None:
        said += f"{error!r} {error} {vars(error)} "
        error = error.__cause__ or error.__context__
    return said


@pytest.mark.parametrize(
    "behaviour",
    [
        answers(b"", status="302 Found", more="Location: https://evil.example/\r\n"),
        answers(b"", status="403 Forbidden"),
        answers(b"", status="500 Oh"),
        answers(CONTENT, claims=500),
        hangs_up,
    ],
)
def test_no_failure_tells_the_link(fetch, behaviour):
    said = everything_in(failure(fetch, behaviour, DefenderError))
    assert SIGNATURE not in said and "a.zip?" not in said


def test_no_log_tells_the_link(fetch, caplog):
    caplog.set_level(logging.DEBUG)
    malformed = "no colon in this line\r\n"
    fetch(answers(CONTENT, more=malformed))
    assert "localhost" in caplog.text, "nothing was logged, so this proves nothing"
    assert SIGNATURE not in caplog.text
