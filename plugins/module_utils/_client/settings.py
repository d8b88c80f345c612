# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one must be told to reach a tenant, checked before anything is sent."""

from __future__ import annotations

import os
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .._operation import Field
from .clouds import CLOUDS, COMMERCIAL, REGIONS
from .errors import BadInput
from .ways import SYSTEM, check_way, given_ways, is_of_another_way

# ``wire`` is the environment variable that stands in for an option which is not given.
OPTIONS = (
    Field("tenant_id", "DEFENDER_TENANT_ID"),
    Field("client_id", "DEFENDER_CLIENT_ID"),
    Field("client_secret", "DEFENDER_CLIENT_SECRET", secret=True),
    Field("certificate_path", "DEFENDER_CERTIFICATE_PATH"),
    Field("certificate_key_path", "DEFENDER_CERTIFICATE_KEY_PATH"),
    Field("certificate_passphrase", "DEFENDER_CERTIFICATE_PASSPHRASE", secret=True),
    Field("certificate_send_chain", "DEFENDER_CERTIFICATE_SEND_CHAIN", type="bool"),
    Field("federated_token_path", "DEFENDER_FEDERATED_TOKEN_PATH"),
    Field("federated_token", "DEFENDER_FEDERATED_TOKEN", secret=True),
    Field("managed_identity", "DEFENDER_MANAGED_IDENTITY"),
    Field("device_code", "DEFENDER_DEVICE_CODE", type="bool"),
    Field("access_token", "DEFENDER_ACCESS_TOKEN", secret=True),
    Field("cloud", "DEFENDER_CLOUD", choices=tuple(CLOUDS)),
    Field("region", "DEFENDER_REGION", choices=REGIONS),
    Field("login_url", "DEFENDER_LOGIN_URL"),
    Field("api_url", "DEFENDER_API_URL"),
    Field("graph_url", "DEFENDER_GRAPH_URL"),
    Field("scope", "DEFENDER_SCOPE"),
    Field("ca_path", "DEFENDER_CA_PATH"),
    Field("validate_certs", "DEFENDER_VALIDATE_CERTS", type="bool"),
    # A proxy's address may hold its user and password.
    Field("proxy", "DEFENDER_PROXY", secret=True),
    Field("connect_timeout", "DEFENDER_CONNECT_TIMEOUT", type="int"),
    Field("timeout", "DEFENDER_TIMEOUT", type="int"),
    Field("retry_time", "DEFENDER_RETRY_TIME", type="int"),
    Field("token_cache", "DEFENDER_TOKEN_CACHE", type="bool"),
    Field("token_cache_path", "DEFENDER_TOKEN_CACHE_PATH"),
    Field("rate_budget", "DEFENDER_RATE_BUDGET", type="bool"),
    Field("rate_budget_path", "DEFENDER_RATE_BUDGET_PATH"),
)
ADDRESSES = {"login_url": "login_url", "api_url": "api_url", "graph_url": "graph"}
"""Option -> what the table of clouds calls it."""
LEAST = {"connect_timeout": 1, "timeout": 1, "retry_time": 0}

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
RESOURCE_ID = re.compile(
    r"/subscriptions/[^/\s]+/resourcegroups/[^/\s]+/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/\s]+", re.IGNORECASE
)
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", re.IGNORECASE)
WORDS_FOR_MANY_TENANTS = ("common", "organizations", "consumers")
YES = frozenset(("yes", "true", "on", "1", "y", "t"))
NO = frozenset(("no", "false", "off", "0", "n", "f"))


@dataclass(frozen=True)
class Settings:
    """Whom to be, where, and how to get there. Times are seconds; ``None`` means: as the cloud says."""

    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate_path: str | None = None
    certificate_key_path: str | None = None
    certificate_passphrase: str | None = field(default=None, repr=False)
    certificate_send_chain: bool = False
    federated_token_path: str | None = None
    federated_token: str | None = field(default=None, repr=False)
    managed_identity: str | None = None
    device_code: bool = False
    access_token: str | None = field(default=None, repr=False)
    cloud: str = COMMERCIAL
    region: str | None = None
    login_url: str | None = None
    api_url: str | None = None
    graph_url: str | None = None
    scope: str | None = None
    ca_path: str | None = None
    validate_certs: bool = True
    proxy: str | None = field(default=None, repr=False)
    connect_timeout: int = 10
    timeout: int = 60
    retry_time: int = 300
    token_cache: bool = True
    token_cache_path: str | None = None
    rate_budget: bool = True
    rate_budget_path: str | None = None

    @property
    def way_to_sign_in(self) -> str:
        """The one of ``WAYS_TO_SIGN_IN`` that is given."""
        return given_ways(vars(self))[0]


