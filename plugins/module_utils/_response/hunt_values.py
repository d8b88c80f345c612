# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks values for a hunt by their kind: a value with a typing error would be found nowhere, which looks like an all-clear."""

from __future__ import annotations

import datetime
import ipaddress
import re
import typing as t

from .._client import moments
from .._client.errors import BadInput
from .._client.kql import literal

_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_MACHINE = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,253}[a-z0-9_])?")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*", re.IGNORECASE)
_SENDER = re.compile(r"(?:[^\s@]+@)?[^\s@]+\.[^\s@]+")


def _some(check: t.Callable[[str, str], str]) -> t.Callable[[str, t.Any], str]:
    """A list of texts that ``check`` lets through; one of them may be given alone."""

    def spell(name: str, value: t.Any) -> str:
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
            raise BadInput(f"{name} is not a list of texts", hint="Give a list, also of one")
        if not words:
            raise BadInput(f"{name} is empty: nothing was asked for", hint="Give at least one, or skip the task by a condition (when)")
        return literal(name, list(dict.fromkeys(check(name, word.strip()) for word in words)))

    return spell


def _matching(pattern: re.Pattern[str], wrong: str, hint: str, fold: t.Callable[[str], str] = str.lower) -> t.Callable[[str, str], str]:
    def check(name: str, word: str) -> str:
        if not pattern.fullmatch(fold(word)):
            raise BadInput(f"{name}: {word!r} is {wrong}", hint=hint)
        return fold(word)

    return check


def _address(name: str, word: str) -> str:
    """As the queries compare it, which take the prefix of an IPv4 address within IPv6 off what the service has."""
    try:
        address = ipaddress.ip_address(word)
    except ValueError as error:
        raise BadInput(f"{name}: {word!r} is not an IP address", hint="Give single addresses, without a port or a network") from error
    if getattr(address, "scope_id", None):
        raise BadInput(f"{name}: {word!r} names an interface of one machine", hint="Leave out the percent sign and what follows")
    return str(getattr(address, "ipv4_mapped", None) or address)


def _any_text(name: str, word: str) -> str:
    if not word:
        raise BadInput(f"{name} holds an empty text", hint="Leave it out")
    return word


def moment_of(name: str, value: t.Any) -> datetime.datetime:
    """The moment that ``value`` names.

    :raises BadInput: it names none
    """
    try:
        moment = value if isinstance(value, datetime.datetime) else moments.parse(str(value).strip())
    except ValueError as error:
        raise BadInput(f"{name}: {error}", hint="Write it in UTC, as date, T, time and Z") from error
    return moment.astimezone(datetime.timezone.utc)


def _moment(name: str, value: t.Any) -> str:
    return f"datetime({moment_of(name, value).strftime('%Y-%m-%dT%H:%M:%S.%fZ')})"


def hosts_of(urls: str | t.Sequence[str]) -> str:
    """A literal of the hosts within URLs that were checked."""
    words = [urls] if isinstance(urls, str) else urls
    return literal("hosts", list(dict.fromkeys(re.split(r"[/?#]", word.partition("://")[2], maxsplit=1)[0] for word in words)))


def _whole(name: str, value: t.Any) -> str:
    # Jinja makes texts of numbers.
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise BadInput(f"{name} is not a whole number from 1", hint="Give digits alone")
    return literal(name, number)


KINDS: dict[str, t.Callable[[str, t.Any], str]] = {
    "moment": _moment,
    "whole": _whole,
    "texts": _some(_any_text),
    "hashes": _some(_matching(_HASH, "no SHA-1, SHA-256 or MD5", "Give 40, 64 or 32 hexadecimal digits")),
    "sha256s": _some(_matching(_SHA256, "no SHA-256", "Give 64 hexadecimal digits: mail is known by no other hash")),
    "addresses": _some(_address),
    "domains": _some(_matching(_DOMAIN, "no domain", "Give the name alone, without https:// and path; names beyond ASCII in their xn-- form")),
    "urls": _some(_matching(_URL, "no whole address", "Begin with https:// or another scheme", fold=str)),
    "senders": _some(_matching(_SENDER, "neither an address of mail nor a domain", "Give name@example.com or example.com")),
    "machines": _some(_matching(_MACHINE, "neither an id nor a name of a machine", "Give the id, or the name with or without its domain")),
}
"""Kind of a parameter -> what makes a literal of a value; it takes the name for messages and the value, and raises BadInput."""
