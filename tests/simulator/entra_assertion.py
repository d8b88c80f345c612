# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: the token an app signs with its certificate, really verified (certificate-credentials.md)."""

from __future__ import annotations

import typing as t

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from .certificates import base64url
from .clock import Clock
from .entra_errors import Refused

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SKEW = 300
THUMBPRINTS = {"PS256": "x5t#S256", "RS256": "x5t"}
"""Which thumbprint goes with which algorithm; a SHA-256 value sent as x5t is refused (msal 1.39.0)."""

Certificates = t.Sequence[tuple[x509.Certificate, bool]]
"""Those of an app, and whether it is their time."""


class Assertions:
    """Verifies assertions and remembers which were used."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[str, float] = {}

    def verify(self, assertion: str, client_id: str, certificates: Certificates, audiences: t.Container[str]) -> None:
        """Refused unless one of the app's own certificates signed it, for us, for now, and for the first time."""
        header, claims = parsed(assertion)
        _check_signature(assertion, header, certificates)
        if claims.get("sub") != client_id:
            raise Refused("AADSTS50012", "Client assertion subject is not the application.")
        if claims.get("aud") not in audiences:
            raise Refused("AADSTS700023", "Client assertion audience claim does not match Realm issuer.")
        self._check_time(claims)
        self._check_first_use(claims)

    def _check_time(self, claims: dict[str, t.Any]) -> None:
        now = self._clock.time()
        ends, begins = claims.get("exp"), claims.get("nbf", claims.get("iat"))
        if not isinstance(ends, (int, float)) or not isinstance(begins, (int, float)):
            raise Refused("AADSTS50012", "Client assertion does not say when it is valid.")
        if not begins - SKEW <= now < ends + SKEW:
            raise Refused("AADSTS700024", "Client assertion is not within its valid time range.")

    def _check_first_use(self, claims: dict[str, t.Any]) -> None:
        mark = claims.get("jti")
        if not isinstance(mark, str) or not mark:
            raise Refused("AADSTS50012", "Client assertion has no jti.")
        now = self._clock.time()
        self._used = {used: ends for used, ends in self._used.items() if ends + SKEW > now}
        if mark in self._used:
            raise Refused("AADSTS50012", "Client assertion was used before.")
        self._used[mark] = claims["exp"]


def parsed(assertion: str) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    try:
        whole = jwt.decode_complete(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise Refused("AADSTS9002313", "Invalid request. Request is malformed or invalid.") from error
    return whole["header"], whole["payload"]


def _check_signature(assertion: str, header: dict[str, t.Any], certificates: Certificates) -> None:
    """An assertion names its certificate by thumbprint; MSAL leaves the padding on (msal 1.39.0)."""
    named = str(header.get(THUMBPRINTS.get(header["alg"], ""), "")).rstrip("=")
    found = next((one for one in certificates if named == _thumbprint(one[0], header["alg"])), None)
    if not named or found is None:
        raise Refused(
            "AADSTS700027",
            "The certificate with identifier used to sign the client assertion is not registered on application.",
        )
    certificate, is_in_time = found
    if not is_in_time:
        raise Refused("AADSTS700027", "The certificate used to sign the client assertion is expired on application.")
    try:
        jwt.PyJWS().decode(assertion, t.cast(t.Any, certificate.public_key()), [header["alg"]])
    except jwt.InvalidTokenError as error:
        raise Refused("AADSTS700027", "Client assertion failed signature validation.") from error


def _thumbprint(certificate: x509.Certificate, algorithm: str) -> str:
    return base64url(certificate.fingerprint(hashes.SHA256() if algorithm == "PS256" else hashes.SHA1()))
