# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries requests to a host: one session with the user's CA, proxy and time-outs, and never a redirect.

requests is imported when a session is opened, not before: it takes a tenth of a second.
"""

from __future__ import annotations

import functools
import os
import ssl
import typing as t
import urllib.request
from urllib.parse import urlsplit

from .errors import BadInput

if t.TYPE_CHECKING:
    import requests

    from .settings import Settings

VERSION = "0.1.0"
USER_AGENT = f"secops.defender/{VERSION}"

CONNECTIONS = 10
"""Kept open to a host; more in flight gains nothing, as the service's rate is the limit."""

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Where the machine may say whom it trusts; heeded only when the task does not."""


def open_session(settings: Settings, *, nearby: bool = False) -> requests.Session:
    """A session that sends every request through the same TLS context, proxies and time-outs; threads may share it.

    It takes no advice from the environment or ``.netrc`` by itself, keeps no cookies, and raises
    ``requests.TooManyRedirects`` instead of carrying a credential to another place.

    :param nearby: for a host on this very machine or its own link: without a proxy, and with plain HTTP
    :raises BadInput: the CA bundle cannot be read
    """
    import requests
    from requests.cookies import RequestsCookieJar

    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    session.cookies = RequestsCookieJar(policy=_no_cookies())
    session.headers["User-Agent"] = USER_AGENT
    adapter = _adapter(settings, tls_context(settings), proxied=not nearby)
    session.mount("https://", adapter)
    # A credential must not travel in the clear, so there is no way to plain HTTP.
    del session.adapters["http://"]
    if nearby:
        session.mount("http://", adapter)
    return session


def tls_context(settings: Settings) -> ssl.SSLContext:
    """The context for all connections; reading the CA bundle is what costs, so it is read once.

    :raises BadInput: the CA bundle cannot be read
    """
    from requests.utils import DEFAULT_CA_BUNDLE_PATH
    from urllib3 import disable_warnings, exceptions
    from urllib3.util.ssl_ import create_urllib3_context

    if not settings.validate_certs:
        disable_warnings(exceptions.InsecureRequestWarning)  # the client warns once, in its own words
        context = create_urllib3_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    named, path = _ca_source(settings)
    path = path or DEFAULT_CA_BUNDLE_PATH
    try:
        return _trusting(path, os.stat(path).st_mtime_ns)
    except OSError as error:  # ssl.SSLError is one, too
        reason = "holds no certificate in PEM form" if isinstance(error, ssl.SSLError) else error.strerror
        raise BadInput(
            f"{named} is {path!r}, which cannot be used as CA bundle: {reason}",
            hint="Give a file with certificates in PEM form (-----BEGIN CERTIFICATE-----), or a folder made by openssl rehash",
        ) from error


@functools.lru_cache(maxsize=8)
def _trusting(path: str, _changed: int) -> ssl.SSLContext:
    """The context that trusts the bundle at ``path``, as it was when it was last changed; kept, also across forks."""
    from urllib3.util.ssl_ import create_urllib3_context

    context = create_urllib3_context()
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    if os.path.isdir(path):
        context.load_verify_locations(capath=path)
    else:
        context.load_verify_locations(cafile=path)
    return context


def proxies_for(url: str, settings: Settings) -> dict[str, str]:
    """The proxy for ``url``: the one given, else that of the environment unless ``NO_PROXY`` names the host."""
    if settings.proxy:
        return {"https": settings.proxy}
    proxies = urllib.request.getproxies_environment()
    proxy = proxies.get("https") or proxies.get("all")
    host = urlsplit(url).netloc.rpartition("@")[2]
    if not proxy or urllib.request.proxy_bypass_environment(host, proxies):  # type: ignore[attr-defined]  # no stub knows it
        return {}
    return {"https": proxy if "://" in proxy else f"http://{proxy}"}


def _ca_source(settings: Settings) -> tuple[str, str | None]:
    """What the user calls the CA bundle, and where it is; ``None`` for that of requests."""
    if settings.ca_path:
        return "ca_path", settings.ca_path
    return next(((name, os.environ[name]) for name in CA_VARIABLES if os.environ.get(name)), ("ca_path", None))


def _no_cookies():
    from http.cookiejar import DefaultCookiePolicy

    return DefaultCookiePolicy(allowed_domains=[])


def _adapter(settings: Settings, context: ssl.SSLContext, *, proxied: bool):
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        """Puts our TLS context, proxy and time-outs under every request, also under those that MSAL makes."""

        def init_poolmanager(self, *args, **kwargs):
            super().init_poolmanager(*args, ssl_context=context, **kwargs)

        def proxy_manager_for(self, proxy, **kwargs):
            return super().proxy_manager_for(proxy, ssl_context=context, proxy_ssl_context=context, **kwargs)

        def cert_verify(self, conn, url, verify, cert):
            """Nothing: the context knows, and requests would read the CA bundle again for each connection."""

        def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
            return super().send(
                request,
                stream=stream,
                timeout=(settings.connect_timeout, max(settings.timeout, timeout if isinstance(timeout, int) else 0)),
                verify=settings.validate_certs,
                proxies=proxies_for(request.url, settings) if proxied else {},
            )

    return Adapter(pool_connections=CONNECTIONS, pool_maxsize=CONNECTIONS, max_retries=0)
