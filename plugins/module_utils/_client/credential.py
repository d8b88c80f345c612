# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the app proves itself with, put into the form MSAL takes."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import dataclass, field

from . import federated, moments, ways
from .certificate import read_certificate
from .errors import BadInput
from .given_file import read_given
from .settings import Settings


@dataclass(frozen=True)
class Credential:
    """``for_msal`` is secret, and so is all in ``secrets``; ``shown`` is a sentence that names what was used, or is empty."""

    for_msal: t.Any = field(default=None, repr=False)
    shown: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)


def credential_of(settings: Settings) -> Credential:
    """What MSAL takes as ``client_credential``; nothing where the app has none of its own.

    :raises BadInput: a file cannot be used; says which, why and the mend
    """
    way = settings.way_to_sign_in
    if way == ways.CERTIFICATE:
        return _certificate(settings)
    if way in (ways.FEDERATED, ways.FEDERATED_FILE):
        token = federated.read(settings)
        # As a function: MSAL warns of a text, which may grow old in an app that lives for days.
        return Credential(for_msal={"client_assertion": lambda: token.value}, shown=federated.describe(token), secrets=(token.value,))
    if settings.client_secret:
        return Credential(for_msal=settings.client_secret, secrets=(settings.client_secret,))
    return Credential()


def material_of(settings: Settings) -> bytes | None:
    """The secret bytes that stand for this credential: two that differ in one bit are strangers to each other.

    ``None`` where there is no secret: for a person, and for the identity of a machine.

    :raises BadInput: a file cannot be read
    """
    way = settings.way_to_sign_in
    if way == ways.SECRET:
        return b"secret\0" + str(settings.client_secret).encode()
    if way == ways.CERTIFICATE:
        files = [read_given(settings, name) for name in ("certificate_path", "certificate_key_path") if getattr(settings, name)]
        parts = [*files, (settings.certificate_passphrase or "").encode()]
        return b"certificate\0" + b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    if way in (ways.FEDERATED, ways.FEDERATED_FILE):
        return b"federated\0" + federated.text_of(settings).encode()
    return None


def _certificate(settings: Settings) -> Credential:
    try:
        from cryptography.hazmat.primitives import hashes, serialization
    except ImportError as error:
        raise BadInput("A certificate needs the Python library cryptography", hint="Install it, or sign in with client_secret") from error

    held = read_certificate(settings)
    sent = held.chain if settings.certificate_send_chain else (held.certificate,)
    # Never a thumbprint: MSAL takes it for SHA-1 and signs with RS256 (msal 1.39.0). Without one it signs with PS256 and x5t#S256.
    # It sends what is in public_certificate as x5c, by which an app may trust a name and an issuer in place of a certificate.
    for_msal = {
        "private_key": held.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        "public_certificate": b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in sent).decode(),
    }
    # The portal lists certificates by their SHA-1 thumbprint, in capitals.
    thumbprint = held.certificate.fingerprint(hashes.SHA1()).hex().upper()
    return Credential(
        for_msal=for_msal,
        shown=f"The certificate used here has thumbprint {thumbprint}, valid until {moments.spell(_end_of(held.certificate))}",
        secrets=tuple(filter(None, [settings.certificate_passphrase])),
    )


def _end_of(certificate: t.Any) -> datetime.datetime:
    """``not_valid_after_utc`` came with cryptography 42; before, the same moment was given without its zone."""
    aware = getattr(certificate, "not_valid_after_utc", None)
    return aware or certificate.not_valid_after.replace(tzinfo=datetime.timezone.utc)
