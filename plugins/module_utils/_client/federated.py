# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of another identity provider, which the app trusts in place of a secret (workload identity federation)."""

from __future__ import annotations

import typing as t

from .errors import BadInput, TokenRejected
from .given_file import read_given
from .settings import Settings
from .text import plain
from .token import Token, decode, iso
from .ways import FEDERATED_FILE
from .words import and_list


def text_of(settings: Settings) -> str:
    """The token as it is given, read anew each time: who keeps the file replaces it before the token ends.

    :raises BadInput: its file cannot be read
    """
    if settings.way_to_sign_in == FEDERATED_FILE:
        return read_given(settings, FEDERATED_FILE).decode(errors="replace").strip()
    return settings.federated_token or ""


def read(settings: Settings) -> Token:
    """The token, not judged: that is for Entra ID, whose clock counts.

    :raises BadInput: it is none, or its file cannot be read
    """
    try:
        return decode(text_of(settings))
    except TokenRejected as error:
        named = settings.way_to_sign_in
        path = f" {settings.federated_token_path}" if named == FEDERATED_FILE else ""
        hint = "Give the token of the other identity provider (an OIDC token, three parts with dots between), alone and whole"
        raise BadInput(f"{named}{path} holds no JSON Web Token", hint=hint) from error


def describe(token: Token) -> str:
    """The claims that the app's federated credential must match to the letter, and the end of the token."""
    audience = token.claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    return (
        f"The federated token used here has issuer {_claim(token.issuer)}, subject {_claim(token.claims.get('sub'))}, "
        f"audience {and_list(map(_claim, audiences))}, and ends at {iso(token.expires_at or None) or 'no time that it tells'}"
    )


def _claim(value: t.Any) -> str:
    return plain(value) if isinstance(value, str) and value else "nothing"
