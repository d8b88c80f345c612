# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why no answer came: what requests raised becomes Unreachable, with what to do about it.

``code`` of the error is one of the words below; the retry policy goes by it.
"""

from __future__ import annotations

import re
import socket
import ssl
import typing as t
from urllib.parse import urlsplit

from .errors import BadAnswer, DefenderError, Unreachable
from .transport import proxies_for

if t.TYPE_CHECKING:
    import requests

    from .settings import Settings

NAME = "name_not_found"
REFUSED = "connection_refused"
NO_ROUTE = "no_route"
CONNECT_TIMEOUT = "connect_timeout"
TLS = "tls"
PROXY = "proxy"
READ_TIMEOUT = "read_timeout"
DROPPED = "connection_dropped"
CUT_SHORT = "answer_cut_short"

UNKNOWN_CA = frozenset((2, 18, 19, 20, 21))
EXPIRED, NOT_YET_VALID = 10, 9
OTHER_HOST, OTHER_ADDRESS = 62, 64
"""Numbers of OpenSSL's x509_vfy.h; Python hands them out as ``verify_code``."""

# http.client gives the status of a proxy's refusal in this text and nowhere else.
_PROXY_STATUS = re.compile(r"\b([1-5]\d\d)\b")


def no_answer(error: requests.RequestException, url: str, settings: Settings) -> DefenderError:
    """What ``error`` means for a person. No part of it is quoted: it may hold the proxy's password.

    Whether a request may have arrived is known from where it stopped: nothing is sent before the connection, TLS included, stands.
    """
    import requests
    from urllib3.exceptions import NewConnectionError

    causes = tuple(_causes(error))
    host = urlsplit(url).netloc
    if isinstance(error, requests.TooManyRedirects):
        return _redirected(error, host)
    if isinstance(error, requests.exceptions.ProxyError):
        return _proxy_failed(causes, host, _shown_proxy(url, settings))
    if isinstance(error, requests.exceptions.SSLError):
        return _tls_failed(causes, host)
    if isinstance(error, requests.ConnectTimeout):
        return _not_connected(CONNECT_TIMEOUT, f"{host} did not take the connection within {settings.connect_timeout} s", _through(url, settings))
    if isinstance(error, requests.ReadTimeout) or (_has(causes, socket.timeout) and not _has(causes, NewConnectionError)):
        return Unreachable(
            f"{host} did not answer in time",
            maybe_sent=True,
            code=READ_TIMEOUT,
            hint="Raise timeout if the service is slow today",
        )
    return _not_connected_or_dropped(error, causes, host, _through(url, settings))


def _not_connected_or_dropped(error: requests.RequestException, causes: tuple[BaseException, ...], host: str, through: str) -> DefenderError:
    import requests
    from urllib3.exceptions import NewConnectionError

    if _has(causes, socket.gaierror):
        return _not_connected(NAME, f"The name of {host} cannot be resolved", "Check cloud, region, api_url and login_url, then the name server")
    if _has(causes, ConnectionRefusedError):
        return _not_connected(REFUSED, f"{host} refuses the connection", through)
    if _has(causes, NewConnectionError):
        return _not_connected(NO_ROUTE, f"There is no way to {host}", through)
    if isinstance(error, (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)):
        return BadAnswer(f"The answer of {host} broke off or was damaged on its way", code=CUT_SHORT)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return _not_connected(NAME, f"{host or 'The address'} is no address of a host", "Check api_url and login_url")
    return Unreachable(f"{host} closed the connection before it answered", maybe_sent=True, code=DROPPED)


def _not_connected(code: str, msg: str, hint: str | None) -> Unreachable:
    return Unreachable(msg, maybe_sent=False, code=code, hint=hint)


def _redirected(error: requests.TooManyRedirects, host: str) -> BadAnswer:
    answer = error.response
    target = urlsplit(answer.headers.get("location", "") if answer is not None else "").hostname or "another place"
    return BadAnswer(
        f"{host} redirects to {target}, and credentials are not carried elsewhere",
        status=answer.status_code if answer is not None else None,
        hint="Set api_url, or cloud and region, to the host that answers by itself; a proxy with a log-in page redirects, too",
    )


def _proxy_failed(causes: tuple[BaseException, ...], host: str, proxy: str) -> Unreachable:
    if _has(causes, socket.gaierror):
        return _not_connected(PROXY, f"The name of the proxy {proxy} cannot be resolved", "Check proxy, and HTTPS_PROXY in the environment")
    if _has(causes, ssl.SSLError):
        return _not_connected(PROXY, f"TLS with the proxy {proxy} failed", "Begin proxy with http:// unless it speaks TLS itself; then give its CA in ca_path")
    refusals = (_PROXY_STATUS.search(str(cause)) for cause in causes if cause.__class__ is OSError)
    status = next((int(found.group(1)) for found in refusals if found), None)
    if status == 407:
        return _not_connected(PROXY, f"The proxy {proxy} wants a user and a password (407)", "Give them in proxy: http://user:password@host:port")
    if status is not None:
        return _not_connected(PROXY, f"The proxy {proxy} refuses the way to {host} ({status})", "Let the proxy allow that host, or name it in NO_PROXY")
    return _not_connected(PROXY, f"The proxy {proxy} cannot be reached", "Check proxy, and HTTPS_PROXY and NO_PROXY in the environment")


def _tls_failed(causes: tuple[BaseException, ...], host: str) -> Unreachable:
    # Where it is at home differs between versions of urllib3, and in some it is ssl's own.
    from urllib3.connection import CertificateError

    refused = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError) and hasattr(cause, "verify_code")), None)
    if refused is None and _has(causes, CertificateError):
        return _other_name(host)
    if refused is None:
        return _not_connected(TLS, f"TLS with {host} failed before a certificate was shown", "Check that TLS is spoken at that port, and what is in between")
    if refused.verify_code in UNKNOWN_CA:
        return _not_connected(
            TLS,
            f"The certificate of {host} comes from a CA that is not trusted here",
            "Give the CA in ca_path, which is defender_ca_path in the playbooks; behind a proxy that opens TLS that is the CA of the proxy",
        )
    if refused.verify_code in (EXPIRED, NOT_YET_VALID):
        when = "has expired" if refused.verify_code == EXPIRED else "is not valid yet"
        return _not_connected(TLS, f"The certificate of {host} {when}", "Check the clock of this machine first")
    if refused.verify_code in (OTHER_HOST, OTHER_ADDRESS):
        return _other_name(host)
    return _not_connected(TLS, f"The certificate of {host} is not good: {refused.verify_message}", "Look at it with openssl s_client -connect")


def _other_name(host: str) -> Unreachable:
    return _not_connected(TLS, f"The certificate that {host} shows is for another name", "Check api_url and login_url, and whether a proxy stands in between")


def _through(url: str, settings: Settings) -> str:
    proxy = _shown_proxy(url, settings)
    return f"The way goes through the proxy {proxy}" if proxy else "Check the firewall, and whether a proxy is needed"


def _shown_proxy(url: str, settings: Settings) -> str:
    """The proxy without user and password."""
    return urlsplit(proxies_for(url, settings).get("https", "")).netloc.rpartition("@")[2]


def _has(causes: tuple[BaseException, ...], kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in causes)


def _causes(error: BaseException) -> t.Iterator[BaseException]:
    """``error`` and all it was made from, in every way that urllib3 and requests hand a cause on."""
    waiting: list[t.Any] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [*cause.args, getattr(cause, "reason", None), getattr(cause, "original_error", None), cause.__cause__, cause.__context__]
