# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the app proves itself with, read from the files and put into the form MSAL takes."""

from __future__ import annotations

import datetime
import re
import typing as t
from dataclasses import dataclass, field

from . import moments
from .errors import BadInput
from .settings import Settings

PEM = b"-----BEGIN "
PEM_KEY = re.compile(rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)
PEM_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
# Both headers of an encrypted key hold the word: BEGIN ENCRYPTED PRIVATE KEY, and Proc-Type: 4,ENCRYPTED.
ENCRYPTED = b"ENCRYPTED"
# Every PFX holds the object identifier of PKCS #7 data, 1.2.840.113549.1.7.1.
PFX_MARK = bytes.fromhex("06092a864886f70d010701")


@dataclass(frozen=True)
class Credential:
    """``for_msal`` is secret; ``shown`` names the certificate as the portal does, or is empty."""

    for_msal: t.Any = field(repr=False)
    shown: str = ""


def credential_of(settings: Settings) -> Credential:
    """What MSAL takes as ``client_credential``.

    :raises BadInput: a file cannot be used; says which, why and the mend
    """
    if settings.client_secret:
        return Credential(for_msal=settings.client_secret)
    if not settings.certificate_path:
        raise BadInput("There is neither a secret nor a certificate to sign in with", hint="Give client_secret or certificate_path")
    try:
        from cryptography.hazmat.primitives import hashes, serialization
    except ImportError as error:
        raise BadInput("A certificate needs the Python library cryptography", hint="Install it, or sign in with client_secret") from error

    key, certificate = _key_and_certificate(settings)
    # Never a thumbprint: MSAL takes it for SHA-1 and signs with RS256 (msal 1.39.0). Without one it signs with PS256 and x5t#S256.
    for_msal = {
        "private_key": key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        "public_certificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
    }
    # The portal lists certificates by their SHA-1 thumbprint, in capitals.
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex().upper()
    return Credential(for_msal=for_msal, shown=f"thumbprint {thumbprint}, valid until {moments.spell(_end_of(certificate))}")


def material_of(settings: Settings) -> bytes:
    """The secret bytes that stand for this credential: two that differ in one bit are strangers to each other.

    :raises BadInput: a file cannot be read
    """
    if settings.client_secret:
        return b"secret\0" + settings.client_secret.encode()
    files = [_read(settings, name) for name in ("certificate_path", "certificate_key_path") if getattr(settings, name)]
    parts = [*files, (settings.certificate_passphrase or "").encode()]
    return b"certificate\0" + b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _read(settings: Settings, name: str) -> bytes:
    path = getattr(settings, name)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise BadInput(f"{name} {path} cannot be read: {error.strerror}", hint="Check the path and its permissions where the task runs") from error


def _key_and_certificate(settings: Settings) -> tuple[t.Any, t.Any]:
    content = _read(settings, "certificate_path")
    if PEM in content:
        return _from_pem(settings, content)
    if settings.certificate_key_path:
        raise BadInput(
            f"certificate_key_path is given, but {settings.certificate_path} is not a PEM file",
            hint="A PFX holds its key itself: leave certificate_key_path out, or give the certificate as PEM",
        )
    return _from_pfx(settings, content)


def _from_pem(settings: Settings, content: bytes) -> tuple[t.Any, t.Any]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    key_name = "certificate_key_path" if settings.certificate_key_path else "certificate_path"
    key_path = getattr(settings, key_name)
    block = PEM_KEY.search(_read(settings, key_name))
    if block is None:
        raise BadInput(
            f"{key_name} {key_path} holds no private key",
            hint="Put the key into the same file as the certificate, or give its own file as certificate_key_path",
        )
    if PEM_CERTIFICATE not in content:
        raise BadInput(
            f"certificate_path {settings.certificate_path} holds no certificate",
            hint="Put certificate and key into one PEM file, or give the certificate here and the key as certificate_key_path",
        )
    key = _private_key(block.group(), key_path, settings.certificate_passphrase)
    try:
        certificates = x509.load_pem_x509_certificates(content)
        # A file may hold the whole chain, in any order.
        mine = [certificate for certificate in certificates if _public(certificate) == _public(key)]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(f"The certificate in {settings.certificate_path} cannot be read", hint="The file is damaged; export it again") from error
    if not mine:
        raise BadInput(
            f"Certificate and key do not belong together: {settings.certificate_path}, {key_path}",
            hint="Give the key that the certificate was made for",
        )
    return key, mine[0]


def _private_key(block: bytes, path: str, passphrase: str | None) -> t.Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    is_encrypted = ENCRYPTED in block
    if is_encrypted and not passphrase:
        raise BadInput(f"The key in {path} is encrypted", hint="Give certificate_passphrase")
    try:
        key = load_pem_private_key(block, passphrase.encode() if is_encrypted and passphrase else None)
    except (ValueError, UnsupportedAlgorithm) as error:
        hint = "certificate_passphrase is wrong, or the file is damaged" if is_encrypted else "The file is damaged, or its format is not known here"
        raise BadInput(f"The key in {path} cannot be opened", hint=hint) from error
    return _rsa(key, path)


def _public(holder: t.Any) -> bytes:
    """The public half of a key or of a certificate, as bytes that can be compared."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _from_pfx(settings: Settings, content: bytes) -> tuple[t.Any, t.Any]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    if PFX_MARK not in content:
        raise BadInput(
            f"certificate_path {settings.certificate_path} is neither PEM nor PFX",
            hint="Give a PEM file with certificate and key, or a PFX (PKCS #12) file; a bare .cer or .der holds no key",
        )
    password = settings.certificate_passphrase.encode() if settings.certificate_passphrase else None
    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(content, password)
    except ValueError as error:
        hint = "certificate_passphrase is wrong, or the file is damaged" if password else "Give certificate_passphrase; the file seems to be protected"
        raise BadInput(f"{settings.certificate_path} cannot be opened", hint=hint) from error
    if key is None or certificate is None:
        raise BadInput(f"{settings.certificate_path} does not hold both a certificate and its key", hint="Export it again, with the private key")
    return _rsa(key, settings.certificate_path or ""), certificate


def _rsa(key: t.Any, path: str) -> t.Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, RSAPrivateKey):
        return key
    # certificate-credentials.md: the assertion is signed with PS256 or RS256, both RSA.
    raise BadInput(f"The key in {path} is not an RSA key", hint="Entra ID takes RSA certificates only; make one of 2048 bits or more")


def _end_of(certificate: t.Any) -> datetime.datetime:
    """``not_valid_after_utc`` came with cryptography 42; before, the same moment was given without its zone."""
    aware = getattr(certificate, "not_valid_after_utc", None)
    return aware or certificate.not_valid_after.replace(tzinfo=datetime.timezone.utc)
