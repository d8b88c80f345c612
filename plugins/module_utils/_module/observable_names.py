# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a file, an address, a domain and a user are named to the service."""

from __future__ import annotations

import ipaddress
import re

from .._client.errors import BadInput

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_NOT_IN_AN_ACCOUNT = re.compile(r"[@/\\\x00-\x1f\x7f]")


def file_hash(word: str) -> str:
    """:raises BadInput: it is neither a SHA-1 nor a SHA-256"""
    if not _HASH.fullmatch(word.lower()):
        raise BadInput(f"hash: {word!r} is neither a SHA-1 nor a SHA-256", hint="Give 40 or 64 hexadecimal digits; the service does not go by MD5")
    return word.lower()


def address(word: str) -> str:
    """:raises BadInput: it is no IP address"""
    try:
        return str(ipaddress.ip_address(word))
    except ValueError as error:
        raise BadInput(f"ip: {word!r} is not an IP address", hint="Give one address, such as 192.0.2.7, without a port or a network") from error


def domain(word: str) -> str:
    """:raises BadInput: it is no name of a host"""
    name = word.rstrip(".").lower()
    if not _DOMAIN.fullmatch(name):
        hint = "Give the host name alone, such as login.example.com, without https:// and path, names beyond ASCII in their xn-- form"
        raise BadInput(f"domain: {word!r} is not a domain name", hint=hint)
    return name


def account(word: str) -> str:
    """:raises BadInput: it is more than the name of an account"""
    if not word or _NOT_IN_AN_ACCOUNT.search(word):
        raise BadInput(f"user: {word!r} is not the name of an account alone", hint="Give lena, not lena@contoso.com and not CONTOSO\\lena")
    return word