def settings_from(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str] | None = None) -> Settings:
    """Checked settings from options; names that are not ours are passed over, an empty text counts as not given.

    ``environ`` stands in for options that are not given: Ansible has done that for a module already, others
    pass ``os.environ``. A way to sign in that is given keeps every other way out of the environment.

    :raises BadInput: names the option, its value unless that is secret, and the mend
    """
    given = {option.name: value for option in OPTIONS if (value := _read(option, params.get(option.name))) is not None}
    chosen = given_ways(given)
    for option in OPTIONS:
        if option.name in given or (chosen and is_of_another_way(option.name, chosen)):
            continue
        value = _read(option, (environ or {}).get(option.wire), named=option.wire)
        if value is not None:
            given[option.name] = value
    check_way(given)
    _check_names(given)
    return Settings(**{**given, **_places(given)})


def _read(option: Field, value: t.Any, named: str | None = None) -> t.Any:
    """The value in its type, or ``None`` where it is not given."""
    named = named or option.name
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if option.type == "bool":
        return _as_bool(named, value)
    if option.type == "int":
        return _as_seconds(named, value, LEAST[option.name])
    # A passphrase may begin or end with a blank; nothing else may, but files and vaults add line ends.
    text = str(value) if option.name == "certificate_passphrase" else str(value).strip()
    if option.choices and text not in option.choices:
        raise BadInput(f"{named} is {text!r}", hint=f"Choose one of: {', '.join(option.choices)}")
    return os.path.expanduser(text) if option.name.endswith("_path") else text


def _as_bool(named: str, value: t.Any) -> bool:
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise BadInput(f"{named} is {value!r}, which is neither true nor false", hint="Give true or false")
    return word in YES


def _as_seconds(named: str, value: t.Any, least: int) -> int:
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        seconds = least - 1
    if seconds < least or isinstance(value, bool):
        raise BadInput(f"{named} is {value!r}", hint=f"Give a whole number of seconds, {least} or more")
    return seconds


def _check_names(given: t.Mapping[str, t.Any]) -> None:
    tenant, client, scope = given.get("tenant_id"), given.get("client_id"), given.get("scope")
    if tenant in WORDS_FOR_MANY_TENANTS or (tenant and not GUID.fullmatch(tenant) and not DOMAIN.fullmatch(tenant)):
        raise BadInput(f"tenant_id is {tenant!r}", hint="Give the directory (tenant) id, a GUID, or a verified domain such as contoso.com")
    if client and not GUID.fullmatch(client):
        raise BadInput(f"client_id is {client!r}, which is not a GUID", hint="Give the application (client) id, not the name of the app")
    identity = given.get("managed_identity")
    if identity and identity != SYSTEM and not GUID.fullmatch(identity) and not RESOURCE_ID.fullmatch(identity):
        raise BadInput(
            f"managed_identity is {identity!r}",
            hint="Give system, or of a user-assigned identity the client id or the whole resource id (/subscriptions/...)",
        )
    if scope and not (scope.endswith("/.default") and " " not in scope):
        raise BadInput(f"scope is {scope!r}", hint="Give one resource followed by /.default, such as https://api.securitycenter.microsoft.com/.default")
    if given.get("region") and given.get("cloud", COMMERCIAL) != COMMERCIAL:
        raise BadInput(f"region {given['region']!r} does not exist in cloud {given['cloud']!r}", hint="Leave out region; only the commercial cloud has regions")


def _places(given: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The hosts among what is given, checked and in one form."""
    if "proxy" in given and not _is_address(given["proxy"], schemes=("http", "https")):
        raise BadInput("proxy is not an address", hint="Give the scheme, the host and the port, such as http://proxy.example.com:3128")
    return {name: _bare_https(name, given[name]) for name in ADDRESSES if name in given}


def _bare_https(name: str, url: str) -> str:
    """The address without a closing slash; a credential must neither travel in the clear nor stand in an address."""
    parts = urlsplit(url) if _is_address(url, schemes=("https",)) else None
    if parts is None or parts.username or parts.query or parts.fragment or parts.path.strip("/"):
        shown = repr(url) if "@" not in url else "an address with a user in it"
        raise BadInput(f"{name} is {shown}", hint=f"Give https:// and the host alone, such as {getattr(CLOUDS[COMMERCIAL], ADDRESSES[name])}")
    return f"https://{parts.netloc}"


def _is_address(url: str, schemes: t.Sequence[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
