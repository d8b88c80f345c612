# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds and hides what looks like a secret in an answer that nothing is known of."""

from __future__ import annotations

import re
import typing as t

HIDDEN = "********"

# A link of Azure storage with its signature; a token.
_LOOKS = re.compile(
    r"[?&]sig=[^&\s]|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:Account|SharedAccess)Key=[^;\s]", re.IGNORECASE
)
_NAMES = frozenset((
    "accesstoken", "clientassertion", "clientsecret", "connectionstring", "idtoken", "passphrase", "password", "privatekey", "refreshtoken",
    "sastoken", "sasuri", "sasurl", "secret", "secrettext", "sharedaccesssignature",
))
_NOT_A_LETTER = re.compile(r"[^a-z]")


def hide(value: t.Any, found: set[str], name: str = "") -> t.Any:
    """``value`` without them; the names of the fields they stood in are added to ``found``.

    :param name: of the field that holds the value
    """
    if isinstance(value, dict):
        return {key: hide(inner, found, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [hide(inner, found, name) for inner in value]
    if isinstance(value, str) and value and (_NOT_A_LETTER.sub("", name.lower()) in _NAMES or _LOOKS.search(value)):
        found.add(name or "the answer itself")
        return HIDDEN
    return value
