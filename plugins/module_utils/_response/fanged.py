# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indicators in the spelling that nobody can click, and back."""

from __future__ import annotations

import ipaddress
import re
import typing as t

SCHEME = re.compile(r"^(h)(tt)(ps?://)|^(f)(t)(ps?://)", re.IGNORECASE)
BROKEN_SCHEME = re.compile(r"^(h)(xx)(ps?://)|^(f)(x)(ps?://)", re.IGNORECASE)
WORDS = {".": "dot", "@": "at"}
SIGNS = ("://", ":", ".", "@", "/")
PAIRS = (("[", "]"), ("(", ")"), ("{", "}"))
XT = str.maketrans("xXtT", "tTxX")


def defanged(indicator: str) -> str:
    """The indicator so that no program makes a link of it; one that is so already stays as it is."""
    whole = SCHEME.sub(_swapped, fanged(indicator))
    host_begins = whole.find("://") + 3 if "://" in whole else 0
    host = re.split(r"[/?#]", whole[host_begins:], maxsplit=1)[0]
    return whole[:host_begins] + _broken(host) + whole[host_begins + len(host):]


def fanged(indicator: str) -> str:
    """The indicator as programs read it, from any of the spellings in use."""
    text = indicator.strip()
    for opening, closing in PAIRS:
        for sign in SIGNS:
            text = text.replace(opening + sign + closing, sign)
        for sign, word in WORDS.items():
            text = re.sub(re.escape(opening) + r"\s*" + word + r"\s*" + re.escape(closing), sign, text, flags=re.IGNORECASE)
    return BROKEN_SCHEME.sub(_swapped, text)


def _swapped(found: t.Match[str]) -> str:
    return "".join(part.translate(XT) if part.lower() in ("tt", "xx", "t", "x") else part for part in found.groups() if part)


def _broken(host: str) -> str:
    signs = ".@:" if _is_ipv6(host) else ".@"
    return re.sub(f"[{re.escape(signs)}]", lambda found: f"[{found.group()}]", host)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
