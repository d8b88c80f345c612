# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of indicators: in one spelling, of the right type, and none that would hit ourselves."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import ssl
import typing as t
from urllib.parse import urlsplit

from .._api import indicators
from .._client.clouds import CLOUDS
from .._client.errors import BadInput

Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

HEXADECIMAL = {"FileMd5": 32, "FileSha1": 40, "FileSha256": 64, "CertificateThumbprint": 40}
CERTIFICATE = "CertificateThumbprint"
INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)
"""Addresses that mean another machine in every network, or none."""

NOTHING = frozenset(hashlib.new(name, b"", usedforsecurity=False).hexdigest() for name in ("md5", "sha1", "sha256"))
"""The hashes of an empty file, which is found on every machine and in many a feed."""

MICROSOFT_ROOTS = frozenset((
    "a43489159a520f0d93d032ccaf37e7fe20a8b419", "cdd4eeae6000ac7f40c3802c171e30148030c072", "3b1efd3a66ea28b16697394703a72ca340a05bd5",
    "8f43288ad272f3103b6fb1428485ea3014c0bcfe",
))
"""Microsoft's roots of 1997, 2001, 2010 and 2011. They sign Windows itself, and no list of roots for TLS has them."""

OF_THE_SERVICE = frozenset(
    filter(None, (urlsplit(url).hostname for cloud in CLOUDS.values() for url in (cloud.login_url, cloud.api_url, cloud.xdr, cloud.graph)))
)
"""Hosts that people sign in at and that Defender itself is reached by."""

DOMAIN = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
URL = re.compile(r"https?://[^\s/\\]+(/\S*)?", re.IGNORECASE)


def one_spelling(type_: str, value: str) -> str:
    """Hashes and names in small letters, IPv6 with all eight groups; of a URL the path has two cases."""
    if type_ == "IpAddress":
        address = address_of(value)
        return value if address is None else str(address) if address.version == 4 else address.exploded
    return value if type_ == "Url" else value.lower().rstrip(".")


def known_as(type_: str, value: str) -> tuple[str, str]:
    """What two spellings of the same indicator have in common."""
    if type_ != "Url":
        return type_, one_spelling(type_, value)
    scheme, mark, rest = value.partition("://")
    host, slash, path = rest.partition("/")
    return type_, scheme.lower() + mark + host.lower() + slash + path


def type_of(value: str) -> str:
    """What a value is, where it can be one thing only.

    :raises BadInput: it can be two, or is none
    """
    if re.match("https?://", value, re.IGNORECASE):
        return "Url"
    if address_of(value) is not None:
        return "IpAddress"
    fitting = [name for name, digits in HEXADECIMAL.items() if re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", value)]
    if len(fitting) > 1:
        raise BadInput(f"type: {value!r} may be a {' or a '.join(fitting)}", hint="Say which, as type")
    if not fitting and not DOMAIN.fullmatch(one_spelling("DomainName", value)):
        raise BadInput(f"value: {value!r} is no hash, address, domain or URL", hint=_mend(value, "Ranges and wildcards are not taken"))
    return fitting[0] if fitting else "DomainName"


def judge_value(type_: str, value: str) -> None:
    """See that the value is one of its type.

    :raises BadInput: it is not
    """
    if type_ in HEXADECIMAL:
        fits: t.Any = re.fullmatch(f"[0-9a-f]{{{HEXADECIMAL[type_]}}}", value)
    elif type_ == "Url":
        fits = URL.fullmatch(value) and host_of(type_, value)
    elif type_ == "DomainName":
        fits = DOMAIN.fullmatch(value)
    else:
        fits = address_of(value)
    if not fits:
        hint = _mend(value, "Ranges and wildcards are not taken; refang what came out of a report")
        raise BadInput(f"value: {value!r} is no {type_}", hint=hint)


def _mend(value: str, otherwise: str) -> str:
    return otherwise if value.isascii() else "Write names beyond ASCII in their xn-- form"


def judge_ours(type_: str, value: str, own_domains: t.Iterable[str]) -> None:
    """See that nothing of ours would be hit.

    :raises BadInput: it is an address of inside, or a domain of ours, below one or above; or a URL of which that cannot be told
    """
    host = host_of(type_, value)
    address = address_of(host) if type_ in indicators.NETWORK else None
    if type_ == "Url" and address is None and not DOMAIN.fullmatch(host):
        hint = _mend(host, "Programs read such a host each in its own way")
        raise BadInput(f"value: in {value!r} stands neither a whole name nor an address where the host is", hint=hint)
    if address is not None and lies_in(address, INSIDE):
        raise BadInput(f"value: {host} is an address of inside", hint="It means another machine in every network; isolate the machine instead")
    if type_ not in ("Url", "DomainName"):
        return
    for own in (name.strip(" .").lower() for name in own_domains):
        if is_of(type_, host, own):
            raise BadInput(f"value: {host} is of {own}, which is our own", hint="A domain covers all below it; take a narrower one")


def lies_in(address: Address, networks: t.Iterable[Network]) -> bool:
    """Whether one of the networks has it, also when it is an address of four numbers that is written as one of eight groups."""
    spellings = [address, getattr(address, "ipv4_mapped", None)]
    return any(one.version == network.version and one in network for network in networks for one in spellings if one is not None)


def is_of(type_: str, host: str, name: str) -> bool:
    """Whether a host is that name or below it, or a domain above it, which covers it."""
    return f".{host}".endswith(f".{name}") or (type_ == "DomainName" and name.endswith(f".{host}"))


def judge_everybodys(type_: str, value: str) -> None:
    """See that it is not what every machine has or needs.

    :raises BadInput: an empty file, a root that the whole world trusts, or a domain of sign-in or of Defender itself
    """
    if type_ == "DomainName" and any(is_of(type_, value, host) for host in OF_THE_SERVICE):
        raise BadInput(f"value: {value} is what sign-in or Defender itself is reached by", hint="Take it out of the feed; a URL below it may be taken")
    if value in NOTHING and type_ in indicators.FILES:
        raise BadInput(f"value: {value} is the hash of an empty file", hint="Every machine has such files; take it out of the feed")
    if type_ == CERTIFICATE and (value in MICROSOFT_ROOTS or value in public_roots()):
        raise BadInput(f"value: {value} is a root certificate that the whole world trusts", hint="Take the certificate of the signer itself")


def public_roots() -> frozenset[str]:
    """The thumbprints of the roots that came with ``requests``; none where it has been taken apart."""
    try:
        import certifi  # pylint: disable=import-outside-toplevel  # only few feeds hold certificates
    except ImportError:
        return frozenset()
    end = "-----END CERTIFICATE-----"
    texts = (piece[piece.index("-----BEGIN"):] + end for piece in certifi.contents().split(end) if "-----BEGIN" in piece)
    return frozenset(hashlib.sha1(ssl.PEM_cert_to_DER_cert(text), usedforsecurity=False).hexdigest() for text in texts)


def host_of(type_: str, value: str) -> str:
    """The host of a URL, nothing when it has none; anything else as it is."""
    if type_ != "Url":
        return value
    try:
        return (urlsplit(value).hostname or "").rstrip(".")
    except ValueError:
        return ""


def address_of(text: str) -> Address | None:
    """The address that ``text`` is, if it is one."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
